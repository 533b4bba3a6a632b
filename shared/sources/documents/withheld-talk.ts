import type { Item, RejectedLine } from '../importer.ts';

const NOTHING = new Uint8Array(0);

/**
 * A rejected line of talk that employees may have among themselves, where it isn't sure that it may be kept: its reason
 * and its length stay, and not a word of it (R7).
 */
export function withheld(rejected: RejectedLine): RejectedLine {
  return { ...rejected, original: NOTHING, withheld: true };
}

/**
 * Items of such talk. A line that can't be taken is kept for correction only where `guestTakesPart` is sure of it; of one
 * that doesn't even tell who takes part nothing is.
 */
export async function* withholdTalk(
  items: AsyncIterable<Item>,
  guestTakesPart: (original: Uint8Array) => boolean,
): AsyncGenerator<Item> {
  for await (const item of items) {
    yield item.kind === 'rejected' && !guestTakesPart(item.original) ? withheld(item) : item;
  }
}
