import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from '@jest/globals';
import { custodyLog } from '../../../shared/aws/custody-log.ts';
import { emergencyCounts } from '../../../shared/aws/emergency-counts.ts';
import { grantStore } from '../../../shared/aws/grant-store.ts';
import { requestKey } from '../../../shared/aws/request-key.ts';
import type { AccessGrant } from '../../../shared/domain/access-grant.ts';
import type { EmergencyUse } from '../../../shared/ports/emergency-counts.ts';
import { WAITING } from '../../fakes/broken-glass.ts';
import { inMemoryAws } from '../../fakes/in-memory-aws/in-memory-aws.ts';
import { checked, NOON, officer, REGION } from '../policy/staff.ts';

const LIMIT = REGION.rules.emergenciesPerMonth;
const MONTH = '2026-06';

/** The grants table with break-glass that waits, of one requester. */
function table() {
  const { dynamo } = inMemoryAws().aProcess();
  const store = grantStore('grants', dynamo, custodyLog('events', dynamo));
  const counts = emergencyCounts('grants', dynamo);
  async function waiting(number: number): Promise<AccessGrant> {
    const grant = checked({ ...WAITING, requestId: `req_${number}` });
    await dynamo.send(
      new PutCommand({ TableName: 'grants', Item: { ...requestKey(grant.requestId), ...grant } }),
    );
    return grant;
  }
  /** One approver opens it: true where the month had room. */
  async function opens(grant: AccessGrant, months = [MONTH], person = officer.personId): Promise<boolean> {
    const use: EmergencyUse = { person, part: 'opened', months, limit: LIMIT };
    const event = { at: NOON, actor: person, data: {} };
    return (await store.breakGlass(grant, 'break', {}, event, use)).outcome === 'moved';
  }
  return { store, counts, waiting, opens };
}

describe('break-glass that one approver opens in a month', () => {
  it('is never more than allowed, also where one is on record and more are opened at one time', async () => {
    const { waiting, opens, counts } = table();
    expect(await opens(await waiting(0))).toBe(true);
    const grants = await Promise.all([1, 2, 3, 4].map(waiting));
    const outcomes = await Promise.all(grants.map((grant) => opens(grant)));
    expect(outcomes.filter((opened) => opened)).toHaveLength(LIMIT - 1);
    expect(await counts.uses(officer.personId, 'opened', [MONTH], 'req_asked')).toBe(LIMIT);
  });

  it('counts for this approver, this month and what was opened alone', async () => {
    const { waiting, opens, counts } = table();
    for (let number = 0; number < LIMIT; number += 1) expect(await opens(await waiting(number))).toBe(true);
    expect(await opens(await waiting(90))).toBe(false);
    expect(await opens(await waiting(91), [MONTH, '2026-07'])).toBe(false);
    expect(await counts.uses(officer.personId, 'opened', ['2026-07'], 'req_asked')).toBe(0);
    expect(await counts.uses(officer.personId, 'asked', [MONTH], 'req_asked')).toBe(0);
    expect(await opens(await waiting(92), ['2026-07'])).toBe(true);
    expect(await opens(await waiting(93), [MONTH], 'p_director')).toBe(true);
  });

  it('is not counted where the request moved meanwhile', async () => {
    const { waiting, opens, counts, store } = table();
    const grant = await waiting(0);
    await store.move(grant, 'refuse', {}, { at: NOON, actor: 'p_director', data: {} });
    expect(await opens(grant)).toBe(false);
    expect(await counts.uses(officer.personId, 'opened', [MONTH], 'req_asked')).toBe(0);
  });
});
