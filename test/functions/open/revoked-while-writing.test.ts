import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from '@jest/globals';
import { decideOnOpening } from '../../../functions/open/decide-on-opening.ts';
import { openGrant } from '../../../functions/open/open-grant.ts';
import { custodyLog } from '../../../shared/aws/custody-log.ts';
import { deviceStore } from '../../../shared/aws/device-store.ts';
import { grantStore } from '../../../shared/aws/grant-store.ts';
import { requestKey } from '../../../shared/aws/request-key.ts';
import { deviceKey, stepUpStore } from '../../../shared/aws/step-up-store.ts';
import type { AccessGrant } from '../../../shared/domain/access-grant.ts';
import { approvedRetrieval, REQUEST_ID } from '../../fakes/approved-retrieval.ts';
import { inMemoryAws } from '../../fakes/in-memory-aws/in-memory-aws.ts';
import { revokeDevice } from '../../fakes/revoke-device.ts';
import { RULES } from '../../fakes/signing-person.ts';
import { lawyer } from '../../shared/policy/staff.ts';

/**
 * An open retrieval whose grants, devices and nonces are the tables' own, and an opening whose device somebody revokes
 * just before the transaction of this number is sent.
 */
async function openingOvertaken({ beforeTransaction }: { beforeTransaction: number }) {
  const world = await approvedRetrieval();
  const aws = inMemoryAws();
  const before = aws.aProcess();
  const put = (TableName: string, Item: object) => before.dynamo.send(new PutCommand({ TableName, Item }));
  const open: AccessGrant = {
    ...(await world.row()),
    state: 'open',
    provisionedAt: world.clock().toISOString(),
    windowEnds: new Date(world.clock().getTime() + 3_600_000).toISOString(),
    staged: { key: `staged/${REQUEST_ID}`, digest: 'd', records: 5, conversations: 1, bytes: 100 },
  };
  await put('grants', { ...requestKey(REQUEST_ID), ...open });
  const act = { action: 'open', subject: REQUEST_ID, role: null, reason: null } as const;
  const by = { person: lawyer.personId, now: world.clock(), digest: open.requestDigest ?? '' };
  const stepUp = world.signing.sign({ ...act, ...by });
  const device = world.signing.deviceOf(lawyer.personId);
  await put('directory', { ...deviceKey(lawyer.personId, device.credentialId), ...device });
  for (const challenge of world.signing.challenges.values()) {
    await stepUpStore('directory', before.dynamo).issue(challenge);
  }

  let transactions = 0;
  const { dynamo } = aws.aProcess(undefined, (operation) => {
    if (operation !== 'dynamodb.TransactWriteItems') return false;
    transactions += 1;
    if (transactions === beforeTransaction) revokeDevice(aws, lawyer.personId, device.credentialId);
    return false;
  });
  const custody = custodyLog('events', dynamo);
  const grants = grantStore('grants', dynamo, custody, 'directory');
  const links: string[] = [];
  const answer = await openGrant(
    { requestId: REQUEST_ID, actor: lawyer, key: 'key-1', stepUp },
    {
      clock: world.clock,
      limits: { linkSeconds: 300, copyMinutes: 10 },
      grants,
      delivery: world.delivery,
      renderer: {
        async render({ requestId, openingId }) {
          const opening = await grants.opening(requestId, openingId);
          if (opening === null) throw new Error('There is no such opening');
          await grants.rendered(opening, { copyKey: `copies/${openingId}`, copyDigest: 'sha256:copy' });
        },
        renderLater: async () => undefined,
      },
      links: {
        async sign({ key }) {
          links.push(key);
          return `https://delivery.example/${key}`;
        },
      },
      decide: (row, actor, now, outcome) => decideOnOpening(row, actor, now, outcome, world),
      stepUps: {
        store: stepUpStore('directory', dynamo),
        devices: deviceStore('directory', dynamo, custody),
        evidence: world.evidence,
        rules: RULES,
      },
      counted: () => undefined,
    },
  );
  const row = await grants.read(REQUEST_ID);
  const openings = await grants.openings(REQUEST_ID);
  const events = (await grants.events(REQUEST_ID)).map(({ type }) => type);
  return { answer, links, opened: row?.opened, openings, events, transactions };
}

const REVOKED = {
  status: 403,
  body: { verdict: { outcome: 'deny', rules: ['R5'], reasons: ['device-revoked'] } },
};

describe('an opening whose device is revoked between a check and its write', () => {
  it('is counted, with its link, where nobody revokes it', async () => {
    const { answer, links, opened, events } = await openingOvertaken({ beforeTransaction: 0 });
    expect(answer.status).toBe(200);
    expect({ links: links.length, opened, events }).toEqual({
      links: 1,
      opened: 1,
      events: ['grant-opened'],
    });
  });

  it('is refused before anything is prepared: the opening is written while its device is enrolled (A6)', async () => {
    const { answer, links, opened, openings } = await openingOvertaken({ beforeTransaction: 1 });
    expect(answer).toMatchObject(REVOKED);
    expect({ links, opened, openings }).toEqual({ links: [], opened: 0, openings: [] });
  });

  it('is refused once its copy is there: it is counted while its device is enrolled (A6)', async () => {
    const { answer, links, opened, openings, events } = await openingOvertaken({ beforeTransaction: 2 });
    expect(answer).toMatchObject(REVOKED);
    expect({ links, opened, events }).toEqual({ links: [], opened: 0, events: [] });
    expect(openings).toMatchObject([{ state: 'deleted', number: null }]);
  });
});
