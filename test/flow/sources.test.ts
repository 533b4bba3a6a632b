import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { verifyPackage } from '../../cli/verify-package.ts';
import { CATEGORIES } from '../../shared/domain/record.ts';
import { completenessSchema } from '../../shared/package/completeness.ts';
import { nameIndex } from '../../shared/package/guest-names.ts';
import { maskText } from '../../shared/package/mask.ts';
import { type StagedRecord, stagedRecordSchema } from '../../shared/package/staged-records.ts';
import { runDualkey } from '../cli/run-dualkey.ts';
import { makeExport } from '../support/source-exports/make-export.ts';
import type { ExpectedRecord, SourceExport, Writer } from '../support/source-exports/source-export.ts';
import { WRITERS } from '../support/source-exports/writers.ts';
import { eventually } from './support/eventually.ts';
import { pinnedKeys, readEntryBytes } from './support/reading.ts';
import { as, daysAgo, decide, reached, request, requestFor, signedOpening } from './support/retrieval.ts';
import { userOf } from './support/stack.ts';

const HOUR_MS = 3_600_000;
/** Commands and retrievals side by side, on two cores. */
const SIDE_BY_SIDE = 4;

const batch = z.object({
  batchId: z.string(),
  accepted: z.number(),
  duplicates: z.number(),
  rejected: z.array(z.object({ line: z.number(), reason: z.string() })),
});
type Batch = z.infer<typeof batch>;
const opening = z.union([z.object({ url: z.string() }), z.object({ state: z.literal('preparing') })]);
/** A record of the package; its watermark is another test's matter. */
const packedRecord = stagedRecordSchema.loose();

/** A source's file, what became of it, and the package of the guest's retrieval. */
type Passed = { made: SourceExport; batch: Batch; packed: Map<string, Buffer>; bytes: Buffer };

let folder: string;
let privateTalk: { code: number; verdict: unknown };
const passed = new Map<Writer, Passed>();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sources-'));
  const workgroup = WRITERS.filter(({ source }) => source === 'workgroup');
  const [talk] = workgroup.map((writer) => exportOf(writer));
  if (talk === undefined) throw new Error('no export of a work group');
  const refused = await ingest(talk);
  privateTalk = { code: refused.code, verdict: refused.document };
  const notice = await dualkey(
    ...['consent', 'notice', '--hotel', 'SHA01', '--reference', 'HR-2026-7'],
    ...['--from', new Date(Date.now() - 20 * HOUR_MS).toISOString(), '--as', userOf('privacy-officer')],
  );
  expect(notice.code).toBe(0);

  const batches = new Map<Writer, { made: SourceExport; batch: Batch }>();
  await sideBySide(WRITERS, async (writer) => {
    const made = exportOf(writer);
    const { code, document, stderr } = await ingest(made);
    if (code !== 0) throw new Error(`${writer.source}, ${writer.format}: ${stderr}`);
    batches.set(writer, { made, batch: batch.parse(document) });
  });
  await sideBySide([...batches], async ([writer, { made, batch }]) => {
    const bytes = await retrieve(made);
    passed.set(writer, { made, batch, bytes, packed: await readEntryBytes(bytes) });
  });
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Work groups speak of today: a notice to employees covers nothing that was written before it. */
function exportOf(writer: Writer): SourceExport {
  const start = writer.source === 'workgroup' ? new Date(Date.now() - 2 * HOUR_MS) : daysAgo(10);
  start.setUTCSeconds(0, 0);
  const index = WRITERS.indexOf(writer);
  return makeExport(writer, { unique: `f${index}n`, dialogue: 40 + index, turns: 8, start });
}

async function sideBySide<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const waiting = items[Symbol.iterator]();
  await Promise.all(
    Array.from({ length: SIDE_BY_SIDE }, async () => {
      for (const item of waiting) await work(item);
    }),
  );
}

async function dualkey(...arguments_: string[]) {
  const { code, stdout, stderr } = await runDualkey([...arguments_, '--json']);
  return { code, document: stdout === '' ? null : JSON.parse(stdout), stderr };
}

function ingest({ source, extension, file, profile, media, timezone }: SourceExport) {
  const place = join(folder, randomUUID());
  const path = join(place, `export.${extension}`);
  mkdirSync(join(place, 'media'), { recursive: true });
  writeFileSync(path, file);
  // A folder of media is never empty; what nothing refers to stays where it is.
  writeFileSync(join(place, 'media', 'unrelated.txt'), 'nobody refers to this');
  for (const [name, bytes] of Object.entries(media)) writeFileSync(join(place, 'media', name), bytes);
  const map = join(place, 'map.json');
  if (profile !== null) writeFileSync(map, JSON.stringify(profile));
  return dualkey(
    ...['ingest', path, '--source', source, '--hotel', 'SHA01', '--as', userOf('it-ops')],
    ...['--media', join(place, 'media')],
    ...(profile === null ? [] : ['--map', map]),
    ...(timezone === null ? [] : ['--timezone', timezone]),
  );
}

