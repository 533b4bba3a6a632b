import type { DynamoDBDocumentClient, TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { LIMITS } from '../domain/limits.ts';
import type { EventDraft } from '../ports/grant-store.ts';
import type { CustodyLog } from './custody-log.ts';
import { recordsKeys } from './records-index.ts';
import { tableReader } from './table-reader.ts';
import { transact } from './transact.ts';

type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

const identifierRowSchema = z.object({ pk: z.string(), guestId: z.string() });
const identifierOfGuestSchema = z.object({ sk: z.string(), kind: z.string().optional() });
const personRowSchema = z.object({
  members: z.set(z.string()).default(new Set()),
  /** Guests whom people found to be somebody else: never joined with this one again. */
  apart: z.set(z.string()).default(new Set()),
  identified: z.boolean().default(true),
  version: z.number().default(0),
});
type PersonRow = z.infer<typeof personRowSchema>;

/** Whether people found somebody of the one to be somebody else than somebody of the other. */
function areApart(ones: ReadonlyMap<string, PersonRow>, others: ReadonlyMap<string, PersonRow>): boolean {
  return (
    [...ones.values()].some(({ apart }) => [...apart].some((id) => others.has(id))) ||
    [...others.values()].some(({ apart }) => [...apart].some((id) => ones.has(id)))
  );
}

/** Of which kind identifiers are, by blind index; what isn't there is a conversation's key. */
type Kinds = ReadonlyMap<string, string>;
const NO_KINDS: Kinds = new Map();

/** A transaction holds 100 items, of which the event and its chain take some. */
const TRANSACTION_ITEMS = 90;
const ROWS_OF_INDEX = 2;

const NOBODY = { members: new Set<string>(), apart: new Set<string>() };

/** Where the event of a link stands, and what it says besides the guests. */
export type LinkEvent = Omit<EventDraft, 'data'> & { batchId: string; kinds: string[] };

/** What became of taking an identifier from a guest. */
export type UnlinkOutcome =
  /** `guestId` is whom the identifier leads to from now on. */
  | { outcome: 'unlinked'; guestId: string; from: string[] }
  | { outcome: 'row-changed' }
  /** The guest has this identifier alone, and is nobody else: there is nothing to take apart. */
  | { outcome: 'nothing-linked' };

/** `row-changed`: another worker wrote one of the rows first; look up again. */
export type LinkOutcome = 'linked' | 'row-changed' | 'too-many-linked-guests';

/**
 * Who is who: rows `ID#<blind index>` lead to a guest, and never to another one later; guests who turn out to be one
 * person know each other by `GUEST#…`/`PERSON`. Every link between identifiers is a custody event that carries ids alone.
 */
export function identifierIndex(table: string, dynamo: DynamoDBDocumentClient, custody: CustodyLog) {
  const reader = tableReader(table, dynamo);

  /** The row that leads to the guest, and the one by which deletion finds it again. */
  function identifierRows(index: string, guestId: string, kinds: Kinds = NO_KINDS): TransactItem[] {
    const kind = kinds.get(index);
    return [
      {
        Put: {
          TableName: table,
          Item: { ...recordsKeys.identifier(index), guestId },
          ConditionExpression: 'attribute_not_exists(pk)',
        },
      },
      {
        Put: {
          TableName: table,
          Item: { ...recordsKeys.identifierOfGuest(guestId, index), ...(kind === undefined ? {} : { kind }) },
        },
      },
    ];
  }

  /**
   * Writes the rows of as many indexes as don't fit into the transaction of a link, and gives those that are left for it:
   * one at least, so that whoever does it again after a crash still has a link to state.
   */
  async function rowsBefore(
    indexes: readonly string[],
    guestId: string,
    others: number,
    kinds: Kinds,
  ): Promise<readonly string[] | 'row-changed'> {
    const room = Math.max(1, Math.floor((TRANSACTION_ITEMS - others) / ROWS_OF_INDEX));
    let left = indexes;
    while (left.length > room) {
      const now = left.slice(0, Math.min(left.length - room, TRANSACTION_ITEMS / ROWS_OF_INDEX));
      const items = now.flatMap((index) => identifierRows(index, guestId, kinds));
      if ((await transact(dynamo, items)) !== 'done') return 'row-changed';
      left = left.slice(now.length);
    }
    return left;
  }

  async function person(guestId: string): Promise<PersonRow> {
    return personRowSchema.parse((await reader.get(recordsKeys.person(guestId))) ?? {});
  }

  /** A guest and everybody who was joined with it, however far. */
  async function everybodyOf(guestId: string): Promise<Map<string, PersonRow>> {
    const known = new Map<string, PersonRow>();
    const waiting = [guestId];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (known.has(next)) continue;
      const row = await person(next);
      known.set(next, row);
      waiting.push(...row.members);
    }
    return known;
  }

  function personRow(guestId: string, prior: PersonRow, next: Omit<PersonRow, 'version'>): TransactItem {
    const { members, identified, apart } = next;
    return {
      Put: {
        TableName: table,
        Item: {
          ...recordsKeys.person(guestId),
          identified,
          version: prior.version + 1,
          ...(members.size === 0 ? {} : { members, canonical: [...members].sort()[0] }),
          ...(apart.size === 0 ? {} : { apart }),
        },
        ...(prior.version === 0
          ? { ConditionExpression: 'attribute_not_exists(pk)' }
          : {
              ConditionExpression: '#version = :version',
              ExpressionAttributeNames: { '#version': 'version' },
              ExpressionAttributeValues: { ':version': prior.version },
            }),
      },
    };
  }

  function draft({ batchId, kinds, ...event }: LinkEvent, joined: string[]): EventDraft {
    return { ...event, data: { batchId, kinds, joined } };
  }

  return {
    /** The guest of each blind index that leads to one. */
    async guestsOf(indexes: Iterable<string>): Promise<Map<string, string>> {
      const items = await reader.getAll([...new Set(indexes)].map(recordsKeys.identifier));
      return new Map(
        items.map((item) => {
          const { pk, guestId } = identifierRowSchema.parse(item);
          return [pk.slice('ID#'.length), guestId];
        }),
      );
    },

    /** Every guest id that stands for the same person, this one included. */
    async members(guestId: string): Promise<Set<string>> {
      return new Set([guestId, ...(await person(guestId)).members]);
    },

    /** How many identifiers of each kind the person has under any of its guest ids. */
    async kindsOf(guestId: string): Promise<Map<string, number>> {
      const counts = new Map<string, number>();
      for (const one of new Set([guestId, ...(await person(guestId)).members])) {
        for (const row of await reader.listUnder(`GUEST#${one}`, 'ID#')) {
          const { kind } = identifierOfGuestSchema.parse(row);
          if (kind !== undefined) counts.set(kind, (counts.get(kind) ?? 0) + 1);
        }
      }
      return counts;
    },

    /** False where nothing but a conversation is known of the guest. */
    identified: async (guestId: string) => (await person(guestId)).identified,

    /** A new guest under these indexes. `identified` is false where they are no identifiers but a conversation's key. */
    async create(
      guestId: string,
      indexes: readonly string[],
      { identified, link, kinds = NO_KINDS }: { identified: boolean; link: LinkEvent | null; kinds?: Kinds },
    ): Promise<LinkOutcome> {
      const last = await rowsBefore(indexes, guestId, 1, kinds);
      if (last === 'row-changed') return last;
      const items = last.flatMap((index) => identifierRows(index, guestId, kinds));
      if (!identified) {
        items.push(
          personRow(guestId, { ...NOBODY, identified: true, version: 0 }, { ...NOBODY, identified }),
        );
      }
      if (link === null) return (await transact(dynamo, items)) === 'done' ? 'linked' : 'row-changed';
      const outcome = await custody.record(`guest/${guestId}`, 'identifier-linked', draft(link, []), items);
      return outcome === 'recorded' ? 'linked' : outcome;
    },

    /**
     * Takes an identifier from the person to whom it was linked wrongly. Where its guest has other identifiers too, it leads
     * to `fresh` from now on, a guest who doesn't exist yet; where it has this one alone, that guest leaves those with whom it
     * was joined. Either way they are kept apart for good: no row of any source joins them again. Records stay with the guest
     * under whom they came.
     */
    async unlink(index: string, fresh: string, event: EventDraft): Promise<UnlinkOutcome> {
      const item = await reader.get(recordsKeys.identifier(index));
      if (item === null) return { outcome: 'nothing-linked' };
      const { guestId } = identifierRowSchema.parse(item);
      const prior = await person(guestId);
      const own = (await reader.listUnder(`GUEST#${guestId}`, 'ID#')).map(
        (row) => identifierOfGuestSchema.parse(row).sk,
      );
      const alone = own.every((sk) => sk === recordsKeys.identifierOfGuest(guestId, index).sk);
      const leaving = alone ? guestId : fresh;
      const staying = [...new Set([...prior.members, guestId])].filter((id) => id !== leaving).sort();
      if (staying.length === 0) return { outcome: 'nothing-linked' };

      const items: TransactItem[] = [];
      for (const id of staying) {
        const row = await person(id);
        const members = new Set([...row.members].filter((member) => member !== leaving));
        const apart = new Set([...row.apart, leaving]);
        items.push(personRow(id, row, { ...row, members: members.size > 1 ? members : new Set(), apart }));
      }
      const left = alone ? prior : { ...NOBODY, identified: true, version: 0 };
      const apart = new Set([...left.apart, ...staying]);
      items.push(personRow(leaving, left, { members: new Set(), identified: true, apart }));
      if (!alone) {
        items.push(
          {
            Put: {
              TableName: table,
              Item: { ...recordsKeys.identifier(index), guestId: fresh },
              ConditionExpression: 'guestId = :guest',
              ExpressionAttributeValues: { ':guest': guestId },
            },
          },
          { Put: { TableName: table, Item: recordsKeys.identifierOfGuest(fresh, index) } },
          { Delete: { TableName: table, Key: recordsKeys.identifierOfGuest(guestId, index) } },
        );
      }
      const outcome = await custody.record(
        `guest/${leaving}`,
        'identifier-unlinked',
        { ...event, data: { ...event.data, from: staying } },
        items,
      );
      return outcome === 'recorded' ? { outcome: 'unlinked', guestId: leaving, from: staying } : { outcome };
    },

    /**
     * Puts these indexes with a guest, and joins that guest with others who are the same person: all of them, and all
     * who were joined with them before, become members of each other. Whom people found to be somebody else stays apart.
     */
    async link(
      guestId: string,
      indexes: readonly string[],
      others: readonly string[],
      event: LinkEvent | null,
      kinds: Kinds = NO_KINDS,
    ): Promise<LinkOutcome> {
      const known = await everybodyOf(guestId);
      for (const other of others) {
        if (known.has(other)) continue;
        const joining = await everybodyOf(other);
        if (areApart(known, joining)) continue;
        for (const [id, row] of joining) known.set(id, row);
      }
      if (known.size > LIMITS.linkedGuests) return 'too-many-linked-guests';
      const members = known.size === 1 ? new Set<string>() : new Set([...known.keys()].sort());
      const people = [...known].flatMap(([id, row]) =>
        row.identified && row.members.size === members.size
          ? []
          : [personRow(id, row, { ...row, members, identified: true })],
      );
      const last = await rowsBefore(indexes, guestId, people.length, kinds);
      if (last === 'row-changed') return last;
      const items = [...last.flatMap((index) => identifierRows(index, guestId, kinds)), ...people];
      if (items.length === 0) return 'linked';
      if (event === null) return (await transact(dynamo, items)) === 'done' ? 'linked' : 'row-changed';
      const joined = [...members].filter((id) => id !== guestId);
      const outcome = await custody.record(
        `guest/${guestId}`,
        'identifier-linked',
        draft(event, joined),
        items,
      );
      return outcome === 'recorded' ? 'linked' : outcome;
    },
  };
}
export type IdentifierIndex = ReturnType<typeof identifierIndex>;
