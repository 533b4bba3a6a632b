/** Hex digits of a record id that say which message it is; the others say which version of it (docs/formats/block.md). */
const MESSAGE_DIGITS = 16;

/** The message that a record is a version of: two records of one message are conflicting versions of it. */
export function messageOf(recordId: string): string {
  return recordId.slice(0, MESSAGE_DIGITS);
}

/** Messages of which these records have more than one version: the ids of each, all sorted. */
export function conflictsAmong(recordIds: Iterable<string>): string[][] {
  return [...Map.groupBy([...new Set(recordIds)].sort(), messageOf).values()].filter(
    (versions) => versions.length > 1,
  );
}
