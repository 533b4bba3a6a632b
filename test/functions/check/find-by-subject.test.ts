import { describe, expect, it } from '@jest/globals';
import { checkRequest } from '../../../functions/check/check-request.ts';
import type { Source } from '../../../shared/domain/record.ts';
import { regionConfig, regionFacts } from '../../../shared/runtime/region.ts';
import { askedRetrieval, idOf } from '../../fakes/asked-retrieval.ts';
import { lawyer, NOON } from '../../shared/policy/staff.ts';
import { ingestWorld } from '../ingest/ingest-world.ts';

const GROUP_TALK = [
  '消息编号,时间,群号,工号,发送人,内容',
  'm1,2026-05-10 10:00:00,g-desk,zhang.san,张三,1208房的客人要求换房',
  'm2,2026-05-10 10:01:00,g-desk,li.si,李四,好的',
  'm3,2026-05-10 10:02:00,g-desk,zhang.san,张三,谢谢',
].join('\n');

const TICKET = JSON.stringify({
  id: 35436,
  requester_id: 20978392,
  subject: '发票抬头有误',
  created_at: '2026-05-10T10:00:00Z',
  comments: [
    {
      id: 1,
      author_id: 20978392,
      plain_body: '发票抬头写错了',
      public: true,
      created_at: '2026-05-10T10:00:00Z',
    },
    { id: 2, author_id: 7, plain_body: '已为您重开', public: true, created_at: '2026-05-10T11:00:00Z' },
  ],
});

/** A hotel with what came in from these files, and requests of legal that are checked against it. */
async function hotelWith(files: { source: Source; text: string; timezone: string | null }[]) {
  const custody = ingestWorld();
  const at = '2026-01-01T00:00:00.000Z';
  await custody.reader.consents.place(
    {
      ...{ basisId: 'bas_1', kind: 'notice', hotel: 'SHA01', personId: null, reference: 'HR-2026-1' },
      ...{ from: at, until: null, placed: { by: 'p_privacy', at }, withdrawn: null },
    },
    { at: new Date(at), actor: 'p_privacy', data: { employees: 0 } },
  );
  for (const { source, text, timezone } of files) {
    const batchId = await custody.upload(text, { source, timezone });
    expect(await custody.run(batchId)).toMatchObject({ outcome: 'committed', error: null });
    expect(await custody.batch(batchId)).toMatchObject({ rejected: [] });
  }
  const region = regionConfig('cn-north-1');
  const asked = askedRetrieval();

  /** What check wrote of a request with these changes. */
  return async (changes: Record<string, unknown>) => {
    const requestId = idOf(await asked.ask(lawyer, changes));
    await checkRequest(
      { version: 1, requestId },
      {
        ...asked,
        counts: asked.store.counts,
        emergencies: asked.store.emergencies,
        emergencyAsked: () => undefined,
        region,
        regionFacts: regionFacts(region),
        records: custody.reader.records,
        indexKey: custody.reader.indexKey,
        sealWaiting: async () => ({ left: 0 }),
        clock: () => new Date(NOON),
        refused: () => undefined,
        accountLocked: () => undefined,
        manyOrSensitive: () => undefined,
      },
    );
    return asked.row(requestId);
  };
}

describe('records are found by', () => {
  it('an employee, in work groups: what that employee wrote, and nobody else’s', async () => {
    const check = await hotelWith([{ source: 'workgroup', text: GROUP_TALK, timezone: 'Asia/Shanghai' }]);
    const ask = (value: string) =>
      check({ subject: { kind: 'employee', value }, platforms: ['workgroup'], categories: ['employee'] });
    expect(await ask('workgroup:zhang.san')).toMatchObject({
      state: 'awaiting-approval',
      subjectKind: 'employee',
      scope: { records: 2 },
    });
    expect(await ask('workgroup:li.si')).toMatchObject({ scope: { records: 1 } });
    expect((await ask('workgroup:nobody')).verdict?.reasons).toEqual(['empty-scope']);
  });

  it('a ticket: its subject and its whole conversation', async () => {
    const check = await hotelWith([{ source: 'crm-zendesk', text: TICKET, timezone: null }]);
    const ask = (value: string) => check({ subject: { kind: 'ticket', value }, platforms: ['crm-zendesk'] });
    expect(await ask('35436')).toMatchObject({ state: 'awaiting-approval', scope: { records: 3 } });
    expect((await ask('35437')).verdict?.reasons).toEqual(['empty-scope']);
  });

  it('a number that two systems gave: both guests, which the route and whoever approves see', async () => {
    const stay = [
      'record_id,at,booking,arrival,phone',
      's1,2026-05-10 12:00,1234567,2026-05-10,13800138000',
      's2,2026-05-10 13:00,7654321,2026-05-10,13900139000',
    ].join('\n');
    const chat = [
      'message id,conversation id,order id,sent at,sender type,message',
      'c1,c-1,1234567,2026-05-10T10:00:00+08:00,customer,早餐几点',
    ].join('\n');
    const check = await hotelWith([
      { source: 'stay', text: stay, timezone: 'Asia/Shanghai' },
      { source: 'ctrip', text: chat, timezone: null },
    ]);
    const ask = (value: string, platforms: Source[]) =>
      check({
        ...{ subject: { kind: 'booking', value }, platforms, categories: ['stay', 'enquiry'] },
        ...{ necessity: '核实入住人', impactAssessment: 'PIA-2026-3' },
      });
    const both = await ask('1234567', ['stay', 'ctrip']);
    expect(both).toMatchObject({ scope: { records: 2 } });
    expect(both.scope?.guests).toHaveLength(2);
    expect(both.route).toContain('infosec-director');
    const one = await ask('1234567', ['ctrip']);
    expect(one.scope?.guests).toHaveLength(1);
    expect(await ask('7654321', ['stay', 'ctrip'])).toMatchObject({ scope: { records: 1 } });
  });
});

describe('a subject that nothing can be found by is refused for that, not as an empty scope', () => {
  it.each([
    [{ subject: { kind: 'cohort', value: '2026-Q2' } }, 'subject-not-a-person-or-ticket'],
    [{ subject: { kind: 'system', value: 'pms' } }, 'subject-not-a-person-or-ticket'],
    [{ subject: { kind: 'employee', value: 'workgroup:zhang.san' } }, 'employee-without-work-groups'],
    [{ platforms: ['workgroup'] }, 'work-groups-without-employee'],
    [{ categories: [] }, 'category-missing'],
  ])('%j: %s', async (changes, reason) => {
    const check = await hotelWith([]);
    expect((await check(changes)).verdict).toMatchObject({ rules: ['R6'], reasons: [reason] });
  });

  it('an employee without the platform of the account is bad input, which says how to write it', async () => {
    const answer = await askedRetrieval().ask(lawyer, { subject: { kind: 'employee', value: 'zhang.san' } });
    expect(answer).toMatchObject({
      status: 400,
      body: { error: { where: 'body.subject.value', remedy: expect.stringContaining('workgroup:') } },
    });
  });
});
