import { describe, expect, it } from '@jest/globals';
import { decisionOnAws } from '../../fakes/decision-on-aws.ts';
import { director, officer } from '../../shared/policy/staff.ts';

const MOST_CALLS = 6;
const total = (calls: Record<string, number>) => Object.values(calls).reduce((sum, count) => sum + count, 0);

describe('approve', () => {
  it('makes at most six calls of AWS on the way to its answer, beside the first load of a rule set', async () => {
    const world = await decisionOnAws();
    const first = await world.decide(officer, 'approve');
    expect(first).toMatchObject({ status: 200, answer: { state: 'awaiting-approval' } });
    const { 's3.GetObject': ruleSets, ...others } = first.calls;
    expect({ ruleSets, most: total(others) <= MOST_CALLS }).toEqual({ ruleSets: 1, most: true });

    const second = await world.decide(director, 'approve');
    expect(second).toMatchObject({ status: 200, answer: { state: 'provisioning' } });
    expect(second.calls).toEqual({
      'dynamodb.GetItem': 1,
      'dynamodb.BatchGetItem': 2,
      'kms.Decrypt': 1,
      's3.PutObject': 1,
      'dynamodb.TransactWriteItems': 1,
    });
  });

  it('denies with as many', async () => {
    const world = await decisionOnAws();
    const denied = await world.decide(officer, 'deny');
    expect(denied).toMatchObject({ status: 200, answer: { state: 'denied' } });
    const { 's3.GetObject': _, ...others } = denied.calls;
    expect(total(others)).toBeLessThanOrEqual(MOST_CALLS);
  });

  it('decides on what stands at each call: nothing that was read ahead serves another', async () => {
    const world = await decisionOnAws();
    expect(await world.decide(officer, 'deny')).toMatchObject({ status: 200 });
    expect(await world.decide(director, 'approve')).toMatchObject({
      status: 409,
      answer: { verdict: { reasons: expect.arrayContaining(['not-awaiting-approval']) } },
    });
  });

  it('refused without a signature reads no more than it needs', async () => {
    const world = await decisionOnAws();
    const refused = await world.decide(officer, 'approve', { stepUp: undefined });
    expect(refused).toMatchObject({ status: 403, answer: { verdict: { reasons: ['step-up-missing'] } } });
    expect(refused.calls['dynamodb.BatchGetItem']).toBe(2);
  });
});
