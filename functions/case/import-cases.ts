import { canonicalJson } from '../../shared/domain/canonical-json.ts';
import { broughtBy, type Case, caseSchema, inThePlaceOf } from '../../shared/domain/case.ts';
import { type CaseEntry, filedCase, parseCaseEntry } from '../../shared/domain/case-entry.ts';
import type { ChangeSet } from '../../shared/domain/change-set.ts';
import { digestOf } from '../../shared/domain/digest.ts';
import { newId } from '../../shared/domain/identifiers.ts';
import type { Person } from '../../shared/domain/person.ts';
import { referenceKey } from '../../shared/domain/reference.ts';
import type { Words } from '../../shared/domain/words.ts';
import { currentRuleSet } from '../../shared/facts/rule-sets-in-force.ts';
import { inParallel } from '../../shared/loop/in-parallel.ts';
import { type CaseGift, givesMore } from '../../shared/policy/case-gives-more.ts';
import { rolesThatMay } from '../../shared/policy/roles-that-may.ts';
import type { RuleSet } from '../../shared/policy/rule-set.ts';
import type { FiledCase } from '../../shared/ports/cases.ts';
import type { EventDraft } from '../../shared/ports/grant-store.ts';
import { done, type HttpResult, ok, refused } from '../../shared/runtime/http-result.ts';
import type { ImportBody } from './case-body.ts';
import { type CaseDependencies, decideEach, dutyFacts, type WaitingCase } from './case-dependencies.ts';
import { faulty } from './faulty-cases.ts';
import { resolveGuests } from './resolve-guests.ts';

export type ImportCall = { actor: Person; body: ImportBody; now: Date };

/** One case of the file: as it stands, as it is to be, and what that gives somebody. */
type Planned = { prior: FiledCase | null; next: Case; gives: CaseGift[] };

const AT_ONCE = 16;
const ATTEMPTS = 5;

/**
 * Takes cases on file, or brings those that are up to date: all of them or, where anything is wrong with one, none. What
 * gives somebody more waits for a second person; the rest is in force at once. The same again changes nothing.
 */
export async function importCases(
  { actor, body, now }: ImportCall,
  dependencies: CaseDependencies,
): Promise<HttpResult> {
  const { region, ruleSets, cases } = dependencies;
  const entries = readEntries(body.cases);
  if ('status' in entries) return entries;
  const unknown = await unknownPlaces(entries, dependencies);
  if (unknown !== null) return unknown;

  const ruleSet = await currentRuleSet(ruleSets);
  const priors = await inParallel(entries, AT_ONCE, ({ filed: { kind, reference } }) =>
    cases.filed(kind, reference),
  );
  const concerned = entries.map(({ filed }, position) => ({
    kind: filed.kind,
    hotels: [...filed.hotels, ...(priors[position]?.filed.hotels ?? [])],
  }));
  const refusal = decideEach(ruleSet, { actor, now }, 'keep-cases', concerned, region);
  if (refusal !== null) return refused(refusal);

  const guests = await resolveGuests(entries, now, dependencies);
  if ('status' in guests) return guests;
  const planned = entries.map((entry, position): Planned => {
    const prior = priors[position] ?? null;
    const filed = inThePlaceOf(
      filedCase(entry, guests[position] ?? [], actor.personId, now),
      prior?.filed ?? null,
    );
    const gives = givesMore(prior?.filed ?? null, filed);
    const brings = prior === null || gives.length > 0 ? [actor.personId] : [];
    return { prior, next: broughtBy(filed, [...(prior?.filed.broughtBy ?? []), ...brings]), gives };
  });
  const changed = planned.filter(({ prior, next }) => prior === null || !isSame(prior.filed, next));
  const waiting = changed.filter(({ gives }) => gives.length > 0);
  const change = waiting.length === 0 ? null : await propose(waiting, ruleSet, { actor, now }, dependencies);
  const atOnce = changed.filter(({ gives }) => gives.length === 0);
  const outcomes = await inParallel(atOnce, AT_ONCE, (plan) => file(plan, { actor, now }, dependencies));
  const answered = changed.length === 0 ? ok : done;
  return answered({
    filed: outcomes.filter((outcome) => outcome === 'filed').length,
    unchanged: planned.length - changed.length,
    /** Somebody else changed them at this moment: import again. */
    overtaken: outcomes.filter((outcome) => outcome === 'overtaken').length,
    waiting: waiting.length,
    changeId: change?.changeId ?? null,
    gives: change?.gives ?? [],
  });
}

function readEntries(raw: readonly unknown[]): CaseEntry[] | HttpResult {
  const read = raw.map(parseCaseEntry);
  const faults = read.flatMap((one, position) =>
    'faults' in one ? one.faults.map(({ path, message }) => ({ path: [position, ...path], message })) : [],
  );
  const entries = read.flatMap((one) => ('entry' in one ? [one.entry] : []));
  const seen = new Set<string>();
  for (const [position, { filed }] of entries.entries()) {
    const name = `${filed.kind} ${referenceKey(filed.reference)}`;
    if (faults.length === 0 && seen.has(name)) {
      faults.push({
        path: [position, 'reference'],
        message: { zh: '同一编号出现两次', en: 'the same number twice' },
      });
    }
    seen.add(name);
  }
  return faults.length === 0 ? entries : faulty(faults);
}

