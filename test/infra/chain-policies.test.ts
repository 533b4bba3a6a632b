import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { App } from 'aws-cdk-lib/core';
import { addProduct } from '../../infra/product.ts';
import { readRegions } from '../../infra/read-regions.ts';
import { bundledRuleSet } from '../../shared/policy/rule-set.ts';
import { RuleSetInvalidError } from '../../shared/policy/rule-set-invalid-error.ts';
import { REGIONS_FILE } from './support/synthesis.ts';

const regions = readRegions(REGIONS_FILE);
const NOTES = '@id("T1.own") @reason("own") @zh("自定") @en("own")';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dualkey-policies-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function put(file: string, text: string): void {
  mkdirSync(join(folder, file, '..'), { recursive: true });
  writeFileSync(join(folder, file), text);
}

function refusal(): { file: string; line: number; reason: string } {
  try {
    addProduct(new App(), regions, {
      local: false,
      code: () => Code.fromInline('exports.handler = null;'),
      policies: pathToFileURL(`${folder}/`),
    });
  } catch (error) {
    if (error instanceof RuleSetInvalidError)
      return { file: error.file, line: error.line, reason: error.reason };
    throw error;
  }
  throw new Error('the stacks were synthesised');
}

describe('stacks are not synthesised with a chain’s policies', () => {
  it('that loosen the rulebook', () => {
    put('eu-central-1/own.cedar', `\n${NOTES}\npermit (principal, action, resource);\n`);
    expect(refusal()).toEqual({
      file: 'chain/own.cedar',
      line: 2,
      reason: expect.stringMatching(/^T1\.own permits what no policy of the rulebook permits, as with /),
    });
  });

  it('that have a fault', () => {
    put('eu-central-1/own.cedar', `${NOTES}\nforbid (principal action, resource);`);
    expect(refusal()).toMatchObject({ file: 'chain/own.cedar', line: 2 });
  });

  it('that shadow a policy of the rulebook by its id', () => {
    put(
      'eu-central-1/own.cedar',
      '@id("R4") @reason("own") @zh("自") @en("own")\nforbid (principal, action, resource);',
    );
    expect(refusal()).toMatchObject({ reason: expect.stringMatching(/^id R4 is used twice, also at r4-/) });
  });

  it('in a folder that no region has, or in none', () => {
    put('eu-centre-1/own.cedar', '');
    expect(refusal()).toEqual({
      file: 'policies/eu-centre-1/',
      line: 1,
      reason: expect.stringMatching(/no region .* there are cn-north-1, /),
    });
    rmSync(join(folder, 'eu-centre-1'), { recursive: true });
    put('own.cedar', '');
    expect(refusal()).toMatchObject({
      file: 'policies/own.cedar',
      reason: expect.stringMatching(/folder of its region/),
    });
  });
});

describe('a region’s folder', () => {
  it('without a policy changes nothing', () => {
    put('cn-north-1/README.md', 'nothing yet');
    const policies = pathToFileURL(`${folder}/`);
    expect(bundledRuleSet('cn-north-1', policies).digest).toBe(bundledRuleSet().digest);
  });
});
