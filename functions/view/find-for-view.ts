import { searchIndexesOf } from '../../shared/crypto/blind-index.ts';
import { hotelDays } from '../../shared/domain/expiry-period.ts';
import { LIMITS } from '../../shared/domain/limits.ts';
import { CATEGORIES, type Category, type Identifier, SOURCES } from '../../shared/domain/record.ts';
import { type FoundBlock, findRecords, recordsAskedFor } from '../../shared/facts/find-records.ts';
import { scopeFacts } from '../../shared/facts/scope-facts.ts';
import type { Span, ViewFacts } from '../../shared/policy/facts.ts';
import type { BlockRow } from '../../shared/ports/records-index.ts';
import type { ViewDependencies } from './view-dependencies.ts';
import type { Looking } from './view-facts.ts';

/** What was found, with the persons whose it is. */
export type FoundForView = {
  blocks: FoundBlock[];
  guests: string[];
  /** The times that were looked through. */
  window: Span;
  /** Pushed messages of these guests that could not be sealed in time. */
  waiting: number;
  facts: NonNullable<ViewFacts['found']>;
};

const DAY_MS = 24 * 3_600_000;
const BEGINNING = new Date(0);

/**
 * Conversations with guests and what staff note of them. Not what is sensitive by its kind (R14), plans (R2), reports,
 * employees' own talk or system logs: nobody's routine view has those but the last, and that has nothing else.
 */
const OF_GUESTS: readonly Category[] = [
  'enquiry',
  'complaint',
  'dispute',
  'abnormal-ticket',
  'service-rating',
  'call-recording',
  'ai-service',
];

/** What the viewer looks at in this role: by blind indexes and block rows alone, nothing is decrypted. */
export async function findForView(
  looking: Looking,
  guest: Identifier | null,
  facts: ViewFacts,
  dependencies: ViewDependencies,
): Promise<FoundForView> {
  const { now, place } = looking;
  const window = windowOf(looking, facts, dependencies);
  const guests = await guestsOf(looking, guest, dependencies);
  const { left: waiting } = await dependencies.sealWaiting(looking.kind === 'shared' ? [] : guests);
  const asked = {
    hotels: [place.code],
    platforms: [...SOURCES],
    categories: [...(facts.kind === 'system' ? CATEGORIES.filter((one) => one === 'system') : OF_GUESTS)],
    from: window.from.toISOString(),
    to: window.to.toISOString(),
  };
  const blocks =
    facts.kind === 'system'
      ? recordsAskedFor(await blocksOfDays(looking, window, dependencies), asked)
      : await findRecords(dependencies.records, asked, guests);
  const within = inSharedView(looking, blocks);
  const { facts: scope } = await scopeFacts(
    within,
    { grant: asked, requester: looking.viewer, departments: [], broughtBy: [] },
    { ...dependencies, consentSources: dependencies.region.consentSources, now },
  );
  return {
    blocks: within,
    guests: [...new Set(within.map(({ block }) => block.guestId))].sort(),
    window,
    waiting,
    facts: { scope, span: spanOf(within) },
  };
}

/** Which times each role looks through. The rulebook decides on what was found, whatever was looked through (T1). */
function windowOf(
  { ticket, shared, now }: Looking,
  { role, kind, shift, businessDay }: ViewFacts,
  { region }: Pick<ViewDependencies, 'region'>,
): Span {
  if (shared !== null)
    return { from: new Date(shared.from ?? shared.at), to: new Date(shared.to ?? shared.at) };
  const ahead = new Date(now.getTime() + LIMITS.aheadHours * 3_600_000);
  if (kind === 'ticket' && ticket !== null) {
    // What the ticket is about was said before it was written.
    const from = new Date(new Date(ticket.recordedAt).getTime() - region.rules.ticketDays * DAY_MS);
    return { from: from < BEGINNING ? BEGINNING : from, to: ahead };
  }
  if (role === 'account-manager') return { from: BEGINNING, to: ahead };
  const from = shift !== null && shift.from < businessDay.from ? shift.from : businessDay.from;
  // Both ends of what is looked for are included, and the day ends right before its end.
  const end = shift !== null && shift.to > businessDay.to ? shift.to : businessDay.to;
  return { from, to: new Date(end.getTime() - 1) };
}

async function guestsOf(
  { place, kind, ticket, shared }: Looking,
  guest: Identifier | null,
  { indexKey, records }: ViewDependencies,
): Promise<string[]> {
  if (shared !== null) return shared.guests;
  const [named, onTicket] = await Promise.all([
    guest === null ? null : guestsNamed(guest),
    ticket === null ? null : Promise.all(ticket.guests.map((guestId) => records.members(guestId))),
  ]);
  if (kind !== 'ticket') return named ?? [];
  const those = [...new Set((onTicket ?? []).flat())].sort();
  return named === null ? those : those.filter((guestId) => named.includes(guestId));

  async function guestsNamed(identifier: Identifier): Promise<string[]> {
    const key = await indexKey.forSearch();
    if (key === null) return [];
    return records.guestsOf(searchIndexesOf(key, identifier, { hotel: place.code, country: place.country }));
  }
}

async function blocksOfDays(
  { place }: Looking,
  { from, to }: Span,
  { records }: Pick<ViewDependencies, 'records'>,
): Promise<BlockRow[]> {
  const found = await Promise.all(
    hotelDays(from, to, place.zone).map((day) => records.blocksOfDay(place.code, day)),
  );
  return [...new Map(found.flat().map((block) => [block.blockId, block])).values()];
}

/** A trainee sees what the mentor was shown, and nothing that came since. */
function inSharedView({ shared }: Looking, blocks: FoundBlock[]): FoundBlock[] {
  if (shared === null) return blocks;
  return blocks
    .map(({ block, entries }) => ({
      block,
      entries: entries.filter(({ recordId }) => shared.recordIds.includes(recordId)),
    }))
    .filter(({ entries }) => entries.length > 0);
}

function spanOf(blocks: readonly FoundBlock[]): Span | null {
  const times = blocks.flatMap(({ entries }) => entries.map(({ at }) => at.getTime()));
  if (times.length === 0) return null;
  return {
    from: new Date(times.reduce((a, b) => Math.min(a, b))),
    to: new Date(times.reduce((a, b) => Math.max(a, b))),
  };
}
