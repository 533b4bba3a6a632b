import { describe, expect, it } from '@jest/globals';
import { basisBodySchema, consentsBodySchema } from '../../../functions/consent/consent-body.ts';
import { listBases, placeBasis, withdrawBasis } from '../../../functions/consent/keep-bases.ts';
import { recordConsents } from '../../../functions/consent/record-consents.ts';
import { searchConsents } from '../../../functions/consent/search-consents.ts';
import { consentStore } from '../../../shared/aws/consent-store.ts';
import { custodyLog } from '../../../shared/aws/custody-log.ts';
import { identifierIndex } from '../../../shared/aws/identifier-index.ts';
import { indexKey } from '../../../shared/aws/index-key.ts';
import { recordsIndex } from '../../../shared/aws/records-index.ts';
import type { Identifier } from '../../../shared/domain/record.ts';
import { regionConfig } from '../../../shared/runtime/region.ts';
import { inMemoryAws } from '../../fakes/in-memory-aws/in-memory-aws.ts';
import { plainRow } from '../../fakes/in-memory-aws/plain-row.ts';
import { inMemoryRuleSets } from '../../fakes/in-memory-rule-sets.ts';
import { auditor, clerk, lawyer, officer, person } from '../../shared/policy/staff.ts';

const now = new Date('2026-06-01T00:00:00.000Z');
const GUEST = { kind: 'wecom' as const, value: 'wmGuest' };

function world() {
  const aws = inMemoryAws();
  const { dynamo, kms } = aws.aProcess();
  const custody = custodyLog('events', dynamo);
  const employee = { ...person('zhang'), accounts: ['workgroup:zhang'] };
  return {
    /** What stands in a table. */
    rows: (table: string) => aws.tables.rows(table).map(plainRow),
    custody,
    region: regionConfig('cn-north-1'),
    ruleSets: inMemoryRuleSets(),
    consents: consentStore('cases', dynamo, custody),
    indexKey: indexKey('keys', dynamo, kms, 'index-key', () => now),
    identifiers: identifierIndex('records', dynamo, custody),
    records: recordsIndex('records', dynamo),
    directory: { withAccounts: async () => [employee] },
  };
}

const body = (changes: object = {}) =>
  consentsBodySchema.parse({
    hotel: 'SHA01',
    facts: [
      {
        subject: GUEST,
        source: 'wecom',
        state: 'agreed',
        at: '2026-05-01T08:00:00+08:00',
        staff: 'wecom:frontdesk01',
        reference: 'F-2026-1',
        ...changes,
      },
    ],
  });

