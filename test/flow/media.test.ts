import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import yauzl from 'yauzl';
import { z } from 'zod';
import { verifyPackage } from '../../cli/verify-package.ts';
import { runDualkey } from '../cli/run-dualkey.ts';
import { eventually } from './support/eventually.ts';
import { keysIn, leftovers, NOTHING_LEFT } from './support/leftovers.ts';
import { expectState, pinnedKeys, readEntries } from './support/reading.ts';
import {
  as,
  daysAgo,
  decide,
  newGuest,
  openOnce,
  reached,
  request,
  requestFor,
} from './support/retrieval.ts';
import { userOf } from './support/stack.ts';

const md5 = (bytes: Uint8Array) => createHash('md5').update(bytes).digest('hex');
/** Larger than a part of an upload and than a frame. */
const picture = randomBytes(9 * 1024 ** 2 + 123);
const voice = randomBytes(4_321);
const cutOff = randomBytes(100);

const guest = newGuest();
let folder: string;

function line(minute: number, type: string, body: object, of = guest): string {
  return JSON.stringify({
    msgid: randomUUID(),
    action: 'send',
    from: of.wecom,
    tolist: ['reservations01'],
    roomid: '',
    msgtime: daysAgo(10).getTime() + minute * 60_000,
    msgtype: type,
    [type]: body,
  });
}

const batchSchema = z.looseObject({ batchId: z.string(), accepted: z.number() });
const scopeSeen = z.looseObject({ scope: z.looseObject({ records: z.number() }) });
const listSchema = z.object({ batches: z.array(batchSchema) });

/** A grant of the guest's records at this level, opened once: its package. */
async function packageOf(
  masking: 'named' | 'masked',
  { of = guest, records = 5 }: { of?: typeof guest; records?: number } = {},
): Promise<{ requestId: string; bytes: Buffer }> {
  const shown = await request(requestFor(of, { masking }));
  expect(shown).toMatchObject({ state: 'awaiting-approval', scope: { records } });
  await decide(shown, 'privacy-officer');
  await decide(shown, 'infosec-director');
  expect(await reached(shown.requestId, 'open', 'failed')).toMatchObject({ state: 'open' });
  const { url } = await openOnce(shown.requestId);
  return { requestId: shown.requestId, bytes: Buffer.from(await (await fetch(url)).arrayBuffer()) };
}

async function binaryEntries(bytes: Buffer): Promise<Map<string, Buffer>> {
  const zip = await yauzl.fromBufferPromise(bytes);
  const entries = new Map<string, Buffer>();
  for await (const entry of zip.eachEntry()) {
    const chunks: Buffer[] = [];
    for await (const chunk of await zip.openReadStreamPromise(entry)) chunks.push(Buffer.from(chunk));
    entries.set(entry.fileName, Buffer.concat(chunks));
  }
  return entries;
}

