import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { importBodySchema } from '../../../functions/case/case-body.ts';
import { importCases } from '../../../functions/case/import-cases.ts';
import { listCaseChanges, listCases } from '../../../functions/case/list-cases.ts';
import { confirmCaseChange, rejectCaseChange } from '../../../functions/case/settle-case-change.ts';
import { caseStore } from '../../../shared/aws/case-store.ts';
import { changeStore } from '../../../shared/aws/change-store.ts';
import { custodyLog } from '../../../shared/aws/custody-log.ts';
import { identifierIndex } from '../../../shared/aws/identifier-index.ts';
import { indexKey } from '../../../shared/aws/index-key.ts';
import { caseSchema } from '../../../shared/domain/case.ts';
import { faultInChain } from '../../../shared/domain/custody-event.ts';
import type { Person } from '../../../shared/domain/person.ts';
import type { HttpResult } from '../../../shared/runtime/http-result.ts';
import { regionConfig } from '../../../shared/runtime/region.ts';
import { inMemoryAws } from '../../fakes/in-memory-aws/in-memory-aws.ts';
import { plainRow } from '../../fakes/in-memory-aws/plain-row.ts';
import { inMemoryDirectory } from '../../fakes/in-memory-directory.ts';
import { inMemoryRuleSets } from '../../fakes/in-memory-rule-sets.ts';
import { clerk, lawyer, NOON, officer, person, secondLawyer } from '../../shared/policy/staff.ts';

const PHONE = '+86 138 0013 8000';
const head = person('head', 'department-head');
const supervisor = person('supervisor', 'supervisor');
const both = person('both', 'legal', 'privacy-officer');

const MATTER = {
  kind: 'matter',
  reference: 'M-2026-014',
  hotels: ['SHA01'],
  openedAt: '2026-05-01T08:00:00+08:00',
};
const DISPUTE = {
  kind: 'dispute',
  reference: 'D-1',
  hotels: ['SHA01'],
  guests: [{ kind: 'phone', value: PHONE }],
  department: 'd',
  openedAt: '2026-05-01T08:00:00+08:00',
};
const PLAN = {
  kind: 'plan',
  reference: 'P-1',
  hotels: ['SHA01'],
  guests: [{ kind: 'phone', value: PHONE }],
  complaint: 'C-1',
};

const answerSchema = z.looseObject({ changeId: z.string().nullable() });

function world() {
  const aws = inMemoryAws();
  const { dynamo, kms } = aws.aProcess();
  const custody = custodyLog('events', dynamo);
  const item = z.object({ next: caseSchema, version: z.number() });
  const dependencies = {
    region: regionConfig('cn-north-1'),
    ruleSets: inMemoryRuleSets(),
    cases: caseStore('cases', dynamo, custody),
    caseChanges: changeStore('cases', dynamo, custody, item),
    directory: inMemoryDirectory(lawyer, officer, head, supervisor, clerk),
    indexKey: indexKey('keys', dynamo, kms, 'index-key', () => NOON),
    identifiers: identifierIndex('records', dynamo, custody),
  };
  return {
    ...dependencies,
    custody,
    rows: (table: string) => aws.tables.rows(table).map(plainRow),
    take: (actor: Person, ...cases: object[]) =>
      importCases({ actor, body: importBodySchema.parse({ cases }), now: NOON }, dependencies),
    confirm: (actor: Person, changeId: string) =>
      confirmCaseChange({ actor, changeId, now: NOON }, dependencies),
    reject: (actor: Person, changeId: string) =>
      rejectCaseChange({ actor, changeId, now: NOON }, dependencies),
    list: (actor: Person, query: Record<string, string> = {}) =>
      listCases({ actor, query, now: NOON }, dependencies),
    changes: (actor: Person) => listCaseChanges({ actor, now: NOON }, dependencies),
  };
}

function changeIn({ body }: HttpResult): string {
  return answerSchema.parse(body).changeId ?? '';
}

const refusal = (...reasons: string[]) => ({ status: 403, body: { verdict: { outcome: 'deny', reasons } } });

