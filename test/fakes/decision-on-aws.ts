import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { decisionApi } from '../../functions/approve/decision-api.ts';
import { custodyLog } from '../../shared/aws/custody-log.ts';
import { directoryRows } from '../../shared/aws/directory-rows.ts';
import { objectStore } from '../../shared/aws/object-store.ts';
import { requestKey } from '../../shared/aws/request-key.ts';
import { requestKeys } from '../../shared/aws/request-keys.ts';
import { publishRuleSet } from '../../shared/aws/rule-sets.ts';
import { deviceKey, stepUpStore } from '../../shared/aws/step-up-store.ts';
import type { AccessGrant } from '../../shared/domain/access-grant.ts';
import { decidingRole } from '../../shared/domain/deciding-role.ts';
import type { Person } from '../../shared/domain/person.ts';
import { requestDigest } from '../../shared/domain/request-digest.ts';
import { bundledRuleSet } from '../../shared/policy/rule-set.ts';
import { checked, director, lawyer, NOON, officer } from '../shared/policy/staff.ts';
import { apiEvent, CONTEXT } from '../shared/runtime/api-event.ts';
import { type InMemoryAws, inMemoryAws } from './in-memory-aws/in-memory-aws.ts';
import { inMemoryStepUps } from './in-memory-step-ups.ts';
import { RULES } from './signing-person.ts';

const ISSUER = 'https://issuer.example';
const ENVIRONMENT = {
  DUALKEY_REGION: 'cn-north-1',
  KEYS_TABLE: 'keys',
  CASES_TABLE: 'cases',
  DIRECTORY_TABLE: 'directory',
  GRANTS_TABLE: 'grants',
  EVENTS_TABLE: 'events',
  EVIDENCE_BUCKET: 'evidence',
  GRANT_KEY: 'grant-key',
  RP_ID: RULES.relyingParty.rpId,
  RP_ORIGINS: RULES.relyingParty.origins.join(' '),
  SOFTWARE_DEVICES: 'allowed',
  CLOCK: 'injectable',
} as const;

/**
 * The function `approve` over the AWS in memory, through the real clients: a request of legal that awaits its two roles,
 * people with devices, the rule set in force. Counts the calls that each decision makes. `meanwhile` is what somebody else
 * does just before one of them.
 */
export async function decisionOnAws(
  meanwhile: (operation: string, world: InMemoryAws) => void = () => undefined,
) {
  const aws = inMemoryAws();
  const before = aws.aProcess();
  const steps = inMemoryStepUps();
  const { digest, document } = bundledRuleSet('cn-north-1');
  const custody = custodyLog('events', before.dynamo);
  await publishRuleSet({ digest, document }, NOON, {
    casesTable: 'cases',
    dynamo: before.dynamo,
    evidence: objectStore('evidence', before.s3),
    custody,
  });
  const put = (TableName: string, Item: object) => before.dynamo.send(new PutCommand({ TableName, Item }));
  for (const person of [lawyer, officer, director]) {
    const login = { issuer: ISSUER, subject: person.personId };
    for (const row of directoryRows(person, { login, superiors: [] })) {
      await put('directory', row);
    }
  }
  const waiting = checked({ ruleSet: digest });
  const grant: AccessGrant = { ...waiting, requestDigest: requestDigest(waiting) };
  await put('grants', { ...requestKey(grant.requestId), ...grant });
  await requestKeys('keys', before.dynamo, before.kms, ENVIRONMENT.GRANT_KEY).create(
    'evidence',
    grant.requestId,
  );
  const process = aws.aProcess(undefined, (operation) => {
    meanwhile(operation, aws);
    return false;
  });
  const handler = decisionApi(ENVIRONMENT, process);

  return {
    grant,
    process,
    tables: aws.tables,
    deviceOf: ({ personId }: Person) => steps.deviceOf(personId),
    /** One decision through the API, with the calls of AWS that it made. */
    async decide(person: Person, decision: 'approve' | 'deny', changes: object = {}) {
      const reason = '理由充分';
      const stepUp = steps.sign({
        action: decision,
        subject: grant.requestId,
        digest: grant.requestDigest ?? '',
        role: decidingRole(grant, person, undefined, NOON),
        reason,
        person: person.personId,
        now: NOON,
      });
      const device = steps.deviceOf(person.personId);
      await put('directory', { ...deviceKey(person.personId, device.credentialId), ...device });
      const issued = [...steps.challenges.values()].find(({ nonce }) => nonce === stepUp.statement.nonce);
      if (issued !== undefined) await stepUpStore('directory', before.dynamo).issue(issued);

      const counted = { ...process.calls };
      const { statusCode = 0, body = '' } = await handler(
        apiEvent('POST /requests/{id}/decisions', {
          claims: { iss: ISSUER, sub: person.personId },
          path: { id: grant.requestId },
          body: JSON.stringify({
            decision,
            reason,
            requestDigest: grant.requestDigest,
            stepUp,
            asOf: NOON.toISOString(),
            ...changes,
          }),
        }),
        CONTEXT,
      );
      const calls = Object.entries(process.calls).flatMap(([operation, count]) => {
        const made = count - (counted[operation] ?? 0);
        return made === 0 ? [] : [[operation, made] as const];
      });
      const answer: unknown = JSON.parse(body);
      return { status: statusCode, answer, calls: Object.fromEntries(calls) };
    },
  };
}
