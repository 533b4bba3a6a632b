import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { faultInChain } from '../../../shared/domain/custody-event.ts';
import { messageOf } from '../../../shared/domain/message-of.ts';
import { type Identifier, SOURCES } from '../../../shared/domain/record.ts';
import { makeExport } from '../../support/source-exports/make-export.ts';
import type { ExpectedRecord, SourceExport, Writer } from '../../support/source-exports/source-export.ts';
import { WRITERS } from '../../support/source-exports/writers.ts';
import { type IngestWorld, ingestWorld } from './ingest-world.ts';

const START = new Date('2026-05-20T01:00:00.000Z');

function exportOf(writer: Writer, turns = 6): SourceExport {
  return makeExport(writer, {
    unique: `u${WRITERS.indexOf(writer)}x`,
    dialogue: WRITERS.indexOf(writer),
    turns,
    start: START,
  });
}

/** A hotel in which staff rules with a notice to everybody allow work groups to be collected (R7). */
async function worldFor({ source }: Pick<SourceExport, 'source'>): Promise<IngestWorld> {
  const world = ingestWorld();
  if (source === 'workgroup') {
    const at = '2026-01-01T00:00:00.000Z';
    await world.reader.consents.place(
      {
        ...{ basisId: 'bas_1', kind: 'notice', hotel: 'SHA01', personId: null, reference: 'HR-2026-1' },
        ...{ from: at, until: null, placed: { by: 'p_privacy', at }, withdrawn: null },
      },
      { at: new Date(at), actor: 'p_privacy', data: { employees: 0 } },
    );
  }
  return world;
}

async function upload(world: IngestWorld, made: SourceExport, file = made.file): Promise<string> {
  const { profile, media, source, timezone } = made;
  const beside = { media, ...(profile === null ? {} : { profile }) };
  return world.uploadWith(beside, file, { source, timezone });
}

async function take(world: IngestWorld, made: SourceExport, file = made.file) {
  const batchId = await upload(world, made, file);
  expect(await world.run(batchId)).toMatchObject({ outcome: 'committed', error: null });
  return world.batch(batchId);
}

/** What lies in custody for this guest, in the words of what was to come out. */
async function custodyOf(world: IngestWorld, subject: Identifier): Promise<ExpectedRecord[]> {
  const ages = { from: new Date(0), to: new Date('9999-01-01T00:00:00Z') };
  const found: {
    record: Omit<ExpectedRecord, 'recalls' | 'edits'>;
    id: string;
    recalls: string | null;
    edits: string | null;
  }[] = [];
  for (const guestId of await world.guestsOf(subject)) {
    for (const row of await world.reader.records.blocksOf(guestId, ages.from, ages.to)) {
      for (const stored of await world.opened(row)) {
        const attachments: ExpectedRecord['attachments'] = [];
        for (const { name, state, mediaId } of stored.attachments) {
          if (state !== 'present' && state !== 'missing') throw new Error(`A medium is ${state}`);
          attachments.push({
            name,
            state,
            bytes: mediaId === null ? null : await world.medium(row, mediaId),
          });
        }
        const { recordId, at, from, text, category, edited, internal, recalls, edits } = stored;
        const record = {
          at,
          from,
          text,
          category,
          conversation: row.conversationId,
          edited,
          internal,
          attachments,
        };
        found.push({ record, id: recordId, recalls, edits });
      }
    }
  }
  const wordsOf = (message: string | null) =>
    message === null
      ? null
      : (found.find(({ id }) => messageOf(id) === message)?.record.text ?? 'not in custody');
  return found
    .map(({ record, recalls, edits }) => ({ ...record, recalls: wordsOf(recalls), edits: wordsOf(edits) }))
    .sort(inOrder);
}

function inOrder(a: ExpectedRecord, b: ExpectedRecord): number {
  return a.at === b.at ? (a.text < b.text ? -1 : 1) : a.at < b.at ? -1 : 1;
}

/** Media as plain bytes, and without the names of conversations, which are keyed in custody. */
function plain(records: readonly ExpectedRecord[]) {
  return records.toSorted(inOrder).map(({ conversation: _, attachments, ...record }) => ({
    ...record,
    attachments: attachments.map(({ bytes, ...medium }) => ({
      ...medium,
      bytes: bytes === null ? null : Buffer.from(bytes).toString('base64'),
    })),
  }));
}

