import { describe, expect, it } from '@jest/globals';
import type { AccessGrant } from '../../../shared/domain/access-grant.ts';
import type { Case, CaseOf } from '../../../shared/domain/case.ts';
import type { Person } from '../../../shared/domain/person.ts';
import type { Category } from '../../../shared/domain/record.ts';
import type { FoundBlock } from '../../../shared/facts/find-records.ts';
import { scopeFacts } from '../../../shared/facts/scope-facts.ts';
import type { BlockRow } from '../../../shared/ports/records-index.ts';
import { inMemoryCases } from '../../fakes/in-memory-cases.ts';
import { inMemoryConsents } from '../../fakes/in-memory-consents.ts';
import { inMemoryDirectory } from '../../fakes/in-memory-directory.ts';
import { inMemoryRecordsIndex } from '../../fakes/in-memory-records-index.ts';
import { aCase } from '../policy/sample-cases.ts';
import { lawyer, NOON, request } from '../policy/staff.ts';

function block(category: Category, changes: Partial<BlockRow> = {}): FoundBlock {
  const at = '2026-05-10T00:00:00.000Z';
  const guestId = changes.guestId ?? 'gst_1';
  return {
    block: {
      blockId: 'blk_1',
      guestId,
      conversationId: 'cnv_1',
      hotel: 'SHA01',
      platform: 'wecom',
      categories: [category],
      recordClass: 'ordinary',
      period: '2026-11',
      from: at,
      to: at,
      records: 1,
      bytes: 1,
      objectKey: 'o',
      objectDigest: 'sha256:0',
      batchId: 'bat_1',
      index: new Uint8Array(0),
      staff: [],
      ...changes,
    },
    entries: [{ recordId: `r-${guestId}-${category}`, at: new Date(at), category, commitment: 'c' }],
  };
}

async function facts(
  blocks: FoundBlock[],
  cases: Case[] = [],
  more: {
    linked?: string[][];
    requester?: Person;
    clients?: string[];
    departments?: string[];
    grant?: Partial<AccessGrant>;
  } = {},
) {
  const records = inMemoryRecordsIndex();
  records.linked.push(...(more.linked ?? []));
  const requester = more.requester ?? { ...lawyer, department: 'd' };
  const directory = inMemoryDirectory(requester);
  directory.clients.set(requester.personId, more.clients ?? []);
  const found = await scopeFacts(
    blocks,
    {
      grant: request(more.grant ?? { requesterRole: 'infosec-director', matter: null }),
      requester,
      departments: more.departments ?? [],
      broughtBy: [],
    },
    {
      records,
      cases: inMemoryCases(...cases),
      consents: inMemoryConsents(),
      directory,
      consentSources: ['wecom'],
      now: NOON,
    },
  );
  return found.facts;
}

describe('whoever brought on file what opens a scope (A1)', () => {
  const blocks = [block('enquiry')];
  const by = { broughtBy: ['p_one', 'p_two'] };
  const elsewhere = { guests: ['gst_9'], hotels: ['SHA01'] };
  const opened = async (filed: Case, of = blocks) => (await facts(of, [filed])).broughtBy;

  it('is who filed, closed or moved a dispute about the person', async () => {
    expect(await opened(aCase('dispute', by))).toEqual(['p_one', 'p_two']);
    expect(await opened(aCase('dispute', { ...by, ...elsewhere }))).toEqual([]);
  });

  it('is who took the person, or the hotel, off a dispute, a plan or a major complaint', async () => {
    const person = { ...by, guests: ['gst_9'], formerly: { guests: ['gst_1'], hotels: [] } };
    const hotel = { ...by, hotels: ['HGH02'], formerly: { guests: [], hotels: ['SHA01'] } };
    for (const off of [person, hotel]) {
      expect(await opened(aCase('dispute', off))).toEqual(['p_one', 'p_two']);
      expect(await opened(aCase('plan', off), [block('complaint-plan')])).toEqual(['p_one', 'p_two']);
      expect(await opened(aCase('complaint', { ...off, major: true }))).toEqual(['p_one', 'p_two']);
    }
  });

  it('is who brought a plan, where plans are in scope', async () => {
    expect(await opened(aCase('plan', by), [block('complaint-plan')])).toEqual(['p_one', 'p_two']);
    expect(await opened(aCase('plan', by))).toEqual([]);
  });

  it('is who says that a complaint is not major, which spares legal’s review; who says that it is opens nothing', async () => {
    expect(await opened(aCase('complaint', { ...by, major: false }))).toEqual(['p_one', 'p_two']);
    expect(await opened(aCase('complaint', { ...by, major: true }))).toEqual([]);
  });

  it('is nobody of a matter or ticket that names the person', async () => {
    expect(await opened(aCase('ticket', by))).toEqual([]);
  });
});

