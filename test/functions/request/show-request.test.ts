import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { LIMITS } from '../../../shared/domain/limits.ts';
import { answerInWords } from '../../../shared/runtime/answer-in-words.ts';
import { askedRetrieval, idOf, PHONE, REMARKS } from '../../fakes/asked-retrieval.ts';
import { auditor, clerk, director, lawyer, officer, secondLawyer } from '../../shared/policy/staff.ts';

describe('GET /requests/{id}', () => {
  it('answers what check wrote, in the contract’s words', async () => {
    const world = askedRetrieval();
    const requestId = await world.awaiting();
    const row = await world.row(requestId);
    const { body, status } = await world.show(requestId, lawyer);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      requestId,
      state: 'awaiting-approval',
      verdict: { outcome: 'allow', reasons: ['legal-asks-for-a-named-matter'], rules: ['T7'] },
      route: ['infosec-director', 'privacy-officer'],
      scope: {
        ...{ conversations: 1, records: 3, digest: row.scope?.digest },
        media: { inCustody: 0, missing: 0 },
      },
      requestDigest: row.requestDigest,
      approvals: [],
      openings: [],
      events: [{ type: 'request-made' }, { type: 'request-checked' }],
    });
  });

  it('shows remarks and reasons to the requester and to roles that approve, and to nobody else', async () => {
    const world = askedRetrieval();
    const requestId = await world.awaiting();
    await world.decide(requestId, officer, 'approve', { reason: '理由充分' });
    for (const reader of [lawyer, officer, director]) {
      expect((await world.show(requestId, reader)).body).toMatchObject({
        remarks: REMARKS,
        approvals: [{ reason: '理由充分' }],
      });
    }
    expect((await world.show(requestId, auditor)).body).toMatchObject({
      remarks: null,
      approvals: [{ role: 'privacy-officer', by: 'p_officer', reason: null }],
    });
  });

  it('never shows the subject’s value or a guest’s id, not even to the requester', async () => {
    const world = askedRetrieval();
    const requestId = await world.opened();
    for (const reader of [lawyer, officer, auditor]) {
      const text = JSON.stringify((await world.show(requestId, reader)).body);
      for (const secret of [PHONE, '13800138000', 'gst_1', 'copies/']) expect(text).not.toContain(secret);
      expect(text).toContain('"subjectKind":"phone"');
    }
  });

  it('shows those who approve what applied in the words of the rule set that was asked, whatever came since', async () => {
    const world = askedRetrieval();
    const adds = (en: string) =>
      `@id("A9.own") @reason("audit-agrees") @zh("另须审计") @en("${en}") @route("internal-audit")
       permit (principal, action == Action::"route", resource);`;
    world.ruleSets.tighten('own.cedar', adds('audit agrees too'));
    const requestId = await world.awaiting();
    world.ruleSets.loosen('own.cedar');
    world.ruleSets.tighten('own.cedar', adds('said otherwise since'));
    expect((await world.show(requestId, officer)).body).toMatchObject({
      applied: expect.arrayContaining([
        { rule: 'A9', reason: 'audit-agrees', zh: '另须审计', en: 'audit agrees too' },
      ]),
    });
  });

  it('says a chain’s own reason as the chain words it, also once the chain has given the rule up', async () => {
    const world = askedRetrieval();
    world.ruleSets.tighten(
      'own.cedar',
      `@id("R6.own") @reason("hotel-wants-a-ticket-too") @zh("本酒店另须写明工单") @en("this hotel wants a ticket too")
       forbid (principal, action == Action::"request", resource);`,
    );
    const requestId = idOf(await world.ask(lawyer));
    await world.check(requestId);
    const said = {
      'hotel-wants-a-ticket-too': {
        rule: 'R6',
        zh: '本酒店另须写明工单',
        en: 'this hotel wants a ticket too',
      },
    };
    for (const change of [() => undefined, () => world.ruleSets.loosen('own.cedar')]) {
      change();
      const { body } = await world.show(requestId, lawyer);
      expect(await answerInWords(body, world.ruleSets)).toMatchObject({
        state: 'refused',
        verdict: { reasons: ['hotel-wants-a-ticket-too'], words: said },
        endReason: 'hotel-wants-a-ticket-too',
        words: said,
      });
    }
  });

  it('is refused under T18 to somebody who has no part in it', async () => {
    const world = askedRetrieval();
    const requestId = await world.awaiting();
    for (const reader of [clerk, secondLawyer]) {
      expect(await world.show(requestId, reader)).toMatchObject({
        status: 403,
        body: { verdict: { rules: ['T18'] } },
      });
    }
  });

  it('records each look of somebody else than the requester', async () => {
    const world = askedRetrieval();
    const requestId = await world.awaiting();
    await world.show(requestId, lawyer);
    await world.show(requestId, officer);
    await world.show(requestId, auditor);
    expect(world.store.notes(`attempts/${requestId}`)).toMatchObject([
      { type: 'request-shown', actor: 'p_officer', data: { freeText: true } },
      { type: 'request-shown', actor: 'p_auditor', data: { freeText: false } },
    ]);
  });

  it('does not find what is not there', async () => {
    expect((await askedRetrieval().show('req_none', lawyer)).status).toBe(404);
  });

  it('shows a request whose evidence key was shredded without its free text', async () => {
    const world = askedRetrieval();
    const requestId = await world.awaiting();
    await world.keys.shred('evidence', requestId);
    expect((await world.show(requestId, lawyer)).body).toMatchObject({ requestId, remarks: null });
  });
});

