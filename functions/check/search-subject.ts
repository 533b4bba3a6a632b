import { searchIndexesOf, staffIndexOf } from '../../shared/crypto/blind-index.ts';
import { openText } from '../../shared/crypto/sealed-text.ts';
import type { AccessGrant } from '../../shared/domain/access-grant.ts';
import { hotelDays } from '../../shared/domain/expiry-period.ts';
import { LIMITS } from '../../shared/domain/limits.ts';
import type { Person } from '../../shared/domain/person.ts';
import { IDENTIFIER_KINDS, type IdentifierKind } from '../../shared/domain/record.ts';
import type { RegionConfig } from '../../shared/domain/region-config.ts';
import { type FoundBlock, findRecords, recordsAskedFor } from '../../shared/facts/find-records.ts';
import { evidenceKeyOf } from '../../shared/loop/evidence-key.ts';
import { requestTexts } from '../../shared/loop/request-texts.ts';
import type { Cases } from '../../shared/ports/cases.ts';
import type { Directory } from '../../shared/ports/directory.ts';
import type { IndexKey, RequestKeys } from '../../shared/ports/keys.ts';
import type { RecordsIndex } from '../../shared/ports/records-index.ts';
import type { SealWaiting } from '../../shared/ports/seal-waiting.ts';

export type SearchDependencies = {
  region: RegionConfig;
  directory: Directory;
  cases: Cases;
  keys: Pick<RequestKeys, 'read'>;
  indexKey: Pick<IndexKey, 'forSearch'>;
  records: RecordsIndex;
  sealWaiting: SealWaiting;
};

export type Found = {
  blocks: FoundBlock[];
  /** Staff who take part in what was found, by person id. */
  participants: string[];
  /** Departments with somebody in every conversation (T11). */
  departments: string[];
  /** Whoever brought the ticket on file that led to them (A1). */
  broughtBy: readonly string[];
  /** Pushed messages of these guests that could not be sealed in time: they are out of scope. */
  waiting: number;
  /** More than may be searched: what is here is not all of it. */
  tooMuch: boolean;
};

const NOTHING: Found = {
  blocks: [],
  participants: [],
  departments: [],
  broughtBy: [],
  waiting: 0,
  tooMuch: false,
};

/**
 * What a request asks for, by blind indexes and block rows alone: no block is decrypted. The subject is opened in
 * memory, and only to be indexed or looked up.
 */
export async function searchSubject(grant: AccessGrant, search: SearchDependencies): Promise<Found> {
  const key = await search.indexKey.forSearch();
  if (key === null) return NOTHING;
  const { subjectKind } = grant;
  if (subjectKind === 'cohort' || subjectKind === 'system') {
    const { blocks, tooMuch } = await searchDays(grant, search);
    // Nobody is looked for by a number: what was pushed and waits comes with the next block.
    return { ...(await withStaff(blocks, key, search.directory)), broughtBy: [], waiting: 0, tooMuch };
  }
  const { guests, broughtBy } = await guestsOfSubject(grant, key, search);
  const { left: waiting } = await search.sealWaiting(guests);
  const blocks = await findRecords(search.records, grant, guests);
  return { ...(await withStaff(blocks, key, search.directory)), broughtBy, waiting, tooMuch: false };
}

async function guestsOfSubject(
  grant: AccessGrant,
  key: Uint8Array,
  search: SearchDependencies,
): Promise<OfSubject> {
  const identifier = await subjectOf(grant, search.keys);
  if (identifier === null) return NOBODY;
  const places = search.region.hotels.filter(({ code }) => grant.hotels.includes(code));
  // Whoever typed a number didn't say who gave it: it is looked up with every issuer.
  const indexes = places.flatMap(({ code, country }) =>
    searchIndexesOf(key, identifier, { hotel: code, country }),
  );
  const [known, onFile] = await Promise.all([
    search.records.guestsOf([...new Set(indexes)]),
    identifier.kind === 'ticket' ? ofTicket(identifier.value, grant, search) : NOBODY,
  ]);
  return { ...onFile, guests: [...new Set([...known, ...onFile.guests])].sort() };
}

/** Guests by their ids, and whoever brought the ticket on file that names them. */
type OfSubject = { guests: string[]; broughtBy: readonly string[] };

const NOBODY: OfSubject = { guests: [], broughtBy: [] };