describe('what is known of a scope', () => {
  it('counts persons, not identifiers: linked guests are one (A9, R4)', async () => {
    const two = [block('enquiry'), block('enquiry', { guestId: 'gst_2' })];
    expect(await facts(two)).toMatchObject({ guests: 2 });
    expect(await facts(two, [], { linked: [['gst_1', 'gst_2']] })).toMatchObject({ guests: 1 });
  });

  it('has an unpublished plan where one of the guest’s isn’t published, or none is on file (R2)', async () => {
    const plans = [block('complaint-plan')];
    expect(await facts([block('enquiry')])).toMatchObject({ unpublishedPlans: false });
    expect(await facts(plans)).toMatchObject({ unpublishedPlans: true });
    expect(await facts(plans, [aCase('plan')])).toMatchObject({ unpublishedPlans: true });
    const published = aCase('plan', { publishedAt: '2026-06-01T00:00:00.000Z' });
    expect(await facts(plans, [published])).toMatchObject({ unpublishedPlans: false });
    expect(await facts(plans, [published, aCase('plan', { reference: 'C-2' })])).toMatchObject({
      unpublishedPlans: true,
    });
    const tomorrow = aCase('plan', { publishedAt: '2026-06-16T12:00:00.000Z' });
    expect(await facts(plans, [tomorrow])).toMatchObject({ unpublishedPlans: true });
    // On file for another person, or under an identifier of the same one.
    expect(await facts(plans, [{ ...published, guests: ['gst_9'] }])).toMatchObject({
      unpublishedPlans: true,
    });
    expect(
      await facts(plans, [{ ...published, guests: ['gst_9'] }], { linked: [['gst_1', 'gst_9']] }),
    ).toMatchObject({ unpublishedPlans: false });
  });

  it('has a dispute elsewhere where one is in progress in another department or hotel (R3)', async () => {
    const blocks = [block('enquiry')];
    expect(await facts(blocks, [aCase('dispute')])).toMatchObject({ disputeElsewhere: false });
    expect(await facts(blocks, [aCase('dispute', { department: 'spa' })])).toMatchObject({
      disputeElsewhere: true,
    });
    const over = aCase('dispute', { department: 'spa', closedAt: '2026-06-01T00:00:00.000Z' });
    expect(await facts(blocks, [over])).toMatchObject({ disputeElsewhere: false });
    const elsewhere = { ...lawyer, department: 'd', hotel: 'HGH02' };
    expect(await facts(blocks, [aCase('dispute')], { requester: elsewhere })).toMatchObject({
      disputeElsewhere: true,
    });
    expect(await facts(blocks, [aCase('dispute', { department: 'spa', guests: ['gst_9'] })])).toMatchObject({
      disputeElsewhere: false,
    });
  });

  it('has none elsewhere for legal that names the dispute’s own matter, or where it names none (R3)', async () => {
    const asked = async (matter: string | null, grant: Partial<AccessGrant>) => {
      const dispute = aCase('dispute', { department: 'spa', matter });
      return (await facts([block('enquiry')], [dispute], { grant })).disputeElsewhere;
    };
    const legal = { requesterRole: 'legal', matter: 'M-1' } as const;
    expect(await asked('M-1', legal)).toBe(false);
    expect(await asked('M-1', { ...legal, matter: 'm-1 ' })).toBe(false);
    expect(await asked(null, legal)).toBe(false);
    expect(await asked('M-2', legal)).toBe(true);
    expect(await asked(null, { ...legal, matter: null })).toBe(true);
    expect(await asked('M-1', { requesterRole: 'infosec-director', matter: 'M-1' })).toBe(true);
    const both = [
      aCase('dispute', { department: 'spa', matter: 'M-1' }),
      aCase('dispute', { reference: 'D-2', department: 'spa', matter: 'M-2' }),
    ];
    expect(await facts([block('enquiry')], both, { grant: legal })).toMatchObject({ disputeElsewhere: true });
  });

  it('doesn’t know the state of a dispute of whose guest none is on file (R3)', async () => {
    expect(await facts([block('dispute')])).toMatchObject({ disputeUnknown: true });
    expect(await facts([block('dispute')], [aCase('dispute')])).toMatchObject({ disputeUnknown: false });
    expect(await facts([block('enquiry')])).toMatchObject({ disputeUnknown: false });
  });

  it('has a dispute or major complaint by category, by class, and by cases about the guest (A2)', async () => {
    const has = async (blocks: FoundBlock[], cases: Case[] = []) =>
      (await facts(blocks, cases)).disputeOrMajorComplaint;
    expect(await has([block('enquiry')])).toBe(false);
    expect(await has([block('dispute')])).toBe(true);
    expect(await has([block('complaint')])).toBe(false);
    expect(await has([block('complaint', { recordClass: 'major-complaint' })])).toBe(true);
    expect(await has([block('call-recording', { recordClass: 'major-complaint' })])).toBe(false);
    expect(await has([block('enquiry')], [aCase('complaint', { major: true })])).toBe(true);
    expect(await has([block('enquiry')], [aCase('complaint')])).toBe(false);
    expect(await has([block('enquiry')], [aCase('dispute')])).toBe(true);
    const before = aCase('dispute', {
      openedAt: '2026-01-01T00:00:00.000Z',
      closedAt: '2026-02-01T00:00:00.000Z',
    });
    expect(await has([block('enquiry')], [before])).toBe(false);
  });

  describe('is of the complaint that the request names (T2)', () => {
    const one = block('enquiry');
    const other = block('enquiry', { guestId: 'gst_2' });
    const filed = (changes: Partial<CaseOf<'complaint'>> = {}) =>
      aCase('complaint', { reference: 'C-1', guests: ['gst_1'], ...changes });
    const isOf = async (
      blocks: FoundBlock[],
      cases: Case[],
      grant: Partial<AccessGrant> = { ticket: 'C-1', matter: null },
      linked: string[][] = [],
    ) => (await facts(blocks, cases, { grant, linked })).ofNamedComplaint;

    it('where the complaint is about every person in scope, under whatever identifier', async () => {
      expect(await isOf([one], [filed()])).toBe(true);
      expect(await isOf([one, other], [filed({ guests: ['gst_1', 'gst_2'] })])).toBe(true);
      expect(await isOf([one, other], [filed()], undefined, [['gst_1', 'gst_2']])).toBe(true);
    });

    it('named as its ticket or its matter, in whichever letters', async () => {
      expect(await isOf([one], [filed()], { ticket: null, matter: 'c-1' })).toBe(true);
      expect(await isOf([one], [filed()], { ticket: 'C-2', matter: 'M-1' })).toBe(false);
      expect(await isOf([one], [filed()], { ticket: null, matter: null })).toBe(false);
    });

    it('not where it is about somebody else, about one of two, or about nobody', async () => {
      expect(await isOf([one], [filed({ guests: ['gst_2'] })])).toBe(false);
      expect(await isOf([one, other], [filed()])).toBe(false);
      expect(await isOf([one], [filed({ guests: [] })])).toBe(false);
      expect(await isOf([], [filed()])).toBe(false);
    });

    it('not where it is closed, or of another hotel than those asked for', async () => {
      expect(await isOf([one], [filed({ closedAt: NOON.toISOString() })])).toBe(false);
      expect(await isOf([one], [filed()], { ticket: 'C-1', hotels: ['SHA01', 'HGH02'] })).toBe(false);
    });

    it('not where one complaint is open and another is about the guest', async () => {
      const about = filed({ closedAt: NOON.toISOString() });
      const open = filed({ reference: 'C-2', guests: ['gst_2'] });
      expect(await isOf([one], [about, open], { ticket: 'C-2', matter: 'C-1' })).toBe(false);
    });
  });

  it('is of own clients where every person is one, under whatever identifier (T6)', async () => {
    const two = [block('enquiry'), block('enquiry', { guestId: 'gst_2' })];
    expect(await facts(two, [], { clients: ['gst_1'] })).toMatchObject({ ownClients: false });
    expect(await facts(two, [], { clients: ['gst_1', 'gst_2'] })).toMatchObject({ ownClients: true });
    expect(await facts(two, [], { clients: ['gst_1'], linked: [['gst_1', 'gst_2']] })).toMatchObject({
      ownClients: true,
    });
    expect(await facts([], [], { clients: ['gst_1'] })).toMatchObject({ ownClients: false, guests: 0 });
  });

  it('asks of cases of the hotels that are asked for alone', async () => {
    const other = aCase('dispute', { hotels: ['HGH02'], department: 'spa' });
    expect(await facts([block('enquiry')], [other])).toMatchObject({
      disputeElsewhere: false,
      disputeOrMajorComplaint: false,
    });
  });
});
