import { createHash, hash } from 'node:crypto';
import { type BlockIndexEntry, decodeBlockIndex, inIndexOrder } from '../crypto/block-index.ts';
import type { Batch } from '../domain/batch.ts';
import {
  type BatchCommitment,
  batchCommitmentSchema,
  type CommittedConversation,
  type CommittedPage,
  commitmentKeys,
  packIds,
} from '../domain/batch-commitment.ts';
import { canonicalJson } from '../domain/canonical-json.ts';
import { type Digest, sha256 } from '../domain/digest.ts';
import { LIMITS } from '../domain/limits.ts';
import type { ObjectStore } from '../ports/objects.ts';
import type { BlockRow } from '../ports/records-index.ts';

/** A block of a batch as its batch's rows name it. */
export type CommittedBlock = {
  blockId: string;
  guestId: string;
  from: string;
  conversationId: string;
  objectDigest: string;
};

export type Committed = Pick<BatchCommitment, 'blocks' | 'blockRoot' | 'records' | 'conversations'> & {
  guests: number;
  /** Of the object in the evidence bucket. */
  digest: Digest;
};

/** Something lies where a batch's commitment belongs, and is none of it. */
export class CommitmentAlteredError extends Error {
  override name = 'CommitmentAlteredError';
}

/** Blocks whose names are held at once: a batch that has more is gone through twice for each such share. */
const BLOCKS_AT_ONCE = 20_000;
/** Rows of blocks that are read at once. */
const ROWS_AT_ONCE = 100;

/**
 * Writes what a batch commits to into the evidence bucket, once: a page where there are many conversations, then the
 * object that names them. An attempt that died left what it wrote: that stands, and its digest is given. However large
 * the batch, what is held at a time is one share of its blocks with the ids of all conversations of the share's guests,
 * and one conversation's records; besides them a line for each page. What is committed to is the same for any share.
 */
export async function commitRecords(
  { batchId, hotel, source, blocks: expected }: Pick<Batch, 'batchId' | 'hotel' | 'source' | 'blocks'>,
  blocks: () => AsyncIterable<CommittedBlock>,
  rowsOf: (blocks: readonly CommittedBlock[]) => Promise<BlockRow[]>,
  evidence: Pick<ObjectStore, 'get' | 'putOnce'>,
  /** Blocks of a share, about. */
  atOnce: number = BLOCKS_AT_ONCE,
): Promise<Committed> {
  const root = createHash('sha256');
  let [guests, count] = [0, 0];
  const commitment: BatchCommitment = {
    version: 1,
    batchId,
    hotel,
    source,
    blocks: 0,
    blockRoot: '',
    records: 0,
    conversations: 0,
    listed: [],
    pages: [],
  };
  /** The first time that the batch's blocks are gone through, which is in the order of their ids. */
  async function* counted(): AsyncGenerator<CommittedBlock> {
    for await (const block of blocks()) {
      root.update(`${block.blockId} ${block.objectDigest}\n`);
      count += 1;
      yield block;
    }
  }
  let passes = 0;
  function inPasses(): AsyncIterable<CommittedBlock> {
    passes += 1;
    return passes === 1 ? counted() : blocks();
  }
  // What the batch's row says of its blocks is near enough: what is committed to doesn't depend on the shares.
  for await (const share of sharesOf(inPasses, Math.max(1, Math.ceil(expected / atOnce)))) {
    guests += share.guests;
    for await (const conversation of conversationsOf(share.conversations, rowsOf)) {
      commitment.records += conversation.records;
      commitment.conversations += 1;
      const next = share.next.get(conversation.conversationId);
      commitment.listed.push(next === undefined ? conversation : { ...conversation, next });
      if (commitment.listed.length === LIMITS.committedConversationsPerPage) await turnPage();
    }
  }
  if (commitment.pages.length > 0 && commitment.listed.length > 0) await turnPage();
  commitment.blocks = count;
  commitment.blockRoot = `sha256:${root.digest('hex')}`;

  const own = Buffer.from(canonicalJson(commitment));
  const key = commitmentKeys.commitment(batchId);
  const { blockRoot, records, conversations } = commitment;
  const counts = { blocks: count, blockRoot, records, conversations, guests };
  if ((await evidence.putOnce(key, own, JSON_TYPE)) === 'written') return { ...counts, digest: sha256(own) };
  const there = await evidence.get(key);
  const parsed = batchCommitmentSchema.safeParse(
    there === null ? null : JSON.parse(Buffer.from(there).toString('utf8')),
  );
  if (there === null || !parsed.success || parsed.data.batchId !== batchId) {
    throw new CommitmentAlteredError(`The object ${key} is none of a batch's commitment`);
  }
  return { ...counts, digest: sha256(there) };

  async function turnPage(): Promise<void> {
    const [first] = commitment.listed;
    const last = commitment.listed.at(-1);
    if (first === undefined || last === undefined) return;
    const page: CommittedPage = { version: 1, batchId, conversations: commitment.listed };
    const body = Buffer.from(canonicalJson(page));
    await evidence.putOnce(commitmentKeys.page(batchId, commitment.pages.length + 1), body, JSON_TYPE);
    commitment.pages.push({
      from: first.conversationId,
      to: last.conversationId,
      digest: sha256(body),
    });
    commitment.listed = [];
  }
}

