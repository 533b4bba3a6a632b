import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LIMITS } from '../../../../shared/domain/limits.ts';
import type { Format } from '../../../../shared/sources/documents/several-formats.ts';
import { type Importer, PLAIN_DRAFT } from '../../../../shared/sources/importer.ts';
import { type Outcome, readJsonDocuments } from '../../../../shared/sources/json/json-documents.ts';
import { EACH, spansOf } from '../../../../shared/sources/json/json-spans.ts';
import { isJsonObject, listOf, textOf } from '../../../../shared/sources/json/json-value.ts';
import { readAll, recordsOf, rejectionsOf } from '../support/read-all.ts';

/** Reads `{"page": [{"id", "text"}]}`: enough of a format to see how documents are cut. */
const pages: Importer & Format = {
  source: 'booking',
  read: (bytes, from, options) => readJsonDocuments(bytes, from, options, outcomesOf),
};

function* outcomesOf({ text, value }: { text: string; value: unknown }): Generator<Outcome> {
  if (!isJsonObject(value)) {
    yield { kind: 'rejected', reason: 'not-an-object', span: { start: 0, end: text.length } };
    return;
  }
  const spans = spansOf(text, ['page', EACH]);
  for (const [index, message] of listOf(value['page']).entries()) {
    const span = spans[index];
    if (span === undefined) throw new Error('An element has no place');
    if (!isJsonObject(message) || textOf(message['id']) === '') {
      yield { kind: 'rejected', reason: 'missing-field:id', span };
      continue;
    }
    yield {
      kind: 'record',
      span,
      draft: {
        ...PLAIN_DRAFT,
        sourceMessageId: textOf(message['id']),
        placements: [{ conversation: 'c', identifiers: [] }],
        at: new Date(0),
        from: { role: 'guest', id: null, name: null },
        text: textOf(message['text']),
        sourceType: 'message',
        content: '{}',
      },
    };
  }
}

const page = (...messages: unknown[]) => ({ page: messages });
const MESSAGES = [
  { id: '1', text: '你好 "引号" \\ 😀' },
  { id: 9007199254740993n.toString(), text: '再见' },
];

describe('a file of JSON documents', () => {
  it.each([
    ['one on each line', [page(MESSAGES[0]), page(MESSAGES[1])].map((one) => JSON.stringify(one)).join('\n')],
    ['one array', JSON.stringify([page(MESSAGES[0]), page(MESSAGES[1])])],
    ['one array on many lines', JSON.stringify([page(MESSAGES[0]), page(MESSAGES[1])], null, 2)],
    ['one document on many lines', JSON.stringify(page(...MESSAGES), null, 2)],
    ['documents one after the other', MESSAGES.map((one) => JSON.stringify(page(one), null, 1)).join('\n\n')],
    ['a byte order mark before it', `\uFEFF${JSON.stringify(page(...MESSAGES))}`],
  ])('may be %s; each record has exactly its own bytes', async (_name, text) => {
    for (const chunk of [1, 7, 64 * 1024]) {
      const records = recordsOf(await readAll(pages, text, { chunk }));
      expect(records.map(({ original }) => JSON.parse(Buffer.from(original).toString()))).toEqual(MESSAGES);
      for (const { original, line } of records) {
        const raw = Buffer.from(original).toString();
        expect(
          text
            .split('\n')
            .slice(line - 1)
            .join('\n'),
        ).toContain(raw);
        expect(text.split('\n')[line - 1]).toContain(raw.split('\n')[0]);
      }
    }
  });

  it('goes on after any item as if it had never stopped', async () => {
    const lines = [page(...MESSAGES, { text: 'no id' }), page(), page(MESSAGES[1])];
    for (const text of [
      lines.map((one) => JSON.stringify(one)).join('\n'),
      JSON.stringify(lines, null, 1),
      `${JSON.stringify(lines[0])}\n{"page": [\n`,
    ]) {
      const whole = await readAll(pages, text);
      expect(recordsOf(whole).length).toBeGreaterThan(1);
      for (const [index, item] of whole.entries()) {
        expect(await readAll(pages, text, { chunk: 5, from: item.end })).toEqual(whole.slice(index + 1));
      }
    }
  });

  it('names a bad line and reads the others; says where the file was cut', async () => {
    const good = JSON.stringify(page(MESSAGES[0]));
    const items = await readAll(pages, `${good}\n{"page": [}\n${good}\n7\n${good.slice(0, 20)}`);
    expect(recordsOf(items)).toHaveLength(2);
    expect(rejectionsOf(items)).toEqual([
      { line: 2, reason: 'not-json' },
      { line: 4, reason: 'not-an-object' },
      { line: 5, reason: 'not-json' },
    ]);
    expect(items.at(-1)).toMatchObject({ kind: 'lack', lack: { kind: 'truncated' } });
  });

  it('is read alike however it is cut into pieces, damaged or not', async () => {
    const good = JSON.stringify(page(MESSAGES[0]));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(good, '{"page": [}', '{', '"', ']', '7', '')),
        fc.integer({ min: 1, max: 60 }),
        async (lines, chunk) => {
          const text = lines.join('\n');
          expect(await readAll(pages, text, { chunk })).toEqual(await readAll(pages, text));
        },
      ),
    );
  });

  it('says so where a document that fills the file is cut', async () => {
    const text = JSON.stringify(page(...MESSAGES), null, 2);
    const items = await readAll(pages, text.slice(0, -10));
    expect(items.map(({ kind }) => kind)).toEqual(['rejected', 'lack']);
  });

  it('passes a document that is too large, holds no more of it than one may have, and goes on', async () => {
    const large = JSON.stringify(page({ id: '1', text: 'x'.repeat(LIMITS.documentBytes) }));
    const items = await readAll(
      pages,
      `${JSON.stringify(page(MESSAGES[0]))}\n${large}\n${JSON.stringify(page(MESSAGES[1]))}`,
    );
    expect(recordsOf(items)).toHaveLength(2);
    expect(rejectionsOf(items)).toEqual([{ line: 2, reason: 'document-too-large' }]);
    const [rejected] = items.filter((item) => item.kind === 'rejected');
    expect(rejected?.bytes).toBe(large.length);
    expect(rejected?.original.length).toBe(LIMITS.lineBytes);
  });

  it('never throws, whatever the bytes and however they are cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.uint8Array({ maxLength: 200 }),
          fc.json().map((text) => Buffer.from(text)),
          fc.string().map((text) => Buffer.from(text)),
        ),
        fc.integer({ min: 1, max: 50 }),
        async (bytes, chunk) => {
          const items = await readAll(pages, bytes, { chunk });
          expect(items.every(({ line }) => line >= 1)).toBe(true);
        },
      ),
    );
  });
});
