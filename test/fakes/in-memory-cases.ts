import { type Case, everyGuestOfCase, isOfKind } from '../../shared/domain/case.ts';
import { referenceKey } from '../../shared/domain/reference.ts';
import type { CaseStore, FiledCase } from '../../shared/ports/cases.ts';
import type { EventDraft } from '../../shared/ports/grant-store.ts';

/** Cases in memory. `rows` is the table itself, by kind and number; `events` what was recorded of each change. */
export function inMemoryCases(...listed: Case[]): CaseStore & {
  rows: Map<string, FiledCase>;
  events: EventDraft[];
} {
  const keyOf = ({ kind, reference }: Pick<Case, 'kind' | 'reference'>) =>
    `${kind} ${referenceKey(reference)}`;
  const rows = new Map<string, FiledCase>(listed.map((filed) => [keyOf(filed), { filed, version: 1 }]));
  const events: EventDraft[] = [];
  const all = () => [...rows.values()].map(({ filed }) => filed);
  return {
    rows,
    events,
    async read(kind, reference) {
      const filed = rows.get(keyOf({ kind, reference }))?.filed;
      return filed !== undefined && isOfKind(filed, kind) ? filed : null;
    },
    async ofGuests(guestIds) {
      return all().filter((filed) => everyGuestOfCase(filed).some((guestId) => guestIds.includes(guestId)));
    },
    async transfersTo(personId) {
      return all()
        .filter((filed) => isOfKind(filed, 'transfer'))
        .filter(({ recipient }) => recipient === personId);
    },
    async filed(kind, reference) {
      return rows.get(keyOf({ kind, reference })) ?? null;
    },
    async list(kind) {
      return all()
        .filter((filed) => filed.kind === kind)
        .sort((a, b) => (a.reference < b.reference ? -1 : 1));
    },
    async file(next, prior, event) {
      const there = rows.get(keyOf(next));
      if ((there?.version ?? 0) !== (prior?.version ?? 0)) return 'stale';
      rows.set(keyOf(next), { filed: next, version: (prior?.version ?? 0) + 1 });
      events.push(event);
      return 'filed';
    },
  };
}
