import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { refuseStrayPolicies } from '../../../shared/policy/refuse-stray-policies.ts';
import { RuleSetInvalidError } from '../../../shared/policy/rule-set-invalid-error.ts';

const REGIONS = ['cn-north-1', 'eu-central-1'];

describe('a chain’s policies', () => {
  let folders = '';
  beforeAll(() => {
    folders = mkdtempSync(join(tmpdir(), 'dualkey-policies-'));
  });
  afterAll(() => rmSync(folders, { recursive: true, force: true }));

  /** A folder of policies with these files and folders (whose names end in a slash). */
  function policies(...entries: string[]): string {
    const folder = mkdtempSync(join(folders, 'case-'));
    for (const entry of entries) {
      if (entry.endsWith('/')) mkdirSync(join(folder, entry));
      else writeFileSync(join(folder, entry), '');
    }
    return folder;
  }
  function fault(folder: string) {
    try {
      refuseStrayPolicies(REGIONS, pathToFileURL(`${folder}/`));
    } catch (error) {
      if (!(error instanceof RuleSetInvalidError)) throw error;
      return { at: `${error.file}:${error.line}`, zh: error.zh, en: error.reason };
    }
    return null;
  }

  it('lie in a folder of their region, beside whatever is no policy', () => {
    const folder = policies(
      'cn-north-1/',
      'cn-north-1/own.cedar',
      'cn-north-1/README.md',
      'README.md',
      'eu-central-1/',
    );
    expect(fault(folder)).toBeNull();
  });

  it('are refused in a folder that no region has: they would come into force nowhere', () => {
    expect(fault(policies('cn-north-1/', 'cn-north-2/'))).toEqual({
      at: 'policies/cn-north-2/:1',
      zh: 'infra/regions.json 中没有这个区域;现有 cn-north-1, eu-central-1',
      en: 'no region of infra/regions.json has this name; there are cn-north-1, eu-central-1',
    });
  });

  it('are refused beside the folders, a folder named like a policy as one that no region has', () => {
    expect(fault(policies('own.cedar'))).toEqual({
      at: 'policies/own.cedar:1',
      zh: '规则须放在其区域的文件夹内',
      en: 'a policy lies in the folder of its region',
    });
    expect(fault(policies('own.cedar/'))?.en).toMatch(/^no region/);
  });

  it.each(['own.CEDAR', 'own.cedar.txt', 'own/', 'own.cedar/'])(
    'are refused in a region’s folder as %s: nobody would read them',
    (entry) => {
      expect(fault(policies('cn-north-1/', `cn-north-1/${entry}`))).toEqual({
        at: `policies/cn-north-1/${entry.replace('/', '')}:1`,
        zh: '区域的文件夹内只放规则文件(以小写 .cedar 结尾)与说明(.md),不分下级文件夹',
        en: 'a region’s folder has policy files (ending in .cedar, in small letters) and notes (.md), and no folders',
      });
    },
  );

  it('are refused where there is no such folder', () => {
    expect(fault(join(folders, 'none'))).toEqual({
      at: 'policies/:1',
      zh: '没有此文件夹',
      en: 'there is no such folder',
    });
  });
});
