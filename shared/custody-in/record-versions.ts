import { messageOf } from '../domain/message-of.ts';

/** Of which messages of a segment more than one version is known. */
export type RecordVersions = { note(recordId: string): 'one' | 'several' };

/** Whether there is more than one version of any of these messages, of all that are noted. */
export function recordVersions(recordIds: Iterable<string>): RecordVersions {
  // A message has one version as a rule: a set for each would be most of what a segment takes.
  const first = new Map<string, string | null>();
  const several = new Set<string>();
  for (const recordId of recordIds) first.set(messageOf(recordId), null);
  return {
    note(recordId) {
      const message = messageOf(recordId);
      const known = first.get(message);
      if (known === null) first.set(message, recordId);
      else if (known !== undefined && known !== recordId) several.add(message);
      return several.has(message) ? 'several' : 'one';
    },
  };
}
