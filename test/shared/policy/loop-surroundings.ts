import { type Conduct, lockOf, newConduct } from '../../../shared/domain/conduct.ts';
import type { ConsentFact, ConsentPurpose } from '../../../shared/domain/consent.ts';
import type { Person } from '../../../shared/domain/person.ts';
import type { Category } from '../../../shared/domain/record.ts';
import { CATEGORIES } from '../../../shared/domain/record.ts';
import type { FoundBlock } from '../../../shared/facts/find-records.ts';
import type { Directory } from '../../../shared/ports/directory.ts';
import type { RetrievalCount } from '../../../shared/ports/retrieval-counts.ts';
import { inMemoryCases } from '../../fakes/in-memory-cases.ts';
import { inMemoryDirectory } from '../../fakes/in-memory-directory.ts';
import { aCase } from './sample-cases.ts';

/** Everything that the model's decisions are asked about and that isn't a request: people, cases, consents, records. */

export type ModelRecord = {
  recordId: string;
  guestId: string;
  category: Category;
  at: number;
  commitment: string;
  staff: string[];
};

export const GUESTS = ['gst_1', 'gst_2'] as const;
/** Since when everybody holds the roles that they begin with, and guests agreed. */
export const HIRED = '2026-01-01T00:00:00.000Z';
const FAR = '2028-01-01T00:00:00.000Z';
const VALID = { validFrom: HIRED, validUntil: FAR };
const CONSENT_PURPOSES = ['collection', 'marketing', 'sensitive'] as const satisfies ConsentPurpose[];

export type Device = 'enrolled' | 'pending' | 'revoked';

export class Surroundings {
  readonly directory: ReturnType<typeof inMemoryDirectory>;
  readonly cases;
  readonly records = new Map<string, ModelRecord>();
  readonly consents: ConsentFact[] = [];
  readonly conduct = new Map<string, Conduct>();
  readonly counts = new Map<string, RetrievalCount>();
  /** Each person's one device, and the last nonce that it signed. */
  readonly devices = new Map<string, Device>();
  linked = false;
  private made = 0;

  constructor(people: readonly Person[]) {
    this.directory = inMemoryDirectory(...people);
    const everybody = people.map(({ personId }) => personId);
    for (const personId of everybody) {
      this.devices.set(personId, 'enrolled');
      this.directory.shifts.set(personId, [{ hotel: 'SHA01', from: HIRED, to: FAR }]);
      this.directory.clients.set(personId, [...GUESTS]);
    }
    const partner = people.find(({ roles }) => roles.some(({ role }) => role === 'partner'));
    this.cases = inMemoryCases(
      aCase('matter', { reference: 'M-1' }),
      aCase('complaint', { reference: 'T-1' }),
      aCase('incident', { reference: 'T-1', from: HIRED, to: FAR }),
      aCase('dispute', { reference: 'D-1', guests: [...GUESTS], closedAt: '2026-02-01T00:00:00.000Z' }),
      aCase('plan', { reference: 'P-1', publishedAt: HIRED, guests: ['gst_1'] }),
      aCase('plan', { reference: 'P-2', publishedAt: HIRED, guests: ['gst_2'] }),
      aCase('assessment', { reference: 'IA-1', ...VALID }),
      aCase('instrument', { reference: 'I-1', officers: everybody, categories: null, ...VALID }),
      aCase('agreement', {
        reference: 'AG-1',
        recipient: partner?.personId ?? 'p_nobody',
        categories: [...CATEGORIES],
        ...VALID,
      }),
    );
    for (const guestId of GUESTS) this.consent(guestId, 'agreed', HIRED);
  }

  get people(): Map<string, Person> {
    return this.directory.people;
  }

  /** The directory as decisions read it: everybody with the locks that stand against them (R9). */
  readonly withLocks: Directory = {
    personIdOf: (issuer, subject) => this.directory.personIdOf(issuer, subject),
    byId: async (personId) => this.person(personId),
    peopleWithSuperiors: async (personIds) => {
      const plain = await this.directory.peopleWithSuperiors(personIds);
      return new Map(
        [...plain].map(([personId, { superiors, person }]) => [
          personId,
          { superiors, person: { ...person, lock: lockOf(this.conductOf(personId)) } },
        ]),
      );
    },
    holding: (role) => this.directory.holding(role),
    withAccounts: () => this.directory.withAccounts(),
    shiftsOf: (personId) => this.directory.shiftsOf(personId),
    clientsOf: (personId) => this.directory.clientsOf(personId),
  };

  person(personId: string): Person | null {
    const person = this.people.get(personId);
    return person === undefined ? null : { ...person, lock: lockOf(this.conductOf(personId)) };
  }

  conductOf(personId: string): Conduct {
    return this.conduct.get(personId) ?? newConduct(personId);
  }

  /** Every guest id that stands for the same person. */
  async members(guestId: string): Promise<string[]> {
    return this.linked ? [...GUESTS] : [guestId];
  }

  async committedBatches(): Promise<Set<string>> {
    return new Set();
  }

  async ofGuests(guestIds: readonly string[]): Promise<ConsentFact[]> {
    return this.consents.filter(({ guestId }) => guestIds.includes(guestId));
  }

  consent(guestId: string, state: 'agreed' | 'withdrawn', at: string): void {
    for (const purpose of CONSENT_PURPOSES) {
      this.consents.push({
        factId: `fact_${this.consents.length}`,
        guestId,
        hotel: 'SHA01',
        source: 'wecom',
        purpose,
        state,
        at,
        staff: null,
        evidence: { reference: 'F-1' },
        recordedAt: at,
        by: 'p_officer',
      });
    }
  }

  /** A message of this guest comes in. */
  write(guestId: string, category: Category, at: number, staff: string[] = []): void {
    this.made += 1;
    const recordId = hex(this.made);
    this.records.set(recordId, { recordId, guestId, category, at, commitment: hex(this.made), staff });
  }

  /** The blocks of these guests with what is asked for, one a guest and category. */
  found(
    { from, to, categories }: { from: string | null; to: string | null; categories: readonly Category[] },
    guestIds: readonly string[],
  ): FoundBlock[] {
    const asked = [...this.records.values()].filter(
      ({ guestId, category, at }) =>
        guestIds.includes(guestId) &&
        categories.includes(category) &&
        at >= Date.parse(from ?? FAR) &&
        at <= Date.parse(to ?? HIRED),
    );
    return [...new Set(asked.map(({ guestId }) => guestId))].map((guestId) => ({
      block: blockOf(guestId),
      entries: asked
        .filter((record) => record.guestId === guestId)
        .map(({ recordId, category, at, commitment }) => ({
          recordId,
          category,
          at: new Date(at),
          commitment,
        })),
    }));
  }

  participants(found: readonly FoundBlock[]): string[] {
    const entries = found.flatMap((block) => block.entries);
    return [...new Set(entries.flatMap(({ recordId }) => this.records.get(recordId)?.staff ?? []))].sort();
  }
}

function blockOf(guestId: string): FoundBlock['block'] {
  return {
    blockId: `blk_${guestId}`,
    guestId,
    conversationId: `con_${guestId}`,
    hotel: 'SHA01',
    platform: 'wecom',
    categories: [],
    recordClass: 'ordinary',
    period: '2026-12',
    from: HIRED,
    to: FAR,
    records: 1,
    bytes: 1,
    objectKey: guestId,
    objectDigest: '',
    batchId: 'bat_1',
    index: new Uint8Array(),
    staff: [],
  };
}

function hex(index: number): string {
  return index.toString(16).padStart(32, '0').repeat(2).slice(-32);
}
