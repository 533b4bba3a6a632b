import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { FUNCTION_SPECS } from '../../infra/function-catalogue.ts';

const root = new URL('../../', import.meta.url);
const document = readFileSync(new URL('docs/access-patterns.md', root), 'utf8');
const keysInDocument = [...document.matchAll(/`([^`]+)`/g)].map(([, code]) => code ?? '');

/** Source texts of the adapters, the only code that spells keys. */
const adapters = readdirSync(new URL('shared/aws/', root))
  .filter((name) => name.endsWith('.ts'))
  .map((name) => ({ name, text: readFileSync(new URL(`shared/aws/${name}`, root), 'utf8') }));

function documents(prefix: string): boolean {
  return keysInDocument.some((key) => key.startsWith(prefix));
}

describe('docs/access-patterns.md', () => {
  it('has every kind of key that an adapter spells', () => {
    const undocumented = adapters.flatMap(({ name, text }) =>
      [...text.matchAll(/['`]([A-Z]{2,}#)/g)]
        .map(([, prefix]) => prefix ?? '')
        .filter((prefix) => !documents(prefix))
        .map((prefix) => `${name}: ${prefix}`),
    );
    expect(undocumented).toEqual([]);
  });

  it('has every fixed key that an adapter spells', () => {
    const undocumented = adapters.flatMap(({ name, text }) =>
      [...text.matchAll(/\b[ps]k: '([A-Z][A-Z0-9#]*)'/g)]
        .map(([, key]) => key ?? '')
        .filter((key) => !keysInDocument.includes(key))
        .map((key) => `${name}: ${key}`),
    );
    expect(undocumented).toEqual([]);
  });

  it('has every row and object that a function has a right to', () => {
    const specs = Object.values(FUNCTION_SPECS);
    const rows = specs.flatMap(({ tables = {} }) =>
      Object.values(tables)
        .flat()
        .flatMap(({ rows: some = [] }) => some),
    );
    const objects = specs.flatMap(({ buckets = {} }) =>
      Object.values(buckets).flatMap((uses) => uses.map(({ objects: some }) => some)),
    );
    const patterns = [...new Set([...rows, ...objects])].filter((pattern) => pattern !== '*');
    expect(patterns.filter((pattern) => !documents(pattern.replace(/\*$/, '')))).toEqual([]);
  });

  it('has every index', () => {
    const indexes = Object.values(FUNCTION_SPECS).flatMap(({ indexes: some = {} }) =>
      Object.values(some).flat(),
    );
    for (const index of [...indexes, 'unsequenced']) expect(document).toContain(`\`${index}\`: `);
  });
});