describe('media', () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'media-'));
    const media = join(folder, 'media');
    mkdirSync(join(media, 'Zhang San'), { recursive: true });
    writeFileSync(join(media, 'Zhang San', 'room.jpg'), picture);
    writeFileSync(join(media, 'hello.amr'), voice);
    writeFileSync(join(media, 'damaged.jpg'), cutOff);
    const file = join(folder, 'export.jsonl');
    const lines = [
      line(1, 'image', { sdkfileid: 'a', md5sum: md5(picture), filesize: picture.length }),
      line(2, 'voice', { sdkfileid: 'b', md5sum: md5(voice), voice_size: voice.length, play_length: 2 }),
      line(3, 'image', { sdkfileid: 'damaged', md5sum: '0'.repeat(32), filesize: 200 }),
      line(4, 'image', { sdkfileid: 'nowhere', md5sum: '1'.repeat(32), filesize: 300 }),
      line(5, 'text', { content: '以上是照片和语音' }),
    ];
    writeFileSync(file, lines.join('\n'));
    const { code, stdout } = await runDualkey([
      ...['ingest', file, '--source', 'wecom', '--hotel', 'SHA01', '--media', media],
      ...['--as', userOf('it-ops'), '--json'],
    ]);
    expect(code).toBe(0);
    expect(batchSchema.parse(JSON.parse(stdout))).toMatchObject({ accepted: 5 });
    expect(await keysIn('inbox')).toEqual([]);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('come out of a retrieval with names byte for byte; what was damaged and what is missing is said', async () => {
    const { requestId, bytes } = await packageOf('named');
    const verified = await verifyPackage(bytes, pinnedKeys());
    expect(verified).toMatchObject({ ok: true, trust: 'pinned' });
    const entries = await binaryEntries(bytes);
    const files = [...entries].filter(([name]) => name.startsWith('attachments/'));
    expect(files.map(([name]) => name.replace(/[0-9a-f]{32}/, 'record'))).toHaveLength(3);
    expect(files[0]?.[1].equals(picture)).toBe(true);
    expect(files[1]?.[1].equals(voice)).toBe(true);
    expect(files[2]?.[1].equals(cutOff)).toBe(true);
    const texts = await readEntries(bytes);
    const completeness: unknown = JSON.parse(texts.get('completeness.json') ?? '');
    expect(completeness).toMatchObject({
      attachments: { present: 2, damaged: 1, missing: 1, reference: 0, withheld: 0 },
    });
    expect(await keysIn('delivery', `staged/${requestId}/`)).toHaveLength(3);

    await (await as('legal')).post(`/requests/${requestId}/close`, {}, expectState('closed'));
    await eventually(
      () => leftovers(requestId),
      (left) => JSON.stringify(left) === JSON.stringify(NOTHING_LEFT),
    );
  });

  it('are withheld from a masked package, which says how many', async () => {
    const { bytes } = await packageOf('masked');
    expect(await verifyPackage(bytes, pinnedKeys())).toMatchObject({ ok: true });
    const texts = await readEntries(bytes);
    expect([...texts.keys()].filter((name) => name.startsWith('attachments/'))).toEqual([]);
    const completeness: unknown = JSON.parse(texts.get('completeness.json') ?? '');
    expect(completeness).toMatchObject({ attachments: { present: 2, damaged: 1, withheld: 3 } });
  });

  it('come later with the same file: they are in the next package, and both batches say so', async () => {
    const other = newGuest();
    const file = join(folder, 'later.jsonl');
    const lines = [
      line(1, 'image', { sdkfileid: 'a', md5sum: md5(picture), filesize: picture.length }, other),
      line(2, 'text', { content: '照片随后补上' }, other),
    ];
    writeFileSync(file, lines.join('\n'));
    async function dualkey(...args: string[]): Promise<unknown> {
      const { code, stdout } = await runDualkey([...args, '--as', userOf('it-ops'), '--json']);
      expect(code).toBe(0);
      return JSON.parse(stdout);
    }
    const ingest = ['ingest', file, '--source', 'wecom', '--hotel', 'SHA01'];
    const first = batchSchema.parse(await dualkey(...ingest));
    expect(first).toMatchObject({ accepted: 2, completeness: { media: { reference: 1 } } });
    const second = batchSchema.parse(await dualkey(...ingest, '--media', join(folder, 'media')));
    expect(second).toMatchObject({
      accepted: 0,
      duplicates: 2,
      completeness: { media: { supplied: 1 } },
    });
    const again = batchSchema.parse(await dualkey(...ingest, '--media', join(folder, 'media')));
    expect(again['completeness']).toMatchObject({
      media: { present: 0, missing: 0, damaged: 0, reference: 0 },
    });

    expect(await dualkey('batch', 'show', first.batchId)).toMatchObject({
      hotel: 'SHA01',
      source: 'wecom',
      commitment: expect.stringMatching(/^sha256:/),
      completeness: { media: { present: 1, reference: 0, later: 1 } },
    });
    const listed = listSchema.parse(await dualkey('batch', 'list', '--hotel', 'SHA01'));
    const ids = listed.batches.map(({ batchId }) => batchId);
    expect(ids.slice(0, 3)).toEqual([again.batchId, second.batchId, first.batchId]);

    const { bytes } = await packageOf('named', { of: other, records: 2 });
    expect(await verifyPackage(bytes, pinnedKeys())).toMatchObject({ ok: true, trust: 'pinned' });
    const files = [...(await binaryEntries(bytes))].filter(([name]) => name.startsWith('attachments/'));
    expect(files.map(([, content]) => content.equals(picture))).toEqual([true]);
    const completeness: unknown = JSON.parse((await readEntries(bytes)).get('completeness.json') ?? '');
    expect(completeness).toMatchObject({
      attachments: { present: 1, reference: 0 },
      batches: [{ batchId: first.batchId, lacks: { media: { present: 1, reference: 0, later: 1 } } }],
    });
  });

  it('brought between two approvals are stated in the package, not in it; a new request brings them (A7)', async () => {
    const other = newGuest();
    const file = join(folder, 'between.jsonl');
    const lines = [
      line(1, 'image', { sdkfileid: 'a', md5sum: md5(picture), filesize: picture.length }, other),
      // The platform declares no digest: whoever brings a file of this name says what it is.
      line(2, 'voice', { sdkfileid: 'hello', play_length: 2 }, other),
      line(3, 'text', { content: '批准之间补上' }, other),
    ];
    writeFileSync(file, lines.join('\n'));
    const ingest = [
      'ingest',
      file,
      '--source',
      'wecom',
      '--hotel',
      'SHA01',
      '--as',
      userOf('it-ops'),
      '--json',
    ];
    expect((await runDualkey(ingest)).code).toBe(0);

    const shown = await request(requestFor(other, { masking: 'named' }));
    const seen = await (await as('privacy-officer')).get(`/requests/${shown.requestId}`, scopeSeen);
    expect(seen.scope).toMatchObject({ records: 3, media: { inCustody: 0, missing: 2 } });
    await decide(shown, 'privacy-officer');
    const { code, stdout } = await runDualkey([...ingest, '--media', join(folder, 'media')]);
    expect(code).toBe(0);
    const later = batchSchema.parse(JSON.parse(stdout));
    expect(later['completeness']).toMatchObject({ media: { supplied: 2, undeclared: 1 } });
    await decide(shown, 'infosec-director');
    expect(await reached(shown.requestId, 'open', 'failed')).toMatchObject({ state: 'open' });
    const { url } = await openOnce(shown.requestId);
    const bytes = Buffer.from(await (await fetch(url)).arrayBuffer());
    expect(await verifyPackage(bytes, pinnedKeys())).toMatchObject({ ok: true, trust: 'pinned' });
    expect(
      [...(await binaryEntries(bytes)).keys()].filter((name) => name.startsWith('attachments/')),
    ).toEqual([]);
    expect(JSON.parse((await readEntries(bytes)).get('completeness.json') ?? '')).toMatchObject({
      attachments: { present: 0, reference: 2, later: 2 },
    });

    const again = await packageOf('named', { of: other, records: 3 });
    expect(await verifyPackage(again.bytes, pinnedKeys())).toMatchObject({ ok: true });
    const files = [...(await binaryEntries(again.bytes))].filter(([name]) => name.startsWith('attachments/'));
    expect(files.map(([, content]) => [picture, voice].some((one) => one.equals(content)))).toEqual([
      true,
      true,
    ]);
    expect(JSON.parse((await readEntries(again.bytes)).get('completeness.json') ?? '')).toMatchObject({
      attachments: { present: 2, reference: 0 },
      suppliers: [{ batchId: later.batchId, by: expect.stringMatching(/^p_/), media: 2, undeclared: 1 }],
    });
  });
});