/** Hotels of another region or of none, and people whom the directory doesn't have. */
async function unknownPlaces(
  entries: readonly CaseEntry[],
  { region, directory }: CaseDependencies,
): Promise<HttpResult | null> {
  const faults: { path: (string | number)[]; message: Words }[] = [];
  const codes = region.hotels.map(({ code }) => code);
  const named = entries.flatMap(({ filed }, position) =>
    peopleOf(filed).map(([field, personId]) => ({ position, field, personId })),
  );
  const people = [...new Set(named.map(({ personId }) => personId))];
  const known = new Set(
    (await inParallel(people, AT_ONCE, (personId) => directory.byId(personId))).flatMap((person) =>
      person === null ? [] : [person.personId],
    ),
  );
  for (const [position, { filed }] of entries.entries()) {
    if (!filed.hotels.every((hotel) => codes.includes(hotel))) {
      faults.push({
        path: [position, 'hotels'],
        message: { zh: '未知的酒店,或不属于本区域', en: 'unknown hotel, or not of this region' },
      });
    }
  }
  for (const { position, field, personId } of named) {
    if (!known.has(personId)) {
      faults.push({
        path: [position, field],
        message: { zh: '人员目录中无此人(p_…)', en: 'the directory has nobody of this id (p_…)' },
      });
    }
  }
  return faults.length === 0 ? null : faulty(faults);
}

function peopleOf(filed: Case): [string, string][] {
  switch (filed.kind) {
    case 'ticket':
      return [
        ...(filed.assignee === null ? [] : [['assignee', filed.assignee] satisfies [string, string]]),
        ...(filed.handedOver === null
          ? []
          : [['handedOver', filed.handedOver.to] satisfies [string, string]]),
      ];
    case 'instrument':
      return filed.officers.map((officer) => ['officers', officer]);
    case 'agreement':
    case 'transfer':
      return [['recipient', filed.recipient]];
    default:
      return [];
  }
}

/** One change of all that waits; the same that waits already is that one. */
async function propose(
  waiting: readonly Planned[],
  ruleSet: RuleSet,
  who: { actor: Person; now: Date },
  { region, caseChanges }: CaseDependencies,
): Promise<ChangeSet> {
  const items = waiting.map(({ prior, next }): WaitingCase => ({ next, version: prior?.version ?? 0 }));
  const digest = digestOf(items.map(({ next, version }) => ({ next: contentOf(next), version })));
  const there = (await caseChanges.waiting()).find(
    (one) => one.state === 'proposed' && one.digest === digest && one.proposed.by === who.actor.personId,
  );
  if (there !== undefined) return there;
  const roles = waiting
    .map(({ next }) => rolesThatMay(ruleSet, dutyFacts(who, 'keep-cases', next, region)))
    .reduce((some, own) => some.filter((role) => own.includes(role)));
  const change: ChangeSet = {
    changeId: newId('chg', who.now),
    about: 'cases',
    state: 'proposed',
    hotels: [...new Set(waiting.flatMap(({ next }) => next.hotels))].sort(),
    gives: [...new Set(waiting.flatMap(({ gives }) => gives))].sort(),
    items: items.length,
    digest,
    proposed: { by: who.actor.personId, roles, at: who.now.toISOString() },
    settled: null,
  };
  await caseChanges.propose(change, items, {
    at: who.now,
    actor: who.actor.personId,
    data: { about: 'cases', gives: change.gives, items: items.length, digest, hotels: change.hotels },
  });
  return change;
}

/** Puts it in force; where another's change came first, looks whether it still gives nobody more. */
async function file(
  { prior, next }: Planned,
  { actor, now }: { actor: Person; now: Date },
  { cases }: CaseDependencies,
): Promise<'filed' | 'overtaken'> {
  let standing = prior;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    if (standing !== null && isSame(standing.filed, next)) return 'filed';
    if (givesMore(standing?.filed ?? null, next).length > 0) return 'overtaken';
    const event = caseEvent(standing, next, { at: now, actor: actor.personId, data: {} });
    if ((await cases.file(next, standing, event)) === 'filed') return 'filed';
    standing = await cases.filed(next.kind, next.reference);
  }
  return 'overtaken';
}

/** What a change of a case says in its event: codes, ids, counts; which fields, and never their words. */
export function caseEvent(prior: FiledCase | null, next: Case, draft: EventDraft): EventDraft {
  const before: Record<string, unknown> = prior === null ? {} : { ...contentOf(prior.filed) };
  const fields = Object.entries(contentOf(next))
    .filter(([field, value]) => canonicalJson(value) !== canonicalJson(before[field] ?? null))
    .map(([field]) => field);
  return {
    ...draft,
    data: {
      hotels: next.hotels,
      fields: fields.sort(),
      guests: 'guests' in next ? next.guests.length : 0,
      digest: digestOf(contentOf(next)),
      ...draft.data,
    },
  };
}

export function isSame(one: Case, other: Case): boolean {
  return canonicalJson(contentOf(one)) === canonicalJson(contentOf(other));
}

/** Without who filed it and when. */
function contentOf(filed: Case): Record<string, unknown> {
  const {
    recordedAt: _at,
    recordedBy: _by,
    broughtBy: _brought,
    formerly: _once,
    ...content
  } = caseSchema.parse(filed);
  return content;
}
