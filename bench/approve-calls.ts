import { decisionOnAws } from '../test/fakes/decision-on-aws.ts';
import { director, officer } from '../test/shared/policy/staff.ts';
import { type Measure, promised, reported } from './measure.ts';

const CALLS = 'approve-aws-calls';
const FIRST = 'approve-aws-calls-first-of-a-process';
export const names = [CALLS, FIRST];

const MOST_CALLS = 6;

/**
 * Calls of AWS on the way from `approve` to its answer, counted over the real clients: the highest of both roles' decisions. A
 * rule set that the process has never seen is loaded once, by its digest; that call is counted in the second measure.
 */
export async function measures(): Promise<Measure[]> {
  const world = await decisionOnAws();
  const decisions = [await world.decide(officer, 'approve'), await world.decide(director, 'approve')];
  const failed = decisions.find(({ status }) => status !== 200);
  if (failed !== undefined) throw new Error(`A decision was answered with ${failed.status}`);
  const totals = decisions.map(({ calls }) => {
    const loads = calls['s3.GetObject'] ?? 0;
    const all = Object.values(calls).reduce((sum, count) => sum + count, 0);
    return { all, warm: all - loads };
  });
  return [
    promised(CALLS, Math.max(...totals.map(({ warm }) => warm)), 'calls', {
      atMost: MOST_CALLS,
    }),
    reported(FIRST, totals[0]?.all ?? 0, 'calls'),
  ];
}