/** The guests of a ticket on file, at hotels that are asked for, under every id that stands for them. */
async function ofTicket(
  reference: string,
  { hotels }: AccessGrant,
  { cases, records }: SearchDependencies,
): Promise<OfSubject> {
  const ticket = await cases.read('ticket', reference.trim());
  if (ticket === null || !ticket.hotels.some((hotel) => hotels.includes(hotel))) return NOBODY;
  const members = await Promise.all(ticket.guests.map((guestId) => records.members(guestId)));
  return { guests: members.flat(), broughtBy: ticket.broughtBy };
}

/**
 * A cohort has no subject but its hotels, categories and times: whatever blocks lie on those days. Of the system subject, the
 * system's own records alone.
 */
async function searchDays(
  grant: AccessGrant,
  { region, records }: SearchDependencies,
): Promise<{ blocks: FoundBlock[]; tooMuch: boolean }> {
  const { from, to, hotels, subjectKind } = grant;
  if (from === null || to === null) return { blocks: [], tooMuch: false };
  const places = region.hotels.filter(({ code }) => hotels.includes(code));
  const [first, last] = [new Date(from), new Date(to)];
  if (first > last) return { blocks: [], tooMuch: false };
  const days = (last.getTime() - first.getTime()) / DAY_MS + 1;
  if (days * places.length > LIMITS.cohortDays) return { blocks: [], tooMuch: true };
  const categories =
    subjectKind === 'system'
      ? grant.categories.filter((category) => category === 'system')
      : grant.categories;
  const found = new Map<string, FoundBlock>();
  const guests = new Set<string>();
  let counted = 0;
  for (const { code, zone } of places) {
    for (const day of hotelDays(first, last, zone)) {
      // A block of several days lies on each of them.
      const rows = (await records.blocksOfDay(code, day)).filter(({ blockId }) => !found.has(blockId));
      for (const one of recordsAskedFor(rows, { ...grant, categories })) {
        found.set(one.block.blockId, one);
        guests.add(one.block.guestId);
        counted += one.entries.length;
      }
      if (counted > LIMITS.scopeRecords || guests.size > LIMITS.cohortGuests) {
        return { blocks: [...found.values()], tooMuch: true };
      }
    }
  }
  const rows = [...found.values()].map(({ block }) => block);
  return { blocks: recordsAskedFor(rows, { ...grant, categories }), tooMuch: false };
}

const DAY_MS = 24 * 60 * 60 * 1000;

async function subjectOf(
  { requestId, subject, subjectKind }: AccessGrant,
  keys: Pick<RequestKeys, 'read'>,
): Promise<{ kind: IdentifierKind; value: string } | null> {
  const kind = IDENTIFIER_KINDS.find((known) => known === subjectKind);
  if (kind === undefined || subject === null) return null;
  const key = await evidenceKeyOf(keys, requestId);
  return { kind, value: openText(key, requestTexts.subject(requestId), subject) };
}

/** Who takes part in what was found, and from which departments. */
async function withStaff(
  blocks: FoundBlock[],
  indexKey: Uint8Array,
  directory: Directory,
): Promise<Pick<Found, 'blocks' | 'participants' | 'departments'>> {
  const staff = new Set(blocks.flatMap(({ block }) => block.staff));
  const people = staff.size === 0 ? [] : await directory.withAccounts();
  const indexed = new Map<string, Person>();
  for (const person of people) {
    for (const account of person.accounts) {
      const index = staffIndexOf(indexKey, account);
      if (staff.has(index)) indexed.set(index, person);
    }
  }
  const participants = [...indexed.values()].map(({ personId }) => personId);
  return {
    blocks,
    participants: [...new Set(participants)].sort(),
    departments: departmentsInEach(blocks, indexed),
  };
}

function departmentsInEach(blocks: readonly FoundBlock[], people: ReadonlyMap<string, Person>): string[] {
  const conversations = new Map<string, Set<string>>();
  for (const { block } of blocks) {
    const departments = conversations.get(block.conversationId) ?? new Set();
    conversations.set(block.conversationId, departments);
    for (const index of block.staff) {
      const department = people.get(index)?.department;
      if (department !== undefined && department !== '') departments.add(department);
    }
  }
  const [first, ...others] = [...conversations.values()];
  if (first === undefined) return [];
  return [...first].filter((department) => others.every((one) => one.has(department))).sort();
}
