import { describe, expect, it } from '@jest/globals';
import { custodyEventSchema, faultInChain } from '../../../shared/domain/custody-event.ts';
import { PRODUCT_REASONS } from '../../../shared/policy/product-reasons.ts';
import { bundledRuleSet } from '../../../shared/policy/rule-set.ts';
import { decisionOnAws } from '../../fakes/decision-on-aws.ts';
import { plainRow } from '../../fakes/in-memory-aws/plain-row.ts';
import { revokeDevice } from '../../fakes/revoke-device.ts';
import { RULE_CASES } from './rule-cases.ts';
import { NOON, officer } from './staff.ts';

const numbered = (letter: string, last: number) =>
  Array.from({ length: last }, (_, index) => `${letter}${index + 1}`);

/** Rules about reach, routes, red lines and the loop's duties that a policy states. */
const RULES = [...numbered('T', 18), ...numbered('A', 9), ...numbered('R', 14), 'E1', 'L1', 'L2', 'L5'];

/** L2 is a duty of the product and no policy: each attempt is recorded, allowed or refused. Its cases are acts, at the end. */
const NO_POLICY: readonly string[] = ['L2'];

const ruleOf = (policy: string) => policy.replace(/\..*$/, '');

describe('every rule of the rulebook', () => {
  const stated = new Set([...bundledRuleSet().notes.values()].map(({ rule }) => rule));

  for (const rule of RULES.filter((one) => !NO_POLICY.includes(one))) {
    it(`${rule} is stated by a policy, and has an allowed and a refused case by its name`, () => {
      const outcomes = RULE_CASES.filter(({ policy }) => ruleOf(policy) === rule).map(
        ({ outcome }) => outcome,
      );
      expect({ rule, stated: stated.has(rule) }).toEqual({ rule, stated: true });
      expect({ rule, outcomes: [...new Set(outcomes)].sort() }).toEqual({
        rule,
        outcomes: ['allow', 'deny'],
      });
    });
  }

  describe('L2, as a function of the API keeps it over its tables:', () => {
    const device = expect.stringMatching(/^[A-Za-z0-9_-]{16,}$/);
    /** The custody events of decisions, of whatever chain, in the order in which they were written. */
    const eventsOf = ({ tables }: Awaited<ReturnType<typeof decisionOnAws>>) =>
      tables
        .rows('events')
        .map((row) => custodyEventSchema.parse(plainRow(row)))
        .filter(({ type }) => type !== 'rule-set-published');

    it('each refused attempt is one event, of who, when, how often, which scope, which device, and the rules', async () => {
      const world = await decisionOnAws();
      const of = { requestDigest: `sha256:${'0'.repeat(64)}` };
      for (let attempt = 1; attempt <= 2; attempt += 1) {
        expect(await world.decide(officer, 'approve', of)).toMatchObject({ status: 403 });
        const events = eventsOf(world);
        expect(events).toHaveLength(attempt);
        expect(faultInChain(events)).toBeNull();
        expect(events.at(-1)).toMatchObject({
          type: 'attempt-refused',
          subject: `attempts/${world.grant.requestId}`,
          actor: officer.personId,
          at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
          data: {
            route: 'POST /requests/{id}/decisions',
            decision: 'approve',
            rules: ['A6', 'A7'],
            ...{ device, conversations: 1, records: 12, guests: 1 },
          },
        });
      }
      expect(Object.values(PRODUCT_REASONS).map(({ rule }) => rule)).toContain('L2');
    });

    it('so is one that counts as a misoperation, in the transaction that counts it', async () => {
      const world = await decisionOnAws((operation, aws) => {
        if (operation === 'dynamodb.TransactWriteItems')
          revokeDevice(aws, officer.personId, world.deviceOf(officer).credentialId);
      });
      expect(await world.decide(officer, 'approve')).toMatchObject({ status: 403 });
      expect(eventsOf(world)).toMatchObject([
        { type: 'attempt-refused', actor: officer.personId, data: { rules: ['R5'], inARow: 1, device } },
      ]);
    });

    it('each allowed act is one event, in the transaction of the act', async () => {
      const world = await decisionOnAws();
      expect(await world.decide(officer, 'approve')).toMatchObject({ status: 200 });
      expect(eventsOf(world)).toMatchObject([
        {
          type: 'request-approved',
          subject: `request/${world.grant.requestId}`,
          actor: officer.personId,
          at: NOON.toISOString(),
          data: { role: 'privacy-officer', requestDigest: world.grant.requestDigest, device },
        },
      ]);
      expect(world.process.calls['dynamodb.TransactWriteItems']).toBe(1);
      expect(world.process.calls['dynamodb.PutItem']).toBeUndefined();
    });

    it('no act is done whose event can not be written', async () => {
      const world = await decisionOnAws((operation, { tables }) => {
        // Somebody else's event stands where this one would.
        if (operation !== 'dynamodb.TransactWriteItems') return;
        const sk = String(world.grant.chain.sequence + 1).padStart(10, '0');
        const Item = { pk: { S: `request/${world.grant.requestId}` }, sk: { S: sk } };
        tables.call('PutItem', { TableName: 'events', Item });
      });
      expect((await world.decide(officer, 'approve')).status).not.toBe(200);
      expect(JSON.stringify(world.tables.rows('grants'))).not.toContain('reasonCommitment');
    });
  });
});
