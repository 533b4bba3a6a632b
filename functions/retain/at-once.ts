const AT_ONCE = 8;

/** Does something with each item, a few at a time; the first that breaks ends it. */
export async function eachAtOnce<Item>(
  items: readonly Item[],
  act: (item: Item) => Promise<unknown>,
): Promise<void> {
  for (let at = 0; at < items.length; at += AT_ONCE) {
    await Promise.all(items.slice(at, at + AT_ONCE).map(act));
  }
}
