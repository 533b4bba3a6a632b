import type { BlockPlan, BlockWriter } from '../aws/block-writer.ts';
import { tupleKey } from '../domain/tuple-key.ts';
import { inParallel } from '../loop/in-parallel.ts';

const AT_ONCE = 12;

/** What became of each block; called as blocks are written, several at a time. */
export type BlockWritten = (plan: BlockPlan, outcome: Awaited<ReturnType<BlockWriter['write']>>) => void;

/** Writes a segment's blocks. `beforeEach` is called before each, to keep the lease. */
export async function writeBlocks(
  plans: readonly BlockPlan[],
  context: { blocks: BlockWriter; zone: string; beforeEach: () => Promise<void> },
  written: BlockWritten,
): Promise<void> {
  const { blocks, zone, beforeEach } = context;
  // The first block of each period alone: it makes or fetches the period's key, once, for all the others. Then one block
  // of a guest at a time, since each checks the rows of its guest.
  const firsts = new Map<string, BlockPlan>();
  const rest: BlockPlan[] = [];
  for (const plan of plans) {
    const period = tupleKey(plan.recordClass, plan.period);
    if (firsts.has(period)) rest.push(plan);
    else firsts.set(period, plan);
  }
  for (const plan of firsts.values()) await write(plan);
  const byGuest = Map.groupBy(rest, ({ guestId }) => guestId);
  await inParallel([...byGuest.values()], AT_ONCE, async (ofGuest) => {
    for (const plan of ofGuest) await write(plan);
  });

  async function write(plan: BlockPlan): Promise<void> {
    await beforeEach();
    written(plan, await blocks.write(plan, zone));
  }
}
