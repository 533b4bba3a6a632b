import { type Conduct, lockOf, newConduct } from '../../shared/domain/conduct.ts';
import type { CustodyEventType } from '../../shared/domain/custody-event.ts';
import type { ConductStore } from '../../shared/ports/conduct.ts';
import type { EventDraft } from '../../shared/ports/grant-store.ts';

/** Rows of conduct in memory, with the condition of the real ones, and every event in its order. */
export function inMemoryConduct(): ConductStore & {
  rows: Map<string, Conduct>;
  events: { type: CustodyEventType; event: EventDraft }[];
  lockOf(personId: string): ReturnType<typeof lockOf>;
} {
  const rows = new Map<string, Conduct>();
  const events: { type: CustodyEventType; event: EventDraft }[] = [];
  const read = (personId: string) => rows.get(personId) ?? newConduct(personId);
  return {
    rows,
    events,
    lockOf: (personId) => lockOf(read(personId)),
    async read(personId) {
      return structuredClone(read(personId));
    },
    async change(from, to, added, { attempt } = {}) {
      if (read(from.personId).version !== from.version) return 'stale';
      rows.set(from.personId, structuredClone({ ...to, version: from.version + 1 }));
      if (attempt !== undefined) events.push({ type: 'attempt-refused', event: attempt.event });
      events.push(...added);
      return 'changed';
    },
    async note({ event }) {
      events.push({ type: 'attempt-refused', event });
    },
  };
}
