import { createHash } from 'node:crypto';
import { type BlockIndexEntry, decodeBlockIndex, inIndexOrder } from '../../shared/crypto/block-index.ts';
import {
  type BatchCommitment,
  batchCommitmentSchema,
  type CommittedConversation,
  commitmentKeys,
  committedPageSchema,
  shortId,
  unpackIds,
} from '../../shared/domain/batch-commitment.ts';
import { sha256 } from '../../shared/domain/digest.ts';
import type { CommitmentFacts } from '../../shared/package/completeness.ts';
import type { FoundRecord } from '../../shared/package/staged-records.ts';
import type { CustodyKeys } from '../../shared/ports/keys.ts';
import type { ObjectStore } from '../../shared/ports/objects.ts';
import type { RecordsIndex } from '../../shared/ports/records-index.ts';

export type CompareDependencies = {
  records: Pick<RecordsIndex, 'blocksOf'>;
  evidence: Pick<ObjectStore, 'get'>;
  keys: Pick<CustodyKeys, 'forReading'>;
};

const AGES = { from: new Date(0), to: new Date('9999-12-31T23:59:59.999Z') };

/** A guest of a package, with the conversations that each batch is known to have brought. */
type Guest = { guestId: string; hotel: string; batches: Map<string, Set<string>> };

/**
 * What each batch behind a package committed to, for the conversations of the package and the others that it brought of
 * their guests, against what lies in custody now. One that is gone as a whole is found by those that are there; a guest of
 * whom nothing is left, or what a batch brought of which the package has nothing, is not looked for.
 * Records are told by their ids, in whatever block they lie by now. A record that is gone was deleted where the key of
 * its period is gone with it, since nothing destroys a key but retention, with a certificate; otherwise it was lost.
 */
export async function compareCommitments(
  found: readonly FoundRecord[],
  /** Digests of what batches committed to, as their rows name them. */
  digests: ReadonlyMap<string, string>,
  dependencies: CompareDependencies,
): Promise<Map<string, CommitmentFacts>> {
  const facts = new Map<string, CommitmentFacts>();
  const readers = new Map<string, CommitmentReader>();
  for (const [batchId, digest] of digests) {
    const reader = await openCommitment(batchId, digest, dependencies.evidence);
    readers.set(batchId, reader);
    facts.set(batchId, {
      digest,
      state: reader.state,
      committed: 0,
      present: 0,
      deleted: 0,
      lost: 0,
      ...NONE,
    });
  }
  for (const guest of guestsOf(found)) {
    const rows = await dependencies.records.blocksOf(guest.guestId, AGES.from, AGES.to);
    const held = Map.groupBy(rows, ({ conversationId }) => conversationId);
    for (const [batchId, known] of [...guest.batches].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const reader = readers.get(batchId);
      if (reader === undefined) continue;
      for await (const { conversationId, committed } of conversationsOf(known, reader)) {
        const entries = new Map<string, BlockIndexEntry>();
        for (const { index } of held.get(conversationId) ?? []) {
          for (const entry of decodeBlockIndex(index)) entries.set(shortId(entry.recordId), entry);
        }
        const before = facts.get(batchId);
        if (before === undefined) continue;
        facts.set(batchId, await counted(before, committed, guest, entries, dependencies.keys));
      }
    }
  }
  return facts;
}

const NONE = { conversations: 0, conversationsLost: 0 };

/** By guest and hotel. */
function guestsOf(found: readonly FoundRecord[]): Guest[] {
  const guests = new Map<string, Guest>();
  for (const { record, block } of found) {
    const { conversationId, guestId, hotel } = block;
    const name = `${guestId} ${hotel}`;
    const guest = guests.get(name) ?? { guestId, hotel, batches: new Map<string, Set<string>>() };
    const batchId = record.batchId ?? block.batchId;
    const known = guest.batches.get(batchId) ?? new Set<string>();
    guest.batches.set(batchId, known.add(conversationId));
    guests.set(name, guest);
  }
  return [...guests.values()];
}