describe('GET /requests', () => {
  it('lists the own requests, newest first', async () => {
    const world = askedRetrieval();
    const first = idOf(await world.ask(lawyer));
    world.wait(1);
    const second = idOf(await world.ask(lawyer));
    expect((await world.list(lawyer)).body).toMatchObject({
      requests: [
        { requestId: second, state: 'requested', awaitsYou: false },
        { requestId: first, state: 'requested', awaitsYou: false },
      ],
    });
  });

  it('lists what awaits an approver, until the approver or the role decided', async () => {
    const world = askedRetrieval();
    const requestId = await world.awaiting();
    idOf(await world.ask(lawyer));
    expect((await world.list(officer)).body).toMatchObject({ requests: [{ requestId, awaitsYou: true }] });
    await world.decide(requestId, officer, 'approve');
    expect((await world.list(officer)).body).toEqual({ requests: [] });
    expect((await world.list(director, { show: 'awaiting' })).body).toMatchObject({
      requests: [{ requestId }],
    });
    expect((await world.list(director, { show: 'own' })).body).toEqual({ requests: [] });
  });

  it('lists nothing for an auditor or a clerk', async () => {
    const world = askedRetrieval();
    await world.awaiting();
    expect((await world.list(auditor)).body).toEqual({ requests: [] });
    expect((await world.list(clerk)).body).toEqual({ requests: [] });
  });

  it('lists the register of a hotel to those who may see its requests (T18), to nobody else', async () => {
    const world = askedRetrieval();
    const requestId = await world.awaiting();
    const hotel = { hotel: 'SHA01' };
    for (const person of [auditor, officer, lawyer]) {
      expect((await world.list(person, hotel)).body).toMatchObject({
        requests: [{ requestId, requester: lawyer.personId, scope: { records: expect.any(Number) } }],
        next: null,
      });
    }
    expect((await world.list(clerk, hotel)).body).toEqual({ requests: [], next: null });
    expect((await world.list(auditor, { ...hotel, year: '2025' })).body).toMatchObject({ requests: [] });
  });

  it('shows metadata and counts in the register: no free text, no subject', async () => {
    const world = askedRetrieval();
    await world.awaiting();
    const said = JSON.stringify((await world.list(auditor, { hotel: 'SHA01' })).body);
    for (const field of ['remarks', 'subject', 'necessity', 'citations', 'verdict'])
      expect(said).not.toContain(`"${field}"`);
  });

  it('gives the register a page at a time, each request once', async () => {
    const world = askedRetrieval();
    const made: string[] = [];
    for (let count = 0; count < LIMITS.listedRequests + 1; count += 1) {
      world.wait(1);
      made.unshift(
        idOf(await world.ask(count % 3 === 0 ? lawyer : count % 3 === 1 ? director : secondLawyer)),
      );
    }
    const first = pageOf(await world.list(auditor, { hotel: 'SHA01' }));
    expect(first.ids).toHaveLength(LIMITS.listedRequests);
    const rest = pageOf(await world.list(auditor, { hotel: 'SHA01', before: first.next ?? '' }));
    expect([...first.ids, ...rest.ids]).toEqual(made);
    expect(rest.next).toBeNull();
  });

  it('says which filters there are', async () => {
    expect((await askedRetrieval().list(lawyer, { show: 'everything' })).status).toBe(400);
    expect((await askedRetrieval().list(lawyer, { hotel: 'SHA01', show: 'own' })).status).toBe(400);
    expect((await askedRetrieval().list(lawyer, { hotel: 'NOWHERE' })).status).toBe(400);
    expect((await askedRetrieval().list(lawyer, { hotel: 'SHA01', before: 'req_1' })).status).toBe(400);
  });
});

const pageSchema = z.object({
  requests: z.array(z.object({ requestId: z.string() })),
  next: z.string().nullable(),
});
function pageOf({ body }: { body: unknown }): { ids: string[]; next: string | null } {
  const { requests, next } = pageSchema.parse(body);
  return { ids: requests.map(({ requestId }) => requestId), next };
}
