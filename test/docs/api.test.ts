import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { printBodySchema, printEndBodySchema } from '../../functions/print/print-body.ts';
import { unlockBodySchema } from '../../functions/unlock/unlock-body.ts';
import { FUNCTION_SPECS } from '../../infra/function-catalogue.ts';
import { DANGERS } from '../../shared/domain/break-glass.ts';
import { LIMITS } from '../../shared/domain/limits.ts';
import { PRINT_ENDINGS } from '../../shared/domain/print.ts';
import { caseFileSchema, statedFactsSchema } from '../../shared/policy/case-file.ts';

const document = readFileSync(new URL('../../docs/api.md', import.meta.url), 'utf8');
const rulebook = readFileSync(new URL('../../docs/rules.md', import.meta.url), 'utf8');

/** The text under a heading, up to the next of its kind. */
function section(heading: string): string {
  const [, text] = document.split(`\n## ${heading}\n`);
  if (text === undefined) throw new Error(`docs/api.md has no section "${heading}"`);
  return text.split('\n## ')[0] ?? '';
}

/** The routes of the headings and of the tables' first cells, without their query: that a text mentions one describes nothing. */
function describedRoutes(): string[] {
  const places = document
    .split('\n')
    .flatMap((line) => /^### (.+)$/.exec(line)?.[1] ?? /^\| ([^|]+)\|/.exec(line)?.[1] ?? []);
  return places.flatMap((place) =>
    [...place.matchAll(/`((?:GET|POST|PUT|PATCH|DELETE) \/[^`?]*)(?:\?[^`]*)?`/g)].map(
      ([, route]) => route ?? '',
    ),
  );
}

/** As much of a JSON Schema as names its fields. */
const shape = z.looseObject({
  properties: z.record(z.string(), z.json()).optional(),
  items: z.json().optional(),
  anyOf: z.array(z.json()).optional(),
});

/** Names of the fields at a path of a schema, as JSON Schema says them. */
function fieldsOf(schema: z.ZodType, ...path: string[]): string[] {
  let at = shape.parse(z.toJSONSchema(schema, { unrepresentable: 'any', io: 'input' }));
  for (const step of path) {
    at = shape.parse(step === '[]' ? at.items : at.properties?.[step]);
    const inner = at.anyOf?.map((one) => shape.parse(one)).find((one) => one.properties !== undefined);
    at = inner ?? at;
  }
  return Object.keys(at.properties ?? {});
}

describe('docs/api.md', () => {
  it('has every route that there is, by method and path, each where it is described, and no other', () => {
    const routes = Object.values(FUNCTION_SPECS).flatMap(({ routes = [], openRoutes = [] }) => [
      ...routes,
      ...openRoutes,
    ]);
    expect(describedRoutes().sort()).toEqual([...routes].sort());
  });

  it('says how break-glass is started: each danger, how long its description may be', () => {
    const text = section('Break-glass 紧急调阅');
    for (const danger of DANGERS) expect(text).toContain(`"${danger}"`);
    expect(text).toContain(`1 to ${LIMITS.freeTextCharacters.toLocaleString('en')} characters`);
    expect(text).toContain('`POST /requests`');
  });

  it('says what a print and an unlocking take', () => {
    const prints = section('Prints 打印登记');
    for (const field of [...fieldsOf(printBodySchema('system')), ...fieldsOf(printEndBodySchema('system'))]) {
      if (field !== 'asOf') expect(prints).toContain(field);
    }
    for (const ending of PRINT_ENDINGS) expect(prints).toContain(ending);
    expect(prints).toContain(`At most ${LIMITS.prints.toLocaleString('en')} of a request`);
    for (const field of fieldsOf(unlockBodySchema('system'))) {
      if (field !== 'asOf') expect(section('Unlocking 解锁')).toContain(field);
    }
  });

  it('names every fact of --facts and every field of a case file, as docs/rules.md does', () => {
    const text = section('Rules tried offline 规则试用');
    const facts = [
      ...fieldsOf(statedFactsSchema),
      ...fieldsOf(statedFactsSchema, 'scope'),
      ...fieldsOf(statedFactsSchema, 'cases'),
    ];
    expect(facts).toEqual(expect.arrayContaining(['emergencyUses', 'guests', 'matter']));
    for (const fact of facts) {
      expect(text).toContain(`\`${fact}\``);
      expect(rulebook).toContain(`\`${fact}\``);
    }
    const ofCase = fieldsOf(caseFileSchema, 'cases', '[]');
    const expected = fieldsOf(caseFileSchema, 'cases', '[]', 'expect');
    expect(text).toContain(`{cases: [{${ofCase.slice(0, 3).join(', ')}, expect: {${expected.join(', ')}}}]}`);
  });
});
