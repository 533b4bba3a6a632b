import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { refuseStrayPolicies } from '../../../shared/policy/refuse-stray-policies.ts';
import { RuleSetInvalidError } from '../../../shared/policy/rule-set-invalid-error.ts';

const REGIONS = ['cn-north-1', 'eu-central-1'];

describe('a chain’s policies', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'dualkey-policies-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function fault(within = folder) {
    try {
      refuseStrayPolicies(REGIONS, pathToFileURL(`${within}/`));
    } catch (error) {
      if (!(error instanceof RuleSetInvalidError)) throw error;
      return { at: `${error.file}:${error.line}`, zh: error.zh, en: error.reason };
    }
    return null;
  }

  it('lie in a folder of their region, beside whatever is no policy', () => {
    mkdirSync(join(folder, 'cn-north-1'));
    writeFileSync(join(folder, 'cn-north-1', 'own.cedar'), '');
    writeFileSync(join(folder, 'README.md'), '');
    mkdirSync(join(folder, 'eu-central-1'));
    expect(fault()).toBeNull();
  });

  it('are refused in a folder that no region has: they would come into force nowhere', () => {
    mkdirSync(join(folder, 'cn-north-2'));
    expect(fault()).toEqual({
      at: 'policies/cn-north-2/:1',
      zh: 'infra/regions.json 中没有这个区域;现有 cn-north-1, eu-central-1',
      en: 'no region of infra/regions.json has this name; there are cn-north-1, eu-central-1',
    });
  });

  it('are refused beside the folders, a folder named like a policy as one that no region has', () => {
    writeFileSync(join(folder, 'own.cedar'), '');
    expect(fault()).toEqual({
      at: 'policies/own.cedar:1',
      zh: '规则须放在其区域的文件夹内',
      en: 'a policy lies in the folder of its region',
    });
    rmSync(join(folder, 'own.cedar'));
    mkdirSync(join(folder, 'own.cedar'));
    expect(fault()?.en).toMatch(/^no region/);
  });

  it('are refused where there is no such folder', () => {
    expect(fault(join(folder, 'none'))).toEqual({
      at: 'policies/:1',
      zh: '没有此文件夹',
      en: 'there is no such folder',
    });
  });
});
