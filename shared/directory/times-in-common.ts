/** A time of something: a shift, a secondment. */
type Timed = { from: string; to: string };

/** What each of some times has in common with each of others of its kind; never more than either. */
export function timesInCommon<Item extends Timed>(
  before: readonly Item[],
  wanted: readonly Item[],
  isSameKind: (one: Item, other: Item) => boolean,
): Item[] {
  const found: Item[] = [];
  for (const one of wanted) {
    for (const other of before) {
      if (!isSameKind(one, other)) continue;
      const from = Date.parse(one.from) >= Date.parse(other.from) ? one.from : other.from;
      const to = Date.parse(one.to) <= Date.parse(other.to) ? one.to : other.to;
      if (Date.parse(from) < Date.parse(to)) found.push({ ...one, from, to });
    }
  }
  return found.filter(
    (one, at) =>
      !found.some(
        (other, place) =>
          place !== at &&
          isSameKind(one, other) &&
          isWithin(one, other) &&
          (place < at || !isWithin(other, one)),
      ),
  );
}

/** Whether all of each of these times lies within one of the others of its kind. */
export function areWithin<Item extends Timed>(
  wanted: readonly Item[],
  before: readonly Item[],
  isSameKind: (one: Item, other: Item) => boolean,
): boolean {
  return wanted.every((one) => before.some((other) => isSameKind(one, other) && isWithin(one, other)));
}

function isWithin(one: Timed, other: Timed): boolean {
  return Date.parse(other.from) <= Date.parse(one.from) && Date.parse(one.to) <= Date.parse(other.to);
}
