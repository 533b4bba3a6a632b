import { describe, expect, it } from '@jest/globals';
import { caseStore } from '../../../shared/aws/case-store.ts';
import { custodyLog } from '../../../shared/aws/custody-log.ts';
import { inMemoryAws } from '../../fakes/in-memory-aws/in-memory-aws.ts';
import { aCase } from '../policy/sample-cases.ts';
import { NOON } from '../policy/staff.ts';

describe('a case on file', () => {
  it('is one case however its number is typed (T7): letters of either case, spaces around it', async () => {
    const { dynamo } = inMemoryAws().aProcess();
    const cases = caseStore('cases', dynamo, custodyLog('events', dynamo));
    const event = { at: NOON, actor: 'p_lawyer', data: {} };
    const matter = aCase('matter', { reference: 'M-Cl-1' });
    expect(await cases.file(matter, null, event)).toBe('filed');
    for (const typed of ['M-Cl-1', 'm-cl-1', 'M-CL-1', ' m-cl-1 ']) {
      expect(await cases.read('matter', typed)).toEqual(matter);
    }
    const typedOtherwise = { ...matter, reference: 'm-cl-1' };
    expect(await cases.file(typedOtherwise, null, event)).toBe('stale');
    expect(await cases.file(typedOtherwise, await cases.filed('matter', 'm-CL-1'), event)).toBe('filed');
    expect(await cases.list('matter')).toEqual([typedOtherwise]);
  });
});