/** Notes a guest's conversation. Most guests have one in a batch: a set is made for the others alone. */
function addTo(guests: Map<string, string | Set<string>>, guestId: string, conversationId: string): void {
  const known = guests.get(guestId);
  if (known === undefined) guests.set(guestId, conversationId);
  else if (typeof known !== 'string') known.add(conversationId);
  else if (known !== conversationId) guests.set(guestId, new Set([known, conversationId]));
}

/** The next conversation of its guest, for each of those whose guests have several. */
function nextOf(guests: ReadonlyMap<string, string | Set<string>>): Map<string, string> {
  const next = new Map<string, string>();
  for (const known of guests.values()) {
    if (typeof known === 'string') continue;
    const sorted = [...known].sort();
    for (const [place, conversationId] of sorted.entries()) {
      next.set(conversationId, sorted[(place + 1) % sorted.length] ?? conversationId);
    }
  }
  return next;
}

const JSON_TYPE = { contentType: 'application/json' };

/** Conversations whose ids follow each other, with what of their guests lies in other shares. */
type Share = {
  conversations: Map<string, CommittedBlock[]>;
  /** The next conversation of its guest, for those whose guests have several. */
  next: Map<string, string>;
  /** Guests who are counted here, each in one of the shares. */
  guests: number;
};

/** A batch's blocks by their conversations, in the order of ids: the rows are gone through twice for each share. */
async function* sharesOf(blocks: () => AsyncIterable<CommittedBlock>, shares: number): AsyncGenerator<Share> {
  for (let share = 0; share < shares; share += 1) {
    const conversations = new Map<string, CommittedBlock[]>();
    const counted = new Set<string>();
    const guests = new Map<string, string | Set<string>>();
    for await (const block of blocks()) {
      const { conversationId, guestId } = block;
      if (shareOf(hash('sha256', guestId, 'hex'), shares) === share) counted.add(guestId);
      if (shareOf(digitsOf(conversationId), shares) !== share) continue;
      addTo(guests, guestId, conversationId);
      const known = conversations.get(conversationId);
      if (known === undefined) conversations.set(conversationId, [block]);
      else known.push(block);
    }
    if (shares > 1) {
      for await (const { guestId, conversationId } of blocks()) {
        if (guests.has(guestId)) addTo(guests, guestId, conversationId);
      }
    }
    yield { conversations, next: nextOf(guests), guests: counted.size };
  }
}

/** What these conversations commit to, in the order of their ids. */
async function* conversationsOf(
  conversations: ReadonlyMap<string, CommittedBlock[]>,
  rowsOf: (blocks: readonly CommittedBlock[]) => Promise<BlockRow[]>,
): AsyncGenerator<CommittedConversation> {
  const sorted = [...conversations].sort(([a], [b]) => (a < b ? -1 : 1));
  // Rows of several small conversations are read together.
  for (let at = 0; at < sorted.length; ) {
    const together: [string, CommittedBlock[]][] = [];
    let rows = 0;
    do {
      const next = sorted[at];
      if (next === undefined) break;
      together.push(next);
      rows += next[1].length;
      at += 1;
    } while (rows < ROWS_AT_ONCE);
    const found = Map.groupBy(
      await rowsOf(together.flatMap(([, members]) => members)),
      ({ conversationId }) => conversationId,
    );
    for (const [conversationId] of together) {
      const members = found.get(conversationId);
      if (members !== undefined) yield committedConversation(conversationId, members);
    }
  }
}

/** Ids of conversations are `cnv_` and evenly spread hex digits: shares of them follow each other in order. */
function digitsOf(conversationId: string): string {
  return conversationId.slice('cnv_'.length);
}

/** The share in which evenly spread hex digits lie. */
function shareOf(digits: string, shares: number): number {
  const place = Number.parseInt(digits.slice(0, 8), 16);
  return Number.isNaN(place) ? 0 : Math.floor((place / 2 ** 32) * shares);
}

/** What rows of one conversation hold, as a batch commits to it. */
export function committedConversation(
  conversationId: string,
  rows: readonly Pick<BlockRow, 'recordClass' | 'period' | 'index'>[],
): CommittedConversation {
  const entries = rows.map((row) => ({ row, entries: decodeBlockIndex(row.index) }));
  const sequence = createHash('sha256');
  const all = entries.flatMap((one) => one.entries).sort(inIndexOrder);
  for (const { recordId } of all) sequence.update(`${recordId}\n`);
  const parts = Map.groupBy(entries, ({ row }) => `${row.recordClass} ${row.period}`);
  return {
    conversationId,
    records: all.length,
    sequence: `sha256:${sequence.digest('hex')}`,
    parts: [...parts]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([, [first, ...others]]) =>
        first === undefined
          ? []
          : [
              {
                recordClass: first.row.recordClass,
                period: first.row.period,
                ids: packIds(idsOf([first, ...others].flatMap((one) => one.entries))),
              },
            ],
      ),
  };
}

function idsOf(entries: readonly BlockIndexEntry[]): string[] {
  return [...entries].sort(inIndexOrder).map(({ recordId }) => recordId);
}
