import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { readCaseFile } from '../../cli/case-file.ts';
import { CASE_KINDS, caseSchema } from '../../shared/domain/case.ts';
import { entryFields } from '../../shared/domain/case-entry.ts';
import { guestIdentifierSchema } from '../../shared/domain/hotel-guest.ts';
import { CASE_KIND_LABELS } from '../../shared/domain/labels.ts';

const page = readFileSync(new URL('../../docs/cases.md', import.meta.url), 'utf8');
const COMMON = ['kind', 'reference', 'hotels'];
const codes = (cell = '') => [...cell.matchAll(/`(\w+)`/g)].map(([, code]) => code).sort();
const rows = page
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => line.split('|').map((cell) => cell.trim()));

/** The codes that a schema takes, one or a list of them; null where it takes no codes. */
function codesOf(schema: unknown): string[] | null {
  if (schema instanceof z.ZodNullable) return codesOf(schema.unwrap());
  if (schema instanceof z.ZodArray) return codesOf(schema.element);
  return schema instanceof z.ZodEnum ? schema.options.map(String) : null;
}
const coded = caseSchema.options.flatMap((option) =>
  Object.entries<unknown>(option.shape).flatMap(([field, schema]) => {
    const values = codesOf(schema);
    return values === null ? [] : [{ kind: option.shape.kind.value, field, values }];
  }),
);
const valuesIn = (cell = '') => [...cell.matchAll(/`([\w-]+)`/g)].map(([, code]) => code);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cases-page-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('docs/cases.md', () => {
  it.each(CASE_KINDS)('says the fields of %s, and which may be null', (kind) => {
    const [, , , further, nullable] = rows.find(([, name]) => name === `\`${kind}\``) ?? [];
    expect(codes(further)).toEqual(
      entryFields(kind)
        .filter((field) => !COMMON.includes(field))
        .sort(),
    );
    const shape: Record<string, z.ZodType> =
      caseSchema.options.find((option) => option.shape.kind.value === kind)?.shape ?? {};
    const mayBeNull = Object.keys(shape).filter((field) => shape[field]?.safeParse(null).success === true);
    expect(codes(nullable)).toEqual(mayBeNull.sort());
  });

  it.each(coded)('says what $field of $kind may be, and nothing else', ({ kind, field, values }) => {
    const [, , of, said] =
      rows.find(([, name, whose]) => name === `\`${field}\`` && whose?.includes(`\`${kind}\``)) ?? [];
    expect(valuesIn(of)).toContain(kind);
    expect(valuesIn(said).sort()).toEqual([...values].sort());
  });

  it('says of what kind a guest’s identifier may be', () => {
    const [, , , said] = rows.find(([, name]) => name === '`kind` of a guest') ?? [];
    expect(valuesIn(said).sort()).toEqual([...(codesOf(guestIdentifierSchema.shape.kind) ?? [])].sort());
  });

  it('calls each kind as the product does', () => {
    for (const kind of CASE_KINDS)
      expect(rows.find(([, name]) => name === `\`${kind}\``)?.[2]).toBe(CASE_KIND_LABELS[kind].zh);
  });

  it.each(['json', 'csv'])('has an example in %s that is taken as it stands', async (form) => {
    const [, example = ''] = new RegExp(`\`\`\`${form}\n([^]*?)\`\`\``).exec(page) ?? [];
    const file = join(folder, `example.${form}`);
    writeFileSync(file, example);
    expect(await readCaseFile(file)).toHaveLength(1);
  });

  it('says that an object with the list is taken as well, each fault at its line', async () => {
    const file = join(folder, 'object.json');
    writeFileSync(file, '{"cases": [\n{"kind": "matter", "reference": "M-1", "hotels": ["SHA01"]}\n]}');
    await expect(readCaseFile(file)).rejects.toMatchObject({ where: `${file}:2` });
  });
});