/** An escalated retrieval of the guest's records of this source, names shown: its package. */
async function retrieve({ subject, source }: SourceExport): Promise<Buffer> {
  const shown = await request({
    ...requestFor({ wecom: '', phone: '' }),
    ...{ subject, platforms: [source], masking: 'named', matter: 'M-2026-021' },
    ...{ from: daysAgo(20).toISOString(), to: new Date().toISOString() },
    // Complaint plans are never in scope before they are published (R2).
    categories: CATEGORIES.filter((category) => category !== 'complaint-plan'),
    // Key cards and stays are sensitive (R14).
    ...{ necessity: '核实争议当晚的出入与入住情况', impactAssessment: 'PIA-2026-3' },
  });
  if (shown.state !== 'awaiting-approval') throw new Error(`${source}: ${JSON.stringify(shown.verdict)}`);
  for (const role of shown.route) await decide(shown, role);
  const { state } = await reached(shown.requestId, 'open', 'failed');
  expect([source, state]).toEqual([source, 'open']);
  const [legal, key] = [await as('legal'), randomUUID()];
  const stepUp = await signedOpening(legal, shown.requestId);
  const opened = await eventually(
    () => legal.post(`/requests/${shown.requestId}/openings`, { key, stepUp }, opening),
    (answer) => 'url' in answer,
    120,
  );
  if (!('url' in opened)) throw new Error(`${source}: the copy is still being prepared`);
  return Buffer.from(await (await fetch(opened.url)).arrayBuffer());
}

/** What a package says of records, in the words of what was to come out. */
function comeOut({ packed }: Passed) {
  const records = entry(packed, 'records.ndjson')
    .toString('utf8')
    .trim()
    .split('\n')
    .map((line) => packedRecord.parse(JSON.parse(line)));
  const wordsOf = (message: string | null) =>
    message === null
      ? null
      : (records.find(({ recordId }) => recordId.startsWith(message))?.text ?? 'not here');
  return records
    .map(({ at, from, text, category, edited, edits, internal, recalled, recalls, attachments }) => ({
      ...{ at, from: { role: from.role, name: from.name }, text, category, edited, internal, recalled },
      ...{ recalls: wordsOf(recalls), edits: wordsOf(edits) },
      attachments: attachments.map((medium) => mediumIn(packed, medium)),
    }))
    .sort(inOrder);
}

function mediumIn(packed: Map<string, Buffer>, { name, state, file }: StagedRecord['attachments'][number]) {
  return { name, state, bytes: file === null ? null : entry(packed, file).toString('base64') };
}

function entry(packed: Map<string, Buffer>, name: string): Buffer {
  const bytes = packed.get(name);
  if (bytes === undefined) throw new Error(`the package has no ${name}`);
  return bytes;
}

function expectedOf(records: readonly ExpectedRecord[]) {
  const shown = records.filter(({ category }) => category !== 'complaint-plan');
  const taken = new Set(shown.map(({ recalls }) => recalls));
  const replaced = new Set(shown.map(({ edits }) => edits));
  return shown
    .map(({ at, from, text, category, edited, edits, internal, recalls, attachments }) => ({
      ...{ at, from: { role: from.role, name: from.name ?? from.id }, text: asShown(text), category },
      ...{ edited: edited || replaced.has(text), edits, internal, recalled: taken.has(text), recalls },
      attachments: attachments.map(({ name, state, bytes }) => ({
        ...{ name, state },
        bytes: bytes === null ? null : Buffer.from(bytes).toString('base64'),
      })),
    }))
    .sort(inOrder);
}

/** A message of an unknown type shows its fields, whose ids may look like numbers that are never shown (R1). */
function asShown(text: string): string {
  return text.includes('未知类型 unknown type')
    ? maskText(text, { masking: 'named', names: nameIndex([]), askedFor: false }).text
    : text;
}

function inOrder(a: { at: string; text: string }, b: { at: string; text: string }): number {
  return a.at === b.at ? (a.text < b.text ? -1 : 1) : a.at < b.at ? -1 : 1;
}

it('refuses employees’ talk before there is a basis for it (R7)', () => {
  expect(privateTalk).toMatchObject({ code: 1, verdict: { verdict: { outcome: 'deny', rules: ['R7'] } } });
});

describe.each(WRITERS.map((writer) => [`${writer.source}: ${writer.format}`, writer] as const))(
  'a file of %s',
  (_, writer) => {
    function passage(): Passed {
      const found = passed.get(writer);
      if (found === undefined) throw new Error('It did not come through');
      return found;
    }

    it('goes in by the command, and its bad lines are named', () => {
      const { made, batch } = passage();
      expect(batch).toMatchObject({
        accepted: made.records.length + (made.other?.records.length ?? 0),
        duplicates: 0,
        rejected: made.rejected.map((reason) => ({ line: expect.any(Number), reason })),
      });
    });

    it('comes out of a retrieval: words, times, authors, recalls, edits and media, of that guest alone', () => {
      expect(comeOut(passage())).toEqual(expectedOf(passage().made.records));
    });

    it('is stated in the package: what the batch took, rejected, didn’t know and lacked', async () => {
      const { made, batch, packed, bytes } = passage();
      const { batches, missing } = completenessSchema.parse(
        JSON.parse(entry(packed, 'completeness.json').toString('utf8')),
      );
      const all = [...made.records, ...(made.other?.records ?? [])];
      const media = all.flatMap(({ attachments }) => attachments);
      const counted = (state: string) => media.filter((medium) => medium.state === state).length;
      expect(missing).toEqual([]);
      expect(batches).toEqual([
        expect.objectContaining({
          batchId: batch.batchId,
          platform: made.source,
          records: expectedOf(made.records).length,
          accepted: all.length,
          rejected: made.rejected.length,
          lacks: expect.objectContaining({
            truncated: false,
            unknownTypes: made.unknown,
            internalNotes: all.filter(({ internal }) => internal).length,
            media: { present: counted('present'), missing: counted('missing'), damaged: 0, reference: 0 },
            rejectedBy: Object.fromEntries(made.rejected.map((reason) => [reason, 1])),
          }),
          commitment: expect.objectContaining({ state: 'read', lost: 0 }),
        }),
      ]);
      expect(await verifyPackage(bytes, pinnedKeys())).toMatchObject({ ok: true, trust: 'pinned' });
    });
  },
);
