import { existsSync, readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { importerOf } from '../../../shared/sources/built-sources.ts';
import { BEGINNING, type Importer, type ImportOptions, type Item } from '../../../shared/sources/importer.ts';
import { makeExport } from '../../support/source-exports/make-export.ts';
import type { Writer } from '../../support/source-exports/source-export.ts';
import { WRITERS } from '../../support/source-exports/writers.ts';
import { pieces } from './support/read-all.ts';
import { readSurveyed } from './support/read-surveyed.ts';

const MIB = 1024 ** 2;
/** Damaged files of each format. */
const RUNS = 100;

type Given = { importer: Importer; options: Partial<ImportOptions>; files: Buffer[] };

/** Real payloads of a format where they are there, besides the generated export. */
const REAL: Readonly<Record<string, () => Buffer[]>> = {
  // The payload as it stands: its integers are beyond what JSON.parse can hold.
  'wecom archive': () =>
    readLinesOf('../shared/data/wecom-plaintext.jsonl').flatMap((line) => {
      const payload = /"plaintext": (\{.*\})\}$/.exec(line)?.[1];
      return payload === undefined ? [] : [Buffer.from(payload)];
    }),
  'ai-connect transcripts': () =>
    ['../shared/data/connect-contactlens-chat-original.json']
      .filter((file) => existsSync(file))
      .map((file) => readFileSync(file)),
};

function readLinesOf(file: string): string[] {
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
}

function given(writer: Writer): Given {
  const made = makeExport(writer, {
    unique: 'd',
    dialogue: 90,
    turns: 4,
    start: new Date('2026-05-20T01:00:00.000Z'),
  });
  const importer = importerOf(made.source);
  if (importer === null) throw new Error(`${made.source} has no importer`);
  const { profile, timezone } = made;
  const options = { profile, timezone: profile?.timezone ?? timezone, ownNames: profile?.ownNames ?? [] };
  const real = REAL[`${writer.source} ${writer.format}`]?.() ?? [];
  return { importer, options, files: [Buffer.from(made.file), ...real] };
}

const place = fc.nat({ max: 1_000_000 });
/** What doesn't belong into a file: control characters, half characters, halves of pairs, keys and marks of formats. */
const intruder = fc.oneof(
  fc
    .constantFrom(
      ...[
        '\0',
        '"',
        '\\',
        '{',
        '}',
        '[',
        ']',
        '<',
        '>',
        '&',
        ',',
        ';',
        '\t',
        '\n',
        '\r\n',
        '\uFEFF',
        '\u202E',
      ],
      ...[
        '\\ud800',
        '\\u0000',
        '"text":',
        '"id":1,"id":2,',
        '"msgid":"x",',
        '=cmd()',
        ']]>',
        '<!DOCTYPE x>',
        '&lol;',
        '1e999',
        '-0',
      ],
    )
    .map((text) => Buffer.from(text)),
  // A lone surrogate and half a character, as bytes.
  fc.constantFrom(
    Buffer.from([0xed, 0xa0, 0x80]),
    Buffer.from([0xe4, 0xbd]),
    Buffer.from([0xff, 0xfe]),
    Buffer.from([0x81]),
  ),
  fc.uint8Array({ minLength: 1, maxLength: 8 }).map((bytes) => Buffer.from(bytes)),
);
const damage = fc.oneof(
  fc.tuple(place, fc.nat({ max: 7 })).map(([at, bit]) => (file: Buffer) => {
    const copy = Buffer.from(file);
    const index = at % Math.max(copy.length, 1);
    if (copy.length > 0) copy.writeUInt8(copy.readUInt8(index) ^ (1 << bit), index);
    return copy;
  }),
  fc.tuple(place, fc.nat({ max: 60 })).map(([at, length]) => (file: Buffer) => {
    const start = at % (file.length + 1);
    return Buffer.concat([file.subarray(0, start), file.subarray(start + length)]);
  }),
  fc.tuple(place, fc.nat({ max: 400 })).map(([at, length]) => (file: Buffer) => {
    const start = at % (file.length + 1);
    return Buffer.concat([file.subarray(0, start + length), file.subarray(start)]);
  }),
  fc.tuple(place, intruder).map(([at, bytes]) => (file: Buffer) => {
    const start = at % (file.length + 1);
    return Buffer.concat([file.subarray(0, start), bytes, file.subarray(start)]);
  }),
  place.map((at) => (file: Buffer) => file.subarray(0, at % (file.length + 1))),
);

