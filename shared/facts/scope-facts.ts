import type { AccessGrant } from '../domain/access-grant.ts';
import {
  type Case,
  type CaseKind,
  type CaseOf,
  everyGuestOfCase,
  everyHotelOfCase,
  guestsOfCase,
  isOfKind,
} from '../domain/case.ts';
import type { Person } from '../domain/person.ts';
import type { Category } from '../domain/record.ts';
import { referenceKey } from '../domain/reference.ts';
import type { RequestFacts } from '../policy/facts.ts';
import type { Cases } from '../ports/cases.ts';
import type { Directory } from '../ports/directory.ts';
import { type ConsentSources, consentFacts } from './consent-facts.ts';
import { type FoundBlock, scopeOf } from './find-records.ts';
import { type PersonInScope, peopleInScope } from './people-in-scope.ts';

export type ScopeFacts = NonNullable<RequestFacts['scope']>;

export type ScopeSources = ConsentSources & {
  cases: Pick<Cases, 'ofGuests'>;
  directory: Pick<Directory, 'clientsOf'>;
};

/** What is known of the request beside the records: who asks, and departments with somebody in every conversation. */
export type AskedBy = {
  /** A view has no role of a request, no matter and no complaint that it names. */
  grant: Pick<AccessGrant, 'hotels' | 'from'> &
    Partial<Pick<AccessGrant, 'requesterRole' | 'matter' | 'ticket'>>;
  requester: Person;
  departments: string[];
  /** Whoever brought the ticket on file that led to these records (A1). */
  broughtBy: readonly string[];
};

/**
 * What the rules ask about records that were found: how many of how many persons, whose consent is missing, and what is on
 * file about those persons. Nothing is decrypted; everything is read afresh.
 */
export async function scopeFacts(
  blocks: readonly FoundBlock[],
  asked: AskedBy,
  sources: ScopeSources,
): Promise<{ facts: ScopeFacts; people: PersonInScope[] }> {
  const { facts: counts } = scopeOf([...blocks]);
  const people = await peopleInScope(
    blocks.map(({ block }) => block.guestId),
    sources.records,
  );
  const [consent, cases, clients] = await Promise.all([
    consentFacts(blocks, sources),
    sources.cases.ofGuests(people.flatMap(({ ids }) => ids)),
    sources.directory.clientsOf(asked.requester.personId),
  ]);
  const { openedBy: opened, ...filed } = onFile(blocks, people, cases, asked, sources.now);
  const facts: ScopeFacts = {
    ...counts,
    guests: people.length,
    ...consent,
    ...filed,
    ownClients: people.length > 0 && people.every(({ ids }) => ids.some((id) => clients.includes(id))),
    departments: asked.departments,
    broughtBy: [...new Set([...asked.broughtBy, ...opened])].sort(),
  };
  return { facts, people };
}

type OnFile = Pick<
  ScopeFacts,
  'unpublishedPlans' | 'disputeElsewhere' | 'disputeUnknown' | 'disputeOrMajorComplaint' | 'ofNamedComplaint'
> & {
  /** Who brought on file what opens it: that a dispute is over or elsewhere, a plan published, a complaint not major. */
  openedBy: string[];
};