/** What a batch committed to of the conversations that are known, and of those that they lead to, each once. */
async function* conversationsOf(
  known: ReadonlySet<string>,
  reader: CommitmentReader,
): AsyncGenerator<{ conversationId: string; committed: CommittedConversation | 'unreadable' }> {
  const seen = new Set<string>();
  for (const first of [...known].sort()) {
    let conversationId: string | undefined = first;
    while (conversationId !== undefined && !seen.has(conversationId)) {
      seen.add(conversationId);
      const committed: CommittedConversation | 'unreadable' | undefined =
        await reader.conversation(conversationId);
      if (committed !== undefined) yield { conversationId, committed };
      conversationId = typeof committed === 'object' ? committed.next : undefined;
    }
  }
}

async function counted(
  facts: CommitmentFacts,
  committed: CommittedConversation | 'unreadable',
  { guestId, hotel }: Pick<Guest, 'guestId' | 'hotel'>,
  entries: ReadonlyMap<string, BlockIndexEntry>,
  keys: Pick<CustodyKeys, 'forReading'>,
): Promise<CommitmentFacts> {
  if (committed === 'unreadable') return { ...facts, state: 'altered' };
  const { conversations = 0, conversationsLost = 0, lost } = facts;
  const next = { ...facts, committed: facts.committed + committed.records, conversations: conversations + 1 };
  const here: BlockIndexEntry[] = [];
  for (const { recordClass, period, ids } of committed.parts) {
    let gone = 0;
    for (const id of unpackIds(ids)) {
      const entry = entries.get(id);
      if (entry === undefined) gone += 1;
      else here.push(entry);
    }
    if (gone === 0) continue;
    const key = await keys.forReading({ hotel, recordClass, period }, guestId);
    if (key.state === 'shredded') next.deleted += gone;
    else next.lost += gone;
  }
  next.present += here.length;
  next.conversationsLost = conversationsLost + (here.length === 0 && next.lost > lost ? 1 : 0);
  // Where all are there, they are those that were committed to, in that order.
  const whole = here.length === committed.records;
  return whole && sequenceOf(here) !== committed.sequence ? { ...next, state: 'altered' } : next;
}

function sequenceOf(entries: readonly BlockIndexEntry[]): string {
  const sequence = createHash('sha256');
  for (const { recordId } of [...entries].sort(inIndexOrder)) sequence.update(`${recordId}\n`);
  return `sha256:${sequence.digest('hex')}`;
}

type CommitmentReader = {
  state: CommitmentFacts['state'];
  /** Undefined where the batch brought nothing into it, or nothing can be read. */
  conversation(conversationId: string): Promise<CommittedConversation | 'unreadable' | undefined>;
};

/** What a batch committed to, by the digest that its row names. */
async function openCommitment(
  batchId: string,
  digest: string,
  evidence: Pick<ObjectStore, 'get'>,
): Promise<CommitmentReader> {
  const nothing = async () => undefined;
  const object = await evidence.get(commitmentKeys.commitment(batchId));
  if (object === null) return { state: 'missing', conversation: nothing };
  if (sha256(object) !== digest) return { state: 'altered', conversation: nothing };
  const commitment: BatchCommitment = batchCommitmentSchema.parse(jsonOf(object));
  const pages = new Map<string, Promise<CommittedConversation[] | 'unreadable'>>();
  async function read(position: number, expected: string): Promise<CommittedConversation[] | 'unreadable'> {
    const page = await evidence.get(commitmentKeys.page(batchId, position + 1));
    if (page === null || sha256(page) !== expected) return 'unreadable';
    return committedPageSchema.parse(jsonOf(page)).conversations;
  }
  return {
    state: 'read',
    async conversation(conversationId) {
      const position = commitment.pages.findIndex(
        ({ from, to }) => from <= conversationId && conversationId <= to,
      );
      const place = commitment.pages[position];
      if (place === undefined) return commitment.listed.find((one) => one.conversationId === conversationId);
      const page = pages.get(place.digest) ?? read(position, place.digest);
      // One page at a time is held: conversations of a package lie on few.
      pages.clear();
      pages.set(place.digest, page);
      const listed = await page;
      return listed === 'unreadable' ? listed : listed.find((one) => one.conversationId === conversationId);
    },
  };
}

function jsonOf(bytes: Uint8Array): unknown {
  return JSON.parse(Buffer.from(bytes).toString('utf8'));
}