describe('importing cases', () => {
  it('files each with one event; the same file again changes nothing', async () => {
    const parts = world();
    expect(await parts.take(lawyer, MATTER, DISPUTE)).toMatchObject({
      status: 200,
      body: { filed: 2, unchanged: 0, waiting: 0, changeId: null },
    });
    expect(await parts.take(lawyer, MATTER, DISPUTE)).toMatchObject({ body: { filed: 0, unchanged: 2 } });
    const events = await parts.custody.events('case/matter/M-2026-014');
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({ type: 'case-filed', actor: 'p_lawyer', data: { hotels: ['SHA01'] } });
    expect(await parts.cases.read('matter', 'M-2026-014')).toMatchObject({
      openedAt: '2026-05-01T00:00:00.000Z',
      closedAt: null,
    });
  });

  it('keeps guests by their ids: no identifier stands in a row or an event', async () => {
    const parts = world();
    await parts.take(lawyer, DISPUTE, PLAN);
    const dispute = await parts.cases.read('dispute', 'D-1');
    expect(dispute?.guests).toEqual([expect.stringMatching(/^gst_/)]);
    expect((await parts.cases.ofGuests(dispute?.guests ?? [])).map(({ kind }) => kind).sort()).toEqual([
      'dispute',
      'plan',
    ]);
    const everything = JSON.stringify(['events', 'cases', 'records'].map(parts.rows));
    expect(everything).not.toMatch(/138\s?0013\s?8000/);
  });

  it('brings a case up to date, and writes what changed of it, not the words', async () => {
    const parts = world();
    await parts.take(lawyer, MATTER);
    const closedAt = '2026-06-01T00:00:00+08:00';
    expect(await parts.take(lawyer, { ...MATTER, closedAt })).toMatchObject({
      body: { filed: 1, waiting: 0 },
    });
    const events = await parts.custody.events('case/matter/M-2026-014');
    expect(events.map(({ type }) => type)).toEqual(['case-filed', 'case-changed']);
    expect(events[1]?.data['fields']).toEqual(['closedAt']);
    expect(faultInChain(events)).toBeNull();
  });

  it('refuses the whole file for any fault, names where it is, and keeps what was in force', async () => {
    const parts = world();
    await parts.take(lawyer, MATTER);
    const before = JSON.stringify(parts.rows('cases'));
    const closed = { ...MATTER, closedAt: '2026-06-01T00:00:00Z' };
    for (const [fault, where, what] of [
      [{ ...DISPUTE, hotels: ['XXX99'] }, 'body.cases.1.hotels', /未知的酒店/],
      [{ ...DISPUTE, kind: 'quarrel' }, 'body.cases.1.kind', /^未知的种类.* unknown kind/],
      [{ ...DISPUTE, colour: 'red' }, 'body.cases.1.colour', /没有此字段/],
      [{ ...DISPUTE, openedAt: '2026-05-01T08:00:00' }, 'body.cases.1.openedAt', /zone/],
      [{ ...DISPUTE, guests: [{ kind: 'phone', value: 'nobody' }] }, 'body.cases.1.guests.0', /该值不是/],
      [closed, 'body.cases.1.reference', /同一编号出现两次/],
      [
        { ...PLAN, kind: 'ticket', complaint: undefined, assignee: 'p_nobody' },
        'body.cases.1.assignee',
        /无此人/,
      ],
    ] as const) {
      const result = await parts.take(lawyer, closed, fault);
      expect(result).toMatchObject({
        status: 400,
        body: { error: { where, what: expect.stringMatching(what) } },
      });
      expect(JSON.stringify(parts.rows('cases'))).toBe(before);
    }
  });

  it('is for whoever keeps cases of the kind, at every hotel that it is about', async () => {
    const parts = world();
    expect(await parts.take(clerk, MATTER)).toMatchObject(refusal('may-not-keep-such-cases'));
    expect(await parts.take(supervisor, DISPUTE)).toMatchObject(refusal('may-not-keep-such-cases'));
    const ofShanghai: Person = {
      ...lawyer,
      roles: lawyer.roles.map((held) => ({ ...held, hotels: ['SHA01'] })),
    };
    await parts.take(lawyer, { ...MATTER, hotels: ['HGH02'] });
    // It is another hotel's case, and would be taken from it.
    expect(await parts.take(ofShanghai, MATTER)).toMatchObject(refusal('may-not-keep-such-cases'));
  });
});