describe('recording consent', () => {
  it('keeps a dated fact with its event, which names neither guest nor employee, and finds it again', async () => {
    const parts = world();
    expect(await recordConsents({ actor: officer, body: body(), now }, parts)).toMatchObject({
      status: 200,
      body: { recorded: 1, thereAlready: 0 },
    });
    const rows = parts.rows('events');
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ type: 'consent-recorded', data: { source: 'wecom', state: 'agreed' } });
    const everything = JSON.stringify(['events', 'cases', 'records'].map((table) => parts.rows(table)));
    expect(everything).not.toContain(GUEST.value);
    expect(everything).not.toContain('frontdesk01');

    const found = await searchConsents({ actor: auditor, body: { hotel: 'SHA01', subject: GUEST } }, parts);
    expect(found).toMatchObject({
      status: 200,
      body: {
        facts: [{ source: 'wecom', state: 'agreed', at: '2026-05-01T00:00:00.000Z', withOneEmployee: true }],
      },
    });
  });

  it('of a number that leads to two people is taken once it says whose number it is, and of neither before', async () => {
    const parts = world();
    const number = { kind: 'booking', value: '1234567' } as const;
    const record = (subject: object) =>
      recordConsents({ actor: officer, body: body({ subject, source: 'internal' }), now }, parts);
    for (const issuer of ['hotel', 'booking']) {
      expect(await record({ ...number, issuer })).toMatchObject({ body: { recorded: 1 } });
    }
    expect(await record(number)).toMatchObject({
      status: 400,
      body: { error: { where: 'body.facts.0.subject', remedy: expect.stringContaining('issuer') } },
    });
    const facts = async (subject: Identifier) =>
      (await searchConsents({ actor: auditor, body: { hotel: 'SHA01', subject } }, parts)).body;
    expect(await facts({ ...number, issuer: 'booking' })).toMatchObject({ facts: [{ state: 'agreed' }] });
    expect(await facts(number)).toMatchObject({ facts: [{ state: 'agreed' }, { state: 'agreed' }] });
  });

  it('changes nothing where the same fact comes again, and keeps a later one beside it', async () => {
    const parts = world();
    await recordConsents({ actor: officer, body: body(), now }, parts);
    expect((await recordConsents({ actor: officer, body: body(), now }, parts)).body).toEqual({
      recorded: 0,
      thereAlready: 1,
    });
    const later = body({ state: 'withdrawn', at: '2026-05-20T00:00:00Z' });
    expect((await recordConsents({ actor: officer, body: later, now }, parts)).body).toMatchObject({
      recorded: 1,
    });
    expect(parts.rows('events')).toHaveLength(2);
  });

  it('shows another hotel nothing, and a fact of a batch only once that is in custody', async () => {
    const parts = world();
    await recordConsents({ actor: officer, body: body(), now }, parts);
    const elsewhere = { hotel: 'HGH02', subject: GUEST };
    expect((await searchConsents({ actor: auditor, body: elsewhere }, parts)).body).toEqual({ facts: [] });
    const key = await parts.indexKey.forSearch();
    expect(key).not.toBeNull();
    const [row] = parts.rows('cases');
    const guestId = String(row?.['guestId']);
    await parts.consents.record(
      {
        factId: 'cns_1',
        guestId,
        hotel: 'SHA01',
        source: 'wecom',
        state: 'refused',
        at: '2026-05-02T00:00:00.000Z',
        staff: null,
        evidence: { batchId: 'bat_unfinished', recordId: 'f'.repeat(32) },
        recordedAt: now.toISOString(),
        by: 'function:ingest',
      },
      { at: now, actor: 'function:ingest', data: {} },
    );
    const here = await searchConsents({ actor: auditor, body: { hotel: 'SHA01', subject: GUEST } }, parts);
    expect(here.body).toMatchObject({ facts: [{ state: 'agreed' }] });
  });

  it.each([
    ['a time to come', { at: '2027-01-01T00:00:00Z' }, 'body.facts.0.at'],
    [
      'an identifier that is none',
      { subject: { kind: 'phone', value: 'twelve' } },
      'body.facts.0.subject.value',
    ],
  ])('refuses %s, records nothing of the call and repeats nothing', async (_name, changes, where) => {
    const parts = world();
    const result = await recordConsents({ actor: officer, body: body(changes), now }, parts);
    expect(result).toMatchObject({ status: 400, body: { error: { where } } });
    expect(JSON.stringify(result)).not.toContain('twelve');
    expect(parts.rows('cases')).toEqual([]);
  });

  it('is for the privacy officer of the hotel', async () => {
    expect((await recordConsents({ actor: lawyer, body: body(), now }, world())).body).toMatchObject({
      verdict: { rules: ['R8'], reasons: ['only-privacy-officer-records-consent'] },
    });
    const search = { hotel: 'SHA01', subject: GUEST };
    expect((await searchConsents({ actor: clerk, body: search }, world())).status).toBe(403);
  });
});

const notice = basisBodySchema.parse({
  kind: 'notice',
  hotel: 'SHA01',
  reference: 'N-2026-7',
  from: '2026-06-01T00:00:00Z',
});

describe('bases for collecting employees’ talk', () => {
  it('are placed, listed and withdrawn once, each with its event', async () => {
    const parts = world();
    const placed = await placeBasis({ actor: officer, body: notice, now }, parts);
    expect(placed.status).toBe(200);
    const basisId = String(Reflect.get(placed.body, 'basisId'));
    const withdrawal = { actor: officer, basisId, hotel: 'SHA01', now };
    expect(await withdrawBasis(withdrawal, parts)).toMatchObject({
      body: { withdrawn: { by: officer.personId } },
    });
    expect((await withdrawBasis(withdrawal, parts)).status).toBe(200);
    expect(parts.rows('events').map(({ type }) => type)).toEqual([
      'collection-basis-placed',
      'collection-basis-withdrawn',
    ]);
    expect((await listBases({ actor: auditor }, parts)).body).toMatchObject({ bases: [{ basisId }] });
    expect((await withdrawBasis({ ...withdrawal, basisId: 'bas_none' }, parts)).status).toBe(404);
  });

  it('take the employee from the directory by the account, and a notice only from when it is given', async () => {
    const parts = world();
    const authorisation = { ...notice, kind: 'authorisation' as const, from: '2026-01-01T00:00:00Z' };
    const known = { ...authorisation, employee: 'workgroup:zhang' };
    expect((await placeBasis({ actor: officer, body: known, now }, parts)).body).toMatchObject({
      personId: 'p_zhang',
    });
    const stranger = { ...authorisation, employee: 'workgroup:nobody' };
    expect((await placeBasis({ actor: officer, body: stranger, now }, parts)).status).toBe(400);
    const backdated = { ...notice, from: '2026-01-01T00:00:00Z' };
    expect((await placeBasis({ actor: officer, body: backdated, now }, parts)).status).toBe(400);
    expect(() => basisBodySchema.parse({ ...notice, employee: 'workgroup:zhang' })).toThrow();
    expect(() => basisBodySchema.parse({ ...notice, kind: 'authorisation' })).toThrow();
  });

  it('are kept by the privacy officer alone', async () => {
    expect((await placeBasis({ actor: lawyer, body: notice, now }, world())).body).toMatchObject({
      verdict: { rules: ['R7'] },
    });
    expect((await listBases({ actor: clerk }, world())).status).toBe(403);
  });
});
