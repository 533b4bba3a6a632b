import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { type SearchDependencies, searchSubject } from '../../../functions/check/search-subject.ts';
import { staffIndexOf } from '../../../shared/crypto/blind-index.ts';
import { encodeBlockIndex } from '../../../shared/crypto/block-index.ts';
import { sealText } from '../../../shared/crypto/sealed-text.ts';
import type { AccessGrant } from '../../../shared/domain/access-grant.ts';
import type { Case } from '../../../shared/domain/case.ts';
import { LIMITS } from '../../../shared/domain/limits.ts';
import type { Person } from '../../../shared/domain/person.ts';
import type { Category } from '../../../shared/domain/record.ts';
import { requestTexts } from '../../../shared/loop/request-texts.ts';
import type { BlockRow } from '../../../shared/ports/records-index.ts';
import { regionConfig } from '../../../shared/runtime/region.ts';
import { inMemoryCases } from '../../fakes/in-memory-cases.ts';
import { inMemoryDirectory } from '../../fakes/in-memory-directory.ts';
import { inMemoryRecordsIndex } from '../../fakes/in-memory-records-index.ts';
import { inMemoryRequestKeys } from '../../fakes/in-memory-request-keys.ts';
import { aCase } from '../../shared/policy/sample-cases.ts';
import { person, request } from '../../shared/policy/staff.ts';

const KEY = Uint8Array.from(randomBytes(32));
const clerk: Person = { ...person('clerk'), department: 'front-office', accounts: ['wecom:clerk-7'] };
const cook: Person = { ...person('cook'), department: 'kitchen', accounts: ['wecom:cook-1'] };

function world(...cases: Case[]) {
  const records = inMemoryRecordsIndex();
  const keys = inMemoryRequestKeys();
  const search: SearchDependencies = {
    region: regionConfig('cn-north-1'),
    directory: inMemoryDirectory(clerk, cook),
    cases: inMemoryCases(...cases),
    keys,
    indexKey: { forSearch: async () => KEY },
    records,
    sealWaiting: async () => ({ left: 0 }),
  };
  let blocks = 0;
  return {
    records,
    block(guestId: string, at: string, category: Category = 'enquiry', changes: Partial<BlockRow> = {}) {
      blocks += 1;
      const entry = {
        recordId: blocks.toString(16).padStart(32, '0'),
        at: new Date(at),
        category,
        commitment: 'c'.repeat(64),
      };
      records.rows.push({
        blockId: `blk_${blocks.toString(16).padStart(32, '0')}`,
        guestId,
        conversationId: `cnv_${guestId}`,
        hotel: 'SHA01',
        platform: 'wecom',
        categories: [category],
        recordClass: 'ordinary',
        period: '2026-11',
        from: entry.at.toISOString(),
        to: entry.at.toISOString(),
        records: 1,
        bytes: 1,
        objectKey: 'o',
        objectDigest: 'sha256:0',
        batchId: 'bat_1',
        index: encodeBlockIndex([entry]),
        staff: [],
        ...changes,
      });
    },
    async find(kind: AccessGrant['subjectKind'], value: string, changes: Partial<AccessGrant> = {}) {
      const key = await keys.create('evidence', 'req_1');
      const subject = sealText(key, requestTexts.subject('req_1'), value);
      const found = await searchSubject(request({ subjectKind: kind, subject, ...changes }), search);
      return { ...found, guests: [...new Set(found.blocks.map(({ block }) => block.guestId))].sort() };
    },
  };
}

const MAY = '2026-05-10T10:00:00.000Z';

describe('a ticket', () => {
  it('leads to the guests of the ticket on file, under every identifier', async () => {
    const parts = world(aCase('ticket', { reference: 'T-77' }));
    parts.records.linked.push(['gst_1', 'gst_2']);
    for (const guest of ['gst_1', 'gst_2', 'gst_3']) parts.block(guest, MAY);
    expect((await parts.find('ticket', 'T-77')).guests).toEqual(['gst_1', 'gst_2']);
    expect((await parts.find('ticket', 'T-78')).guests).toEqual([]);
    // Of a ticket of another hotel nothing is found here.
    expect((await parts.find('ticket', 'T-77', { hotels: ['HGH02'] })).guests).toEqual([]);
  });
});

describe('a cohort', () => {
  it('is whoever wrote at these hotels, on these platforms, in these categories and times', async () => {
    const parts = world();
    parts.block('gst_1', MAY);
    parts.block('gst_2', '2026-04-30T15:59:59.999Z');
    parts.block('gst_3', '2026-05-30T23:59:59.999Z');
    parts.block('gst_4', MAY, 'stay');
    parts.block('gst_5', MAY, 'enquiry', { hotel: 'HGH02' });
    parts.block('gst_6', MAY, 'enquiry', { platform: 'line' });
    expect(await parts.find('cohort', '2026-05')).toMatchObject({
      guests: ['gst_1', 'gst_3'],
      tooMuch: false,
      waiting: 0,
    });
    expect((await parts.find('cohort', '2026-05', { hotels: ['SHA01', 'HGH02'] })).guests).toEqual([
      'gst_1',
      'gst_3',
      'gst_5',
    ]);
  });

  it('is too much where it has more days, guests or records than may be searched', async () => {
    const parts = world();
    expect(await parts.find('cohort', 'all', { from: '2020-01-01T00:00:00.000Z' })).toMatchObject({
      blocks: [],
      tooMuch: true,
    });
    for (let guest = 0; guest <= LIMITS.cohortGuests; guest += 1) parts.block(`gst_${guest}`, MAY);
    expect(await parts.find('cohort', '2026-05')).toMatchObject({ tooMuch: true });
  });
});

describe('the system as a subject', () => {
  it('has the system’s own records alone, whatever categories are asked for (T4)', async () => {
    const parts = world();
    parts.block('gst_1', MAY);
    parts.block('gst_log', MAY, 'system', { platform: 'internal' });
    const changes = { categories: ['enquiry', 'system'] satisfies Category[] };
    const platforms: AccessGrant['platforms'] = ['wecom', 'internal'];
    expect((await parts.find('system', 'pms', { ...changes, platforms })).guests).toEqual(['gst_log']);
    expect((await parts.find('system', 'pms')).guests).toEqual([]);
  });
});

describe('departments (T11)', () => {
  const staffed = (...accounts: string[]) => ({
    staff: accounts.map((account) => staffIndexOf(KEY, account)),
  });

  it('are those with somebody in every conversation', async () => {
    const parts = world();
    parts.block('gst_1', MAY, 'enquiry', staffed('wecom:clerk-7', 'wecom:cook-1'));
    parts.block('gst_2', MAY, 'enquiry', staffed('wecom:clerk-7'));
    const found = await parts.find('cohort', '2026-05');
    expect(found.departments).toEqual(['front-office']);
    expect(found.participants).toEqual(['p_clerk', 'p_cook']);
    parts.block('gst_3', MAY, 'enquiry', staffed('wecom:cook-1'));
    expect((await parts.find('cohort', '2026-05')).departments).toEqual([]);
  });

  it('are looked for through all blocks of one conversation', async () => {
    const parts = world();
    parts.block('gst_1', MAY, 'enquiry', staffed('wecom:cook-1'));
    parts.block('gst_1', MAY, 'enquiry', staffed('wecom:clerk-7'));
    expect((await parts.find('cohort', '2026-05')).departments).toEqual(['front-office', 'kitchen']);
  });
});