describe('a change that gives somebody more', () => {
  const published = { ...PLAN, publishedAt: '2026-06-01T00:00:00Z' };

  it('waits for another person in another role, and is in force then', async () => {
    const parts = world();
    await parts.take(head, PLAN);
    const result = await parts.take(head, published, DISPUTE);
    expect(result).toMatchObject({ body: { filed: 1, waiting: 1, gives: ['plan-published'] } });
    const changeId = changeIn(result);
    expect(await parts.cases.read('plan', 'P-1')).toMatchObject({ publishedAt: null });
    expect(await parts.changes(officer)).toMatchObject({
      body: { changes: [{ changeId, gives: ['plan-published'], cases: [{ reference: 'P-1', guests: 1 }] }] },
    });
    // What stands on file beside what is proposed, and no guest's id in either.
    expect(await parts.changes(officer)).toMatchObject({
      body: {
        changes: [{ cases: [{ onFile: true, newGuests: 0, before: { guests: 1, publishedAt: null } }] }],
      },
    });
    expect(JSON.stringify(await parts.changes(officer))).not.toContain('gst_');

    expect(await parts.confirm(head, changeId)).toMatchObject(refusal('change-confirmed-by-its-proposer'));
    const colleague = { ...head, personId: 'p_colleague' };
    expect(await parts.confirm(colleague, changeId)).toMatchObject(
      refusal('change-confirmed-in-its-proposers-role'),
    );
    expect(await parts.confirm(supervisor, changeId)).toMatchObject(refusal('may-not-confirm-such-change'));
    expect(await parts.confirm(lawyer, changeId)).toMatchObject({
      status: 200,
      body: { state: 'confirmed', overtaken: 0 },
    });
    expect(await parts.cases.read('plan', 'P-1')).toMatchObject({
      publishedAt: '2026-06-01T00:00:00.000Z',
      recordedBy: 'p_head',
    });
    expect((await parts.custody.events('case/plan/P-1')).at(-1)).toMatchObject({
      actor: 'p_lawyer',
      data: { change: changeId, proposedBy: 'p_head', gives: ['plan-published'] },
    });
    expect((await parts.custody.events(`change/${changeId}`)).map(({ type }) => type)).toEqual([
      'change-proposed',
      'change-confirmed',
    ]);
    expect(await parts.changes(officer)).toMatchObject({ body: { changes: [] } });
    // Confirmed again it answers what stands.
    expect(await parts.confirm(lawyer, changeId)).toMatchObject({ body: { state: 'confirmed' } });
    expect(await parts.confirm(officer, changeId)).toMatchObject({ status: 409 });
  });

  it('keeps everybody who brought it, proposer and second person, also where somebody narrows it since (A1)', async () => {
    const parts = world();
    await parts.take(head, PLAN);
    await parts.confirm(lawyer, changeIn(await parts.take(head, published)));
    expect(await parts.cases.read('plan', 'P-1')).toMatchObject({ broughtBy: ['p_head', 'p_lawyer'] });
    // Out of every scope again: that gives nobody more, and whoever does it brought nothing.
    const colleague = { ...head, personId: 'p_colleague' };
    expect(await parts.take(colleague, PLAN)).toMatchObject({ body: { filed: 1, waiting: 0 } });
    expect(await parts.cases.read('plan', 'P-1')).toMatchObject({
      recordedBy: 'p_colleague',
      broughtBy: ['p_head', 'p_lawyer'],
    });
    await parts.confirm(officer, changeIn(await parts.take(colleague, published)));
    expect(await parts.cases.read('plan', 'P-1')).toMatchObject({
      broughtBy: ['p_head', 'p_lawyer', 'p_colleague', 'p_officer'],
    });
  });

  it('keeps whom and where it once named, however often it changes, until it names them again', async () => {
    const parts = world();
    const confirmed = async (entry: object) => parts.confirm(lawyer, changeIn(await parts.take(head, entry)));
    await parts.take(head, { ...DISPUTE, hotels: ['SHA01', 'HGH02'] });
    const [first] = (await parts.cases.read('dispute', 'D-1'))?.guests ?? [];
    await confirmed({ ...DISPUTE, hotels: ['SHA01'], guests: [{ kind: 'phone', value: '+8613800138999' }] });
    const off = await parts.cases.read('dispute', 'D-1');
    expect(off?.guests).not.toContain(first);
    expect(off?.formerly).toEqual({ guests: [first], hotels: ['HGH02'] });
    expect((await parts.cases.ofGuests([first ?? ''])).map(({ reference }) => reference)).toContain('D-1');
    await confirmed({ ...DISPUTE, hotels: ['SHA01'] });
    expect((await parts.cases.read('dispute', 'D-1'))?.formerly.guests).not.toContain(first);
  });

  it('is a complaint that a supervisor files, even of nobody: it opens seven days (T2)', async () => {
    const parts = world();
    const { department: _, ...opened } = DISPUTE;
    const complaint = { ...opened, kind: 'complaint', reference: 'C-1', guests: [], major: false };
    const result = await parts.take(supervisor, complaint);
    expect(result).toMatchObject({ body: { filed: 0, waiting: 1, gives: ['complaint-added'] } });
    expect(await parts.cases.read('complaint', 'C-1')).toBeNull();
    expect(await parts.confirm(head, changeIn(result))).toMatchObject({ status: 200 });
    expect(await parts.cases.read('complaint', 'C-1')).toMatchObject({ recordedBy: 'p_supervisor' });
  });

  it('is one change however often it is proposed, and comes to nothing where it is rejected', async () => {
    const parts = world();
    await parts.take(head, PLAN);
    const changeId = changeIn(await parts.take(head, published));
    expect(changeIn(await parts.take(head, published))).toBe(changeId);
    expect(await parts.reject(head, changeId)).toMatchObject({ body: { state: 'rejected' } });
    expect(await parts.confirm(lawyer, changeId)).toMatchObject({ status: 409 });
    expect(await parts.cases.read('plan', 'P-1')).toMatchObject({ publishedAt: null });
    expect(changeIn(await parts.take(head, published))).not.toBe(changeId);
  });

  it('is not confirmed where the case was changed since', async () => {
    const parts = world();
    await parts.take(head, PLAN);
    const changeId = changeIn(await parts.take(head, published));
    await parts.take(head, { ...PLAN, complaint: 'C-2' });
    expect(await parts.confirm(lawyer, changeId)).toMatchObject({
      status: 409,
      body: { verdict: { reasons: ['what-it-changes-has-changed'] } },
    });
    expect(await parts.cases.read('plan', 'P-1')).toMatchObject({ publishedAt: null, complaint: 'C-2' });
  });

  it('is nobody’s alone, whatever roles somebody holds', async () => {
    const parts = world();
    const agreement = {
      kind: 'agreement',
      reference: 'A-1',
      hotels: ['SHA01'],
      recipient: 'p_lawyer',
      role: 'processor',
      purposes: ['training'],
      bases: ['contract'],
      categories: ['enquiry'],
      validFrom: '2026-01-01T00:00:00Z',
      validUntil: '2027-01-01T00:00:00Z',
    };
    const changeId = changeIn(await parts.take(both, agreement));
    expect(await parts.confirm(both, changeId)).toMatchObject(refusal('change-confirmed-by-its-proposer'));
    // Of two roles of one's own, a proposer leaves either to whoever confirms.
    expect(await parts.confirm(secondLawyer, changeId)).toMatchObject({ status: 200 });
  });

  it('goes on where confirming was cut off', async () => {
    const parts = world();
    await parts.take(head, PLAN);
    const changeId = changeIn(await parts.take(head, published));
    const broken = {
      ...parts,
      cases: { ...parts.cases, file: () => Promise.reject(new Error('the process was killed')) },
    };
    await expect(confirmCaseChange({ actor: lawyer, changeId, now: NOON }, broken)).rejects.toThrow('killed');
    expect(await parts.cases.read('plan', 'P-1')).toMatchObject({ publishedAt: null });
    expect(await parts.confirm(officer, changeId)).toMatchObject({ status: 409 });
    expect(await parts.confirm(lawyer, changeId)).toMatchObject({ body: { state: 'confirmed' } });
    expect(await parts.cases.read('plan', 'P-1')).toMatchObject({ publishedAt: '2026-06-01T00:00:00.000Z' });
  });
});

describe('seeing cases', () => {
  it('shows whom may see them those of their kinds, guests as a count', async () => {
    const parts = world();
    await parts.take(lawyer, MATTER, DISPUTE);
    expect(await parts.list(lawyer)).toMatchObject({
      body: { cases: [{ kind: 'dispute', guests: 1 }, { kind: 'matter' }] },
    });
    expect(await parts.list(head)).toMatchObject({ body: { cases: [{ kind: 'dispute' }] } });
    expect(await parts.list(clerk)).toMatchObject(refusal('may-not-see-such-cases'));
    expect(await parts.list(lawyer, { kind: 'matter', reference: 'M-2026-014' })).toMatchObject({
      status: 200,
      body: { reference: 'M-2026-014' },
    });
    expect(await parts.list(lawyer, { kind: 'matter', reference: 'M-9' })).toMatchObject({ status: 404 });
    expect(await parts.list(lawyer, { kind: 'quarrel' })).toMatchObject({ status: 400 });
  });
});
