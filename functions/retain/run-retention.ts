import { isDue } from '../../shared/policy/retention-rules.ts';
import type { PeriodKeyState } from '../../shared/ports/key-disposal.ts';
import { settleHolds } from '../../shared/retention/settle-holds.ts';
import { disposePeriod } from './dispose-period.ts';
import { forgetGuests } from './forget-guests.ts';
import { countVisible, splitByHolds } from './held-blocks.ts';
import type { RetainDependencies } from './retain-dependencies.ts';

export type RetentionResult = {
  deletedBlocks: number;
  deletedRecords: number;
  heldRecords: number;
  certificates: string[];
  /** Due periods that this run had no time for; the next one takes them. */
  remaining: number;
};

/** Some due periods could not be deleted in full. What was done stands; the next run goes on where this one broke. */
export class RetentionIncompleteError extends AggregateError {
  override name = 'RetentionIncompleteError';
  readonly result: RetentionResult;
  constructor(errors: unknown[], result: RetentionResult) {
    super(errors, `${errors.length} due periods could not be deleted in full`);
    this.result = result;
  }
}

/**
 * Deletes every due period of the region's hotels (D1, D2, D10), keeps what is held (D3), certifies it (D4). With
 * `dryRun` it counts and changes nothing. One period that breaks doesn't stop the others.
 * Throws RetentionIncompleteError at the end.
 */
export async function runRetention(
  { responsible, dryRun }: { responsible: string; dryRun: boolean },
  dependencies: RetainDependencies,
): Promise<RetentionResult> {
  const result: RetentionResult = {
    deletedBlocks: 0,
    deletedRecords: 0,
    heldRecords: 0,
    certificates: [],
    remaining: 0,
  };
  if (!dryRun) await settleHolds(dependencies);
  const errors: unknown[] = [];
  const { due, unreadable } = await duePeriods(dependencies);
  for (const error of unreadable) {
    errors.push(error);
    dependencies.broke(error);
  }
  for (const period of due) {
    if (!dependencies.hasTime()) {
      result.remaining += 1;
      continue;
    }
    try {
      await take(period);
    } catch (error) {
      errors.push(error);
      dependencies.broke(error);
    }
  }
  if (!dryRun) await forgetGuests(dependencies);
  if (errors.length > 0) throw new RetentionIncompleteError(errors, result);
  return result;

  async function take(period: PeriodKeyState): Promise<void> {
    const nothing = dryRun || !(await hasWork(period, dependencies));
    if (nothing) {
      const [blocks, guestKeys] = [
        await dependencies.blocks.ofPeriod(period),
        await dependencies.keys.guestKeys(period),
      ];
      const { held, due } = splitByHolds(dryRun ? 'planned' : 'disabled', blocks, guestKeys);
      const going = countVisible(due);
      result.deletedBlocks += dryRun ? going.blocks : 0;
      result.deletedRecords += dryRun ? going.records : 0;
      result.heldRecords += countVisible(held).records;
      return;
    }
    const { certificateId, deleted, held } = await disposePeriod(period, responsible, dependencies);
    result.deletedBlocks += deleted.blocks;
    result.deletedRecords += deleted.records;
    result.heldRecords += held.records;
    result.certificates.push(certificateId);
  }
}

/**
 * Periods that are due and not gone: never deleted, begun, or with guests left under holds. Of which it can't be told when
 * they end, the errors: they keep no other from its deletion.
 */
async function duePeriods({
  region,
  keys,
  clock,
}: RetainDependencies): Promise<{ due: PeriodKeyState[]; unreadable: unknown[] }> {
  const now = clock();
  const unreadable: unknown[] = [];
  const periods = await Promise.all(
    region.hotels.map(async ({ code, zone }) =>
      (await keys.periods(code)).filter(({ period, state, kept }) => {
        if (state === 'shredded' && kept === 0) return false;
        try {
          return isDue(period, zone, now);
        } catch (error) {
          unreadable.push(error);
          return false;
        }
      }),
    ),
  );
  return { due: periods.flat().sort((a, b) => (a.period < b.period ? -1 : 1)), unreadable };
}

/** Of a period that is gone already there is work only where a hold on what outlived it was released. */
async function hasWork(period: PeriodKeyState, dependencies: RetainDependencies): Promise<boolean> {
  if (period.state !== 'shredded') return true;
  const guestKeys = await dependencies.keys.guestKeys(period);
  return guestKeys.length !== period.kept || guestKeys.some(({ holds }) => holds === 0);
}
