import { createCipheriv, createSecretKey, randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { constants, zstdCompressSync } from 'node:zlib';
import { newKey } from '../shared/crypto/gcm-box.ts';
import { recordCommitments } from '../shared/crypto/record-commitment.ts';
import { recordIdOf } from '../shared/crypto/record-fingerprint.ts';
import { sealUnder } from '../shared/crypto/suite.ts';
import { LIMITS } from '../shared/domain/limits.ts';
import { readLines } from '../shared/sources/bytes/lines.ts';
import { canonicalContent } from '../shared/sources/documents/canonical-content.ts';
import { ingestCounting } from './counting-custody.ts';
import { peakMemory } from './peak-memory.ts';
import { dialogues, type Shape, wecomArchive } from './wecom-archive.ts';

// Run by ingest-throughput.ts as a process of its own, so that its memory is its own. One JSON line is what it found.

const { values } = parseArgs({
  options: {
    work: { type: 'string' },
    bytes: { type: 'string' },
    size: { type: 'string' },
    block: { type: 'string' },
  },
});
const shape: Shape = {
  dialogues: dialogues(),
  bytes: Number(values.bytes),
  dialoguesPerGuest: 4,
  atOnce: 40,
};
const HEADER_BYTES = 200;
const making = { ms: 0, messages: 0 };
const start = performance.now();
const found = await work(values.work ?? '');
const ms = performance.now() - start - making.ms;
process.stdout.write(`${JSON.stringify({ ...found, ms, peakBytes: peakMemory() })}\n`);

async function work(name: string): Promise<object> {
  switch (name) {
    case 'ingest': {
      const { batch, ...counted } = await ingestCounting(Number(values.size), () =>
        wecomArchive(shape, making),
      );
      return { accepted: batch.accepted, ...counted };
    }
    case 'bare':
      return bare(Number(values.block));
    case 'keyed':
      return keyed(Number(values.block));
    default:
      throw new Error(`There is no work ${name}`);
  }
}

/** What ingest can't do without: lines read and parsed, compressed in blocks of the same size, encrypted. */
async function bare(blockBytes: number): Promise<object> {
  const key = randomBytes(32);
  let held: Uint8Array[] = [];
  let length = 0;
  let bytes = 0;
  let keys = 0;
  let sealed = 0;
  for await (const line of readLines(wecomArchive(shape, making), { line: 0, offset: 0 }, LIMITS.lineBytes)) {
    const message: unknown = JSON.parse(
      Buffer.from(line.bytes.buffer, line.bytes.byteOffset, line.bytes.length).toString(),
    );
    if (typeof message === 'object' && message !== null && 'msgid' in message) keys += 1;
    held.push(line.bytes);
    length += line.bytes.length;
    bytes += line.length + 1;
    if (length >= blockBytes) seal();
  }
  seal();
  return { bytes, messages: keys, sealedBytes: sealed };

  function seal(): void {
    const compressed = zstdCompressSync(Buffer.concat(held), {
      params: { [constants.ZSTD_c_compressionLevel]: 3 },
    });
    const cipher = createCipheriv('aes-256-gcm', key, randomBytes(12));
    sealed += cipher.update(compressed).length + cipher.final().length + cipher.getAuthTag().length;
    held = [];
    length = 0;
  }
}

/**
 * The bare work and what the formats ask for of every record besides, done by the product's own code: its canonical content
 * and keyed id (docs/formats/block.md), its salted commitment, and per block a key derived from the guest's. No ingest in
 * one thread can be faster than this.
 */
async function keyed(blockBytes: number): Promise<object> {
  const indexKey = createSecretKey(randomBytes(32));
  const header = Buffer.alloc(HEADER_BYTES);
  let held: { recordId: string; original: Uint8Array }[] = [];
  let length = 0;
  let bytes = 0;
  let messages = 0;
  let sealed = 0;
  for await (const line of readLines(wecomArchive(shape, making), { line: 0, offset: 0 }, LIMITS.lineBytes)) {
    const message: unknown = JSON.parse(
      Buffer.from(line.bytes.buffer, line.bytes.byteOffset, line.bytes.length).toString(),
    );
    const { msgid: messageId, msgtime } = sentOf(message);
    const version = { at: new Date(msgtime), content: canonicalContent(message) };
    const recordId = recordIdOf(indexKey, { source: 'wecom', hotel: 'SHA01', messageId }, version);
    messages += 1;
    held.push({ recordId, original: line.bytes });
    length += line.bytes.length;
    bytes += line.length + 1;
    if (length >= blockBytes) seal();
  }
  seal();
  return { bytes, messages, sealedBytes: sealed };

  function seal(): void {
    const guestKey = newKey();
    const { commitmentOf } = recordCommitments(guestKey);
    for (const { recordId, original } of held) commitmentOf(recordId, original);
    const compressed = zstdCompressSync(Buffer.concat(held.map(({ original }) => original)), {
      params: { [constants.ZSTD_c_compressionLevel]: 3 },
    });
    sealed += sealUnder(guestKey, header, compressed).length;
    held = [];
    length = 0;
  }
}

function sentOf(message: unknown): { msgid: string; msgtime: number } {
  if (typeof message === 'object' && message !== null && 'msgid' in message && 'msgtime' in message) {
    const { msgid, msgtime } = message;
    if (typeof msgid === 'string' && typeof msgtime === 'number') return { msgid, msgtime };
  }
  throw new TypeError('The archive has a line that is no message');
}