it('has a generated export for every source', () => {
  expect(SOURCES.filter((source) => !WRITERS.some((writer) => writer.source === source))).toEqual([]);
});

describe.each(WRITERS.map((writer) => [`${writer.source}: ${writer.format}`, writer] as const))(
  '%s',
  (_, writer) => {
    it('gives the same words, times, authors, recalls and media back, to whom they belong and to nobody else', async () => {
      const made = exportOf(writer);
      const world = await worldFor(made);
      const batch = await take(world, made);
      expect(batch.rejected.map(({ reason }) => reason)).toEqual(made.rejected);
      expect(plain(await custodyOf(world, made.subject))).toEqual(plain(made.records));
      if (made.other !== null) {
        expect(plain(await custodyOf(world, made.other.subject))).toEqual(plain(made.other.records));
      }
      // What somebody typed in a chat leads to nobody, or to its owner.
      const owners = await world.guestsOf(made.subject);
      for (const typed of made.typed) {
        for (const guestId of await world.guestsOf(typed)) expect(owners).not.toContain(guestId);
      }
      const media = made.records.concat(made.other?.records ?? []).flatMap(({ attachments }) => attachments);
      expect(batch).toMatchObject({
        accepted: made.records.length + (made.other?.records.length ?? 0),
        duplicates: 0,
        completeness: {
          truncated: false,
          unknownTypes: made.unknown,
          internalNotes: made.records.filter(({ internal }) => internal).length,
          media: {
            present: media.filter(({ state }) => state === 'present').length,
            missing: media.filter(({ state }) => state === 'missing').length,
            damaged: 0,
            reference: 0,
          },
          rejectedBy: Object.fromEntries(made.rejected.map((reason) => [reason, 1])),
        },
      });
    });

    it('changes nothing when it comes again, and a later file adds what is new alone', async () => {
      const made = exportOf(writer);
      const world = await worldFor(made);
      const { accepted } = await take(world, made);
      expect(await take(world, made)).toMatchObject({ accepted: 0, duplicates: accepted, conflicts: 0 });
      expect(plain(await custodyOf(world, made.subject))).toEqual(plain(made.records));

      const later = await take(world, made, made.later);
      expect(later).toMatchObject({ accepted: made.added.length, conflicts: 0 });
      expect(later.duplicates).toBeGreaterThan(0);
      expect(plain(await custodyOf(world, made.subject))).toEqual(plain([...made.records, ...made.added]));
    });

    it('loses nothing and doubles nothing, wherever ingest is killed and begun again', async () => {
      const made = exportOf(writer, 2);
      const whole = await worldFor(made);
      const { process } = await whole.run(await upload(whole, made));
      await fc.assert(
        fc.asyncProperty(
          fc.nat({ max: process.effects() - 1 }),
          fc.constantFrom('before' as const, 'after' as const),
          async (effect, when) => {
            const world = await worldFor(made);
            const batchId = await upload(world, made);
            expect((await world.run(batchId, { death: { effect, when } })).process.died()).toBe(true);
            await finish(world, batchId);
            expect(plain(await custodyOf(world, made.subject))).toEqual(plain(made.records));
            expect(await world.batch(batchId)).toMatchObject({
              state: 'committed',
              accepted: made.records.length + (made.other?.records.length ?? 0),
              duplicates: 0,
            });
            expect(faultInChain(await world.reader.custody.events(`batch/${batchId}`))).toBeNull();
            expect(world.aws.buckets.keysIn('inbox')).toEqual([]);
          },
        ),
        { numRuns: 4 },
      );
    });
  },
);

/** Runs to the end, however many invocations it takes, as the platform's retries and reconcile would. */
async function finish(world: IngestWorld, batchId: string): Promise<void> {
  for (let attempt = 0; attempt < 5; attempt += 1) {
    world.pass(3);
    const { error } = await world.run(batchId);
    if (error === null && world.rows('BATCHES#').length === 0) return;
  }
  throw new Error('The batch did not come to its end');
}
