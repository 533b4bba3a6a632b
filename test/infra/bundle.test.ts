import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BundleError, bundleFunctions } from '../../infra/bundle.ts';
import { FUNCTION_NAMES } from '../../infra/function-catalogue.ts';

const root = new URL('../..', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'dualkey-bundle-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('bundles', () => {
  const out = join(folder, 'bundles');
  beforeAll(() => {
    bundleFunctions(root, out);
  }, 120_000);

  it('has each function in one file, without source maps', () => {
    for (const name of FUNCTION_NAMES) {
      const code = readFileSync(join(out, name, 'index.mjs'), 'utf8');
      expect(code).not.toContain('sourceMappingURL');
      expect(existsSync(join(out, name, 'index.mjs.map'))).toBe(false);
    }
  });

  it('carries the AWS SDK and everything else: nothing but Node itself is imported', () => {
    for (const name of FUNCTION_NAMES) {
      const code = readFileSync(join(out, name, 'index.mjs'), 'utf8');
      const imports = [...code.matchAll(/^import[^'"]*['"]([^'"]+)['"]/gm)].map(([, from]) => from ?? '');
      expect(imports.filter((from) => !from.startsWith('node:') && !/^[a-z_/]+$/.test(from))).toEqual([]);
    }
  });

  it('has the rule set beside publish-rules, and Cedar beside whoever decides', () => {
    expect(existsSync(join(out, 'publish-rules', 'policy', 'schema.cedarschema'))).toBe(true);
    for (const name of ['publish-rules', 'check', 'approve', 'provision', 'open', 'end']) {
      expect(existsSync(join(out, name, 'cedar_wasm_bg.wasm'))).toBe(true);
    }
    expect(existsSync(join(out, 'wait', 'cedar_wasm_bg.wasm'))).toBe(false);
  });

  it('loads outside the repository: the rule set beside the bundle is the one in the tree', () => {
    const loaded = execFileSync(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        `const m = await import(process.argv[1]); console.log(typeof m.handler);`,
        join(out, 'publish-rules', 'index.mjs'),
      ],
      {
        cwd: folder,
        encoding: 'utf8',
        env: {
          AWS_REGION: 'cn-north-1',
          DUALKEY_REGION: 'cn-north-1',
          CASES_TABLE: 'cases',
          EVENTS_TABLE: 'events',
          EVIDENCE_BUCKET: 'evidence',
        },
      },
    );
    expect(loaded.trim()).toBe('function');
  });
});

describe('a function that isn’t there', () => {
  it('is named, before anything is built', () => {
    expect(() => bundleFunctions(folder, join(folder, 'none'))).toThrow(BundleError);
    expect(() => bundleFunctions(folder, join(folder, 'none'))).toThrow(
      /no entry file: functions\/receive\/receive\.ts, functions\/ingest\/ingest\.ts/,
    );
  });

  it('is named where it doesn’t build', () => {
    const broken = join(folder, 'broken');
    for (const name of FUNCTION_NAMES) {
      mkdirSync(join(broken, 'functions', name), { recursive: true });
      writeFileSync(join(broken, 'functions', name, `${name}.ts`), "import './missing.ts';");
    }
    expect(() => bundleFunctions(broken, join(folder, 'built'))).toThrow(
      /functions don't build: .*functions\/approve\/approve\.ts:1.*missing\.ts/s,
    );
  });
});
