import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { localRegion } from '../../infra/local-differences.ts';
import { parseRegions, RegionsFileError, readRegions } from '../../infra/read-regions.ts';
import { REGIONS_FILE } from './support/synthesis.ts';

function changed(change: (text: string) => string): unknown {
  return JSON.parse(change(readFileSync(REGIONS_FILE, 'utf8')));
}

describe('the regions file', () => {
  it('has the regions and hotels that the product ships with', () => {
    const regions = readRegions(REGIONS_FILE);
    expect(regions.map(({ region }) => region)).toEqual(
      expect.arrayContaining(['cn-north-1', 'ap-southeast-1', 'eu-central-1']),
    );
  });

  it('refuses fewer than two approvals', () => {
    expect(() => parseRegions(changed((text) => text.replace('"minimum": 2', '"minimum": 1')))).toThrow(
      /regions\.0\.approvals\.minimum: /,
    );
  });

  it('refuses a number set by law without its citation', () => {
    const uncited = changed((text) => text.replace(/"citation": "[^"]*art\. 56[^"]*"/, '"citation": ""'));
    expect(() => parseRegions(uncited)).toThrow(
      /regions\.0\.archive\.years\.citation: a number set by law needs its citation/,
    );
    const without = changed((text) => text.replace(/,\s*"citation": "Hotels Act[^"]*"/, ''));
    expect(() => parseRegions(without)).toThrow(/regions\.1\.retention\.stay/);
  });

  it('refuses one hotel in two regions', () => {
    const twice = changed((text) => text.replace('"SIN01"', '"SHA01"'));
    expect(() => parseRegions(twice)).toThrow(/hotel SHA01 is in cn-north-1 and in ap-southeast-1/);
  });

  it('refuses a recovery period of the key table beyond what DynamoDB knows', () => {
    const longer = changed((text) => text.replace('"keyTableRecoveryDays": 7', '"keyTableRecoveryDays": 36'));
    expect(() => parseRegions(longer)).toThrow(/regions\.0\.keyTableRecoveryDays/);
  });

  it('says which file is unreadable, and why', () => {
    expect(() => readRegions('/nowhere/regions.json')).toThrow(RegionsFileError);
    expect(() => readRegions('/nowhere/regions.json')).toThrow(/^\/nowhere\/regions.json: .*ENOENT/);
    expect(() => readRegions(import.meta.filename)).toThrow(/regions-file\.test\.ts: .*JSON/);
  });

  it('is deployed locally as its China entry, with a pool to sign in to', () => {
    const local = localRegion(readRegions(REGIONS_FILE));
    expect(local.region).toBe('cn-north-1');
    expect(local.identity).toEqual({ kind: 'cognito' });
    expect(local.hotels.map(({ code }) => code)).toEqual(['SHA01', 'HGH02']);
    expect(() => localRegion([])).toThrow('no region cn-north-1');
  });
});
