import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, sep } from 'node:path';
import { describe, expect, it } from '@jest/globals';

/**
 * Which part may import which (docs: README "Layout"): `domain ← policy`, `domain ← ports ← aws`; functions use shared
 * and never each other; shared imports no function; infra names functions by their entry paths.
 */
const MAY_IMPORT: Record<string, readonly string[]> = {
  'shared/domain': [],
  'shared/policy': ['shared/domain'],
  'shared/ports': ['shared/domain'],
  'shared/crypto': ['shared/domain', 'shared/ports'],
  'shared/sources': ['shared/domain', 'shared/ports', 'shared/crypto'],
  'shared/package': ['shared/domain', 'shared/ports', 'shared/crypto'],
  'shared/facts': ['shared/domain', 'shared/policy', 'shared/ports', 'shared/crypto'],
  'shared/directory': ['shared/domain', 'shared/sources'],
  'shared/loop': ['shared/domain', 'shared/policy', 'shared/ports', 'shared/crypto', 'shared/facts'],
  'shared/view': ['shared/domain', 'shared/ports', 'shared/crypto', 'shared/facts', 'shared/package'],
  'shared/conduct': ['shared/domain', 'shared/ports'],
  'shared/step-up': ['shared/domain', 'shared/policy', 'shared/ports', 'shared/crypto'],
  'shared/retention': ['shared/domain', 'shared/policy', 'shared/ports', 'shared/crypto', 'shared/facts'],
  'shared/custody-in': [
    'shared/domain',
    'shared/ports',
    'shared/crypto',
    'shared/sources',
    'shared/loop',
    'shared/aws',
  ],
  'shared/runtime': ['shared/domain', 'shared/policy', 'shared/ports'],
  'shared/aws': ['shared/domain', 'shared/ports', 'shared/crypto', 'shared/runtime'],
  functions: ['shared'],
  infra: ['shared/domain', 'shared/policy', 'shared/runtime'],
  'infra commands': ['shared'],
  cli: ['shared/domain', 'shared/policy', 'shared/package', 'shared/crypto', 'shared/sources'],
  local: ['cli', 'infra', 'shared'],
  bench: ['cli', 'local', 'shared', 'functions', 'test'],
  test: ['bench', 'cli', 'functions', 'infra', 'infra commands', 'local', 'shared'],
};

/** What an administrator runs against a deployed region wires adapters, as functions do; the stacks know nothing of it. */
const COMMANDS = ['infra/enter-people.ts', 'infra/write-keys.ts'];

/** The regions file is data, read at both ends. */
const DATA = ['infra/regions.json'];

type Import = { from: string; to: string };

const ROOT = join(import.meta.dirname, '..');
const FILES = globSync('{shared,functions,infra,cli,local,bench,test}/**/*.ts', {
  cwd: ROOT,
  exclude: (name) => name.includes('node_modules'),
}).map((file) => file.split(sep).join('/'));

const textOf = (file: string) => readFileSync(join(ROOT, file), 'utf8');

function specifiersOf(file: string): string[] {
  const pattern = /\b(?:import|export)\s+(?:[\w*\s{},]+\s+from\s+)?'([^']+)'|\bimport\(\s*'([^']+)'/g;
  return [...textOf(file).matchAll(pattern)].map((match) => match[1] ?? match[2] ?? '');
}

function importsOf(file: string): Import[] {
  return specifiersOf(file)
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => ({
      from: file,
      to: normalize(join(dirname(file), specifier))
        .split(sep)
        .join('/'),
    }));
}

/** `shared/domain`, `functions`, `infra` … */
function partOf(file: string): string {
  if (COMMANDS.includes(file)) return 'infra commands';
  const [top = '', second = ''] = file.split('/');
  return top === 'shared' ? `${top}/${second}` : top;
}

function mayImport({ from, to }: Import): boolean {
  const [own, other] = [partOf(from), partOf(to)];
  if (DATA.includes(to)) return true;
  // Each function is a part of its own.
  if (own === 'functions' && other === 'functions') return from.split('/')[1] === to.split('/')[1];
  if (own === other) return true;
  return (MAY_IMPORT[own] ?? []).some((allowed) => other === allowed || other.startsWith(`${allowed}/`));
}

const show = ({ from, to }: Import) => `${from} imports ${to}`;

describe('imports', () => {
  const all = FILES.flatMap(importsOf);

  it('are found at all', () => {
    expect(all.length).toBeGreaterThan(100);
    expect(all.map(show)).toContain('shared/policy/evaluate.ts imports shared/policy/reasons.ts');
  });

  it('keep to the directions', () => {
    expect(all.filter((each) => !mayImport(each)).map(show)).toEqual([]);
  });

  it('would be noticed where they run against them', () => {
    const against: Import[] = [
      { from: 'shared/domain/verdict.ts', to: 'shared/policy/evaluate.ts' },
      { from: 'shared/ports/keys.ts', to: 'shared/aws/custody-keys.ts' },
      { from: 'shared/policy/evaluate.ts', to: 'shared/ports/clock.ts' },
      { from: 'shared/runtime/region.ts', to: 'functions/check/check.ts' },
      { from: 'functions/open/open.ts', to: 'functions/check/check-request.ts' },
      { from: 'infra/app.ts', to: 'functions/check/check.ts' },
      { from: 'cli/dualkey.ts', to: 'test/shared/policy/staff.ts' },
    ];
    expect(against.filter(mayImport).map(show)).toEqual([]);
  });

  it('name every part that there is', () => {
    expect([...new Set(FILES.map(partOf))].filter((part) => MAY_IMPORT[part] === undefined)).toEqual([]);
  });

  it('name files with their endings, so that they run as they are', () => {
    expect(all.filter(({ to }) => !/\.(ts|json)$/.test(to)).map(show)).toEqual([]);
  });
});

describe('purity', () => {
  it('domain and policy reach for no SDK, environment, clock, logger or promise', () => {
    const impure =
      /@aws-sdk|@aws-lambda-powertools|process\.env|new Date\(\)|Date\.now|console\.|\bawait\b|\basync\b/;
    const pure = FILES.filter((file) => ['shared/domain', 'shared/policy'].includes(partOf(file)));
    expect(pure.filter((file) => impure.test(textOf(file)))).toEqual([]);
  });

  it('only adapters and what wires them name the AWS SDK', () => {
    const users = FILES.filter((file) => specifiersOf(file).some((name) => name.startsWith('@aws-sdk/')));
    const may = ['shared/aws', 'functions', 'infra commands', 'local', 'bench', 'test', 'cli'];
    expect(users.filter((file) => !may.includes(partOf(file)))).toEqual([]);
  });

  it('rows are written through what outlasts others’ transactions, which the SDK does not', () => {
    const direct = /\.send\(\s*new (?:Put|Update|Delete|TransactWrite)Command\(/;
    const deployed = FILES.filter((file) => /^(shared|functions)\//.test(file));
    expect(deployed.filter((file) => direct.test(textOf(file)))).toEqual(['shared/aws/transact.ts']);
  });

  it('the environment is read in one file of the deployed code', () => {
    const deployed = FILES.filter((file) => /^(shared|functions)\//.test(file));
    expect(deployed.filter((file) => textOf(file).includes('process.env['))).toEqual([
      'shared/runtime/environment.ts',
    ]);
  });
});