/** What the cases say about the persons in scope, of the hotels that are asked for. */
function onFile(
  blocks: readonly FoundBlock[],
  people: readonly PersonInScope[],
  cases: readonly Case[],
  { grant, requester }: AskedBy,
  now: Date,
): OnFile {
  const concerned = cases.filter(({ hotels }) => hotels.some((hotel) => grant.hotels.includes(hotel)));

  function about<Kind extends CaseKind>({ ids }: { ids: readonly string[] }, kind: Kind): CaseOf<Kind>[] {
    return concerned
      .filter((filed) => guestsOfCase(filed).some((guestId) => ids.includes(guestId)))
      .filter((filed) => isOfKind(filed, kind));
  }
  /**
   * Whether what was brought on file of a case about this person, now or once, at a hotel asked for, opens what would be kept
   * back: a dispute, a plan where plans are in scope, a complaint that is not major, or no longer about the person (A2).
   */
  function opens(filed: Case, ids: readonly string[]): boolean {
    const isAbout = everyGuestOfCase(filed).some((guestId) => ids.includes(guestId));
    if (!isAbout || !everyHotelOfCase(filed).some((hotel) => grant.hotels.includes(hotel))) return false;
    if (filed.kind === 'dispute') return true;
    if (filed.kind === 'plan') return ids.some((guestId) => withPlans.includes(guestId));
    return filed.kind === 'complaint' && !(filed.major && about({ ids }, 'complaint').includes(filed));
  }
  function thoseWith(category: Category): PersonInScope[] {
    const guests = new Set(
      blocks
        .filter(({ entries }) => entries.some((entry) => entry.category === category))
        .map(({ block }) => block.guestId),
    );
    return people.filter(({ inScope }) => inScope.some((guestId) => guests.has(guestId)));
  }

  const disputes = people.flatMap((person) => about(person, 'dispute'));
  const withPlans = thoseWith('complaint-plan').flatMap(({ ids }) => ids);
  const complaints = people.flatMap((person) => about(person, 'complaint'));
  return {
    unpublishedPlans: thoseWith('complaint-plan').some((person) => {
      const plans = about(person, 'plan');
      // Which plan a record belongs to can't be told, so that all about the person must be published.
      return plans.length === 0 || !plans.every(({ publishedAt }) => isPast(publishedAt, now));
    }),
    disputeElsewhere: disputes.some(
      (dispute) =>
        !isPast(dispute.closedAt, now) &&
        !(dispute.department === requester.department && dispute.hotels.includes(requester.hotel)) &&
        !isOfMatter(dispute, grant),
    ),
    disputeUnknown: thoseWith('dispute').some((person) => about(person, 'dispute').length === 0),
    disputeOrMajorComplaint:
      thoseWith('dispute').length > 0 ||
      blocks.some(({ block, entries }) => isMajorComplaint(block.recordClass, entries)) ||
      // What was over before the first record asked for is no part of it.
      [...disputes, ...complaints.filter(({ major }) => major)].some(
        ({ closedAt }) => grant.from === null || closedAt === null || !isBefore(closedAt, grant.from),
      ),
    openedBy: people.flatMap(({ ids }) =>
      cases.filter((filed) => opens(filed, ids)).flatMap(({ broughtBy }) => broughtBy),
    ),
    ofNamedComplaint:
      people.length > 0 &&
      people.every((person) =>
        about(person, 'complaint').some(
          (complaint) =>
            names(grant, complaint) &&
            !isPast(complaint.closedAt, now) &&
            grant.hotels.every((hotel) => complaint.hotels.includes(hotel)),
        ),
      ),
  };
}

/** Whether the request names this complaint, as its ticket or as its matter. */
function names({ ticket, matter }: AskedBy['grant'], { reference }: CaseOf<'complaint'>): boolean {
  return [ticket, matter].some((named) => named && referenceKey(named) === referenceKey(reference));
}

/** R3: legal's own matter is the one that the dispute names; a dispute that names none is left to whichever legal names. */
function isOfMatter({ matter }: CaseOf<'dispute'>, grant: AskedBy['grant']): boolean {
  if (grant.requesterRole !== 'legal' || !grant.matter) return false;
  return matter === null || referenceKey(matter) === referenceKey(grant.matter);
}

function isMajorComplaint(
  recordClass: FoundBlock['block']['recordClass'],
  entries: FoundBlock['entries'],
): boolean {
  return recordClass === 'major-complaint' && entries.some(({ category }) => category === 'complaint');
}

function isPast(time: string | null, now: Date): boolean {
  return time !== null && new Date(time) <= now;
}

function isBefore(time: string, other: string): boolean {
  return new Date(time) < new Date(other);
}