/** Records or reasons, each record's bytes a part of the file as they stand in it. */
function expectSound(items: readonly Item[], file: Buffer): void {
  for (const item of items) {
    expect(item.line).toBeGreaterThanOrEqual(1);
    expect(item.end.offset).toBeLessThanOrEqual(file.length);
    if (item.kind === 'rejected') expect(item.reason).toMatch(/^[\w.:-]{1,80}$/);
    if (item.kind !== 'record') continue;
    expect(item.original.length).toBeGreaterThan(0);
    expect(file.includes(Buffer.from(item.original))).toBe(true);
    expect(item.text.isWellFormed()).toBe(true);
    expect(Number.isFinite(item.at.getTime())).toBe(true);
    expect(item.placements.length).toBeGreaterThan(0);
  }
}

const BOMB = `<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY l0 "lol">${Array.from(
  { length: 12 },
  (_, level) => `<!ENTITY l${level + 1} "${`&l${level};`.repeat(10)}">`,
).join(
  '',
)}]><xml><ToUserName>a</ToUserName><FromUserName>b</FromUserName><CreateTime>1700000000</CreateTime><MsgType>text</MsgType><Content>&l12;</Content></xml>`;

setFlagsFromString('--expose-gc');
const collect = z.custom<() => void>((value) => typeof value === 'function').parse(runInNewContext('gc'));
const LINE_MIB = 160;
const LOOKED_AT_MIB = [0, 4, 15, 17, 60, LINE_MIB - 1];
/** The longest document (16 MiB) as bytes, as text and in pieces, with what can't be collected yet. */
const MOST_HELD_MIB = 112;
/** What is held once nothing more can be collected, in bytes. */
function held(): number {
  collect();
  // Buffers that one collection finds are given back by a thread of its own; the next one waits for it.
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

describe.each(WRITERS.map((writer) => [`${writer.source}: ${writer.format}`, writer] as const))(
  '%s',
  (_, writer) => {
    it('gives records or reasons for whatever became of a file', async () => {
      const { importer, options, files } = given(writer);
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom(...files),
          fc.array(damage, { minLength: 1, maxLength: 5 }),
          fc.constantFrom(61, 4_096, 65_536),
          async (whole, changes, chunk) => {
            const file = changes.reduce((bytes, change) => change(bytes), whole);
            expectSound(await readSurveyed(importer, file, { ...options, chunk }), file);
          },
        ),
        { numRuns: RUNS },
      );
    });

    it('unfolds neither a compressed file nor an entity', async () => {
      const { importer, options } = given(writer);
      for (const file of [gzipSync(Buffer.alloc(64 * MIB)), Buffer.from(BOMB)]) {
        const items = await readSurveyed(importer, file, options);
        expectSound(items, file);
        const words = items.reduce((sum, item) => sum + (item.kind === 'record' ? item.text.length : 0), 0);
        expect(words).toBeLessThanOrEqual(2 * file.length);
      }
    });

    it('holds no more than its limits of a line that doesn’t end', async () => {
      const { importer, options, files } = given(writer);
      const beginning = (files[0] ?? Buffer.alloc(0)).subarray(0, Math.floor((files[0]?.length ?? 0) / 2));
      const filling = Buffer.alloc(64 * 1024, 'x');
      let most = 0;
      async function* line(from: number) {
        yield* pieces(beginning, 64 * 1024, Math.min(from, beginning.length));
        for (let sent = 0; sent < LINE_MIB * MIB; sent += filling.length) {
          // Shortly before and after the longest document that is held, and far behind it.
          if (LOOKED_AT_MIB.includes(sent / MIB)) most = Math.max(most, held());
          // Bytes of their own: whoever keeps them holds them.
          yield Buffer.from(filling);
        }
      }
      const all: ImportOptions = {
        timezone: null,
        profile: null,
        ownNames: [],
        staffAccounts: async () => new Set(),
        ...options,
      };
      const before = held();
      const state = (await importer.survey?.(line(0), all)) ?? null;
      let items = 0;
      for await (const item of importer.read(line(0), { ...BEGINNING, state }, all)) {
        items += 1;
        if (item.kind === 'rejected') expect(item.original.length).toBeLessThanOrEqual(MIB);
      }
      expect(items).toBeGreaterThan(0);
      expect(most).toBeGreaterThan(0);
      expect(most - before).toBeLessThan(MOST_HELD_MIB * MIB);
    });
  },
);
