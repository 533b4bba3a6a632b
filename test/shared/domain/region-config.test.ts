import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { LIMITS } from '../../../shared/domain/limits.ts';
import { regionsSchema } from '../../../shared/domain/region-config.ts';

function regions(): { regions: Record<string, unknown>[] } {
  return JSON.parse(readFileSync(new URL('../../../infra/regions.json', import.meta.url), 'utf8'));
}

function faults(change: (first: Record<string, unknown>, all: Record<string, unknown>[]) => void): string[] {
  const file = regions();
  const [first] = file.regions;
  if (first === undefined) throw new Error('the regions file has a region');
  change(first, file.regions);
  const result = regionsSchema.safeParse(file);
  return result.success ? [] : result.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`);
}

describe('the regions file', () => {
  it('is valid as it is, with at least these regions', () => {
    const { regions: all } = regionsSchema.parse(regions());
    expect(all.map(({ region }) => region)).toEqual(
      expect.arrayContaining(['cn-north-1', 'ap-southeast-1', 'eu-central-1']),
    );
    for (const { hotels } of all) expect(hotels.length).toBeGreaterThan(0);
  });

  it('asks for two approvals at least, everywhere', () => {
    expect(faults((first) => Object.assign(first, { approvals: { deadlineHours: 24, minimum: 1 } }))).toEqual(
      [expect.stringMatching(/^regions\.0\.approvals\.minimum /)],
    );
  });

  it('is refused where a number that a law sets has no citation', () => {
    expect(
      faults((first) => Object.assign(first, { archive: { mode: 'COMPLIANCE', years: { value: 3 } } })),
    ).toEqual([expect.stringMatching(/^regions\.0\.archive\.years\.citation /)]);
    expect(
      faults((first) => Object.assign(first, { retention: { ordinary: { months: 6, citation: '' } } })),
    ).toEqual(expect.arrayContaining([expect.stringMatching(/^regions\.0\.retention/)]));
  });

  it('is refused where a record class has no term', () => {
    expect(
      faults((first) =>
        Object.assign(first, { retention: { ordinary: { months: 6, citation: 'PIPL, art. 19' } } }),
      ).length,
    ).toBeGreaterThan(0);
  });

  it('is refused where a hotel is in two regions', () => {
    expect(
      faults((first, all) => {
        all.push({ ...first, region: 'cn-northwest-1' });
      }),
    ).toEqual(
      expect.arrayContaining([expect.stringMatching(/hotel SHA01 is in cn-north-1 and in cn-northwest-1/)]),
    );
  });

  it('is refused for a window or a number of openings that no request may have', () => {
    const grant = { windowHours: 72, opens: 3, linkSeconds: 300, copyMinutes: 10 };
    const faultsOf = (change: Partial<typeof grant>) =>
      faults((first) => Object.assign(first, { grant: { ...grant, ...change } }));
    expect(faultsOf({ windowHours: LIMITS.windowHours, opens: LIMITS.opens })).toEqual([]);
    expect(faultsOf({ windowHours: LIMITS.windowHours + 1 })).toEqual([
      expect.stringMatching(/^regions\.0\.grant\.windowHours /),
    ]);
    expect(faultsOf({ opens: LIMITS.opens + 1 })).toEqual([
      expect.stringMatching(/^regions\.0\.grant\.opens /),
    ]);
  });

  it('is refused for a number of a rule that is laxer than the rulebook’s own, and takes a stricter one', () => {
    const faultsOf = (rules: object) => faults((first) => Object.assign(first, { rules }));
    const laxer = {
      supervisorHours: 73,
      complaintDays: 8,
      sensitiveRecords: 51,
      retrievalsPerMonth: 4,
      misoperations: 4,
      lockMinutes: 14,
      locksPerMonth: 3,
      emergencyHours: 5,
      stepUpSeconds: 301,
    };
    for (const [name, value] of Object.entries(laxer)) {
      expect(faultsOf({ [name]: value })).toEqual([expect.stringMatching(`^regions\\.0\\.rules\\.${name} `)]);
    }
    expect(
      faultsOf({ supervisorHours: 24, retrievalsPerMonth: 1, lockMinutes: 60, sensitiveRecords: 10 }),
    ).toEqual([]);
  });

  it('is refused for a zone that is none, a link that lasts too long, and a field that it has not', () => {
    const hotel = { code: 'SHA01', name: 'x', zone: 'Asia/Atlantis', country: 'CN' };
    expect(faults((first) => Object.assign(first, { hotels: [hotel] }))).toEqual([
      expect.stringMatching(/^regions\.0\.hotels\.0\.zone /),
    ]);
    const grant = { windowHours: 72, opens: 3, linkSeconds: 301, copyMinutes: 10 };
    expect(faults((first) => Object.assign(first, { grant }))).toEqual([
      expect.stringMatching(/^regions\.0\.grant\.linkSeconds /),
    ]);
    expect(faults((first) => Object.assign(first, { colour: 'red' })).length).toBe(1);
  });
});
