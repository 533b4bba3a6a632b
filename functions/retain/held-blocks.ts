import type { DisposableBlock } from '../../shared/ports/block-disposal.ts';
import type { GuestKeyState } from '../../shared/ports/key-disposal.ts';

export type BlockCounts = { blocks: number; records: number; media: number };

/**
 * What of a period stays, and what goes: a block stays with its guest's key. Before the keys were disabled (`planned`)
 * those stay on which a hold stands; after, those that are active still. Without a key, nothing opens a block.
 */
export function splitByHolds(
  when: 'planned' | 'disabled',
  blocks: readonly DisposableBlock[],
  guestKeys: readonly GuestKeyState[],
): { held: DisposableBlock[]; due: DisposableBlock[] } {
  const staying = new Set(
    guestKeys
      .filter(({ holds, state }) => state === 'active' && (when === 'disabled' || holds > 0))
      .map(({ guestId }) => guestId),
  );
  return {
    held: blocks.filter(({ guestId }) => staying.has(guestId)),
    due: blocks.filter(({ guestId }) => !staying.has(guestId)),
  };
}

/** Blocks and records that were visible: those of batches that were never committed were never anybody's records. */
export function countVisible(blocks: readonly DisposableBlock[]): BlockCounts {
  const seen = blocks.filter(({ visible }) => visible);
  return {
    blocks: seen.length,
    records: seen.reduce((sum, { row }) => sum + (row?.records ?? 0), 0),
    media: seen.reduce((sum, { row }) => sum + (row?.media?.length ?? 0), 0),
  };
}
