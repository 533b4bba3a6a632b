import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type RequestBody, requestBodySchema } from '../../../functions/request/request-body.ts';
import { SUBJECT_KINDS } from '../../../shared/domain/access-request.ts';
import { LIMITS } from '../../../shared/domain/limits.ts';
import { ASKED, askedRetrieval, idOf, PHONE, REMARKS } from '../../fakes/asked-retrieval.ts';
import { mortalProcess } from '../../fakes/killed-process.ts';
import { clerk, director, lawyer, officer, person } from '../../shared/policy/staff.ts';

const INSTRUMENT = {
  type: 'police',
  number: 'JING-2026-15',
  authority: '上海市公安局',
  validFrom: '2026-01-01T00:00:00+08:00',
  validUntil: '2026-12-31T00:00:00+08:00',
  officers: ['p_officer'],
};

describe('POST /requests', () => {
  it('takes a request: a row, its event, an evidence key, and a started workflow', async () => {
    const world = askedRetrieval();
    const answer = await world.ask(lawyer);
    const requestId = idOf(answer);
    expect(answer).toEqual({ status: 202, body: { requestId, state: 'requested' } });
    expect(await world.row(requestId)).toMatchObject({
      requester: 'p_lawyer',
      requesterRole: 'legal',
      opens: 3,
    });
    expect((await world.store.events(requestId)).map(({ type }) => type)).toEqual(['request-made']);
    expect(world.keys.kept()).toEqual([`evidence ${requestId}`]);
    expect(world.workflow.started).toEqual([requestId]);
  });

  it('keeps neither the subject nor the remarks in the clear, in row or event', async () => {
    const world = askedRetrieval();
    const asked = {
      instrument: { ...INSTRUMENT, authority: '李警官所在支队', treaty: '某条约', approvalNumber: 'SFB-77' },
      necessity: '王小明称房卡被盗刷',
    };
    const requestId = idOf(await world.ask(lawyer, asked));
    const written = JSON.stringify([await world.row(requestId), await world.store.events(requestId)]);
    for (const secret of [PHONE, '13800138000', REMARKS, '王小明', '李警官', '某条约', 'SFB-77']) {
      expect(written).not.toContain(secret);
    }
  });

  it('keeps of an instrument what the rules need: its number, codes, times, and what it limits', async () => {
    const world = askedRetrieval();
    const instrument = { ...INSTRUMENT, foreign: true, treaty: '某条约', categories: ['enquiry'] };
    const row = await world.row(idOf(await world.ask(lawyer, { instrument })));
    expect(row).toMatchObject({ instrument: true, instrumentNumber: 'JING-2026-15' });
    expect(row.instrumentTerms).toEqual({
      type: 'police',
      validFrom: INSTRUMENT.validFrom,
      validUntil: INSTRUMENT.validUntil,
      officers: ['p_officer'],
      foreign: true,
      approved: false,
      treaty: true,
      dueAt: null,
      secret: false,
      platforms: null,
      categories: ['enquiry'],
      from: null,
      to: null,
    });
    const onFile = await world.row(idOf(await world.ask(lawyer, { instrument: 'JING-2026-15' })));
    expect(onFile).toMatchObject({ instrument: true, instrumentNumber: 'JING-2026-15' });
    expect(onFile).not.toHaveProperty('instrumentTerms');
  });

  it.each([
    ['instrument', 7, /number of an instrument on file/],
    ['instrument', '王小明', /须为编号/],
    ['instrument.validUntil', { ...INSTRUMENT, validUntil: '2025-01-01T00:00:00+08:00' }, /须晚于/],
    ['instrument.validUntil', { ...INSTRUMENT, validUntil: 'tomorrow' }, /须为带时区/],
    ['instrument.number', { ...INSTRUMENT, number: '13800138000' }, /像是电话/],
    ['instrument.officers.0', { ...INSTRUMENT, officers: ['李警官'] }, /人员目录/],
    ['instrument.type', { ...INSTRUMENT, type: 'letter' }, /police/],
  ])('says what is wrong with an %s of %j', (where, instrument, what) => {
    const { error } = requestBodySchema('system').safeParse({ ...ASKED, instrument });
    expect(error?.issues.map(({ path }) => path.join('.'))).toContain(where);
    expect(error?.issues.map(({ message }) => message).join()).toMatch(what);
  });

  it('takes a request for originals, for the rulebook to judge (E1)', async () => {
    const world = askedRetrieval();
    const requestId = idOf(await world.ask(lawyer, { masking: 'original' }));
    await world.check(requestId);
    expect((await world.row(requestId)).verdict).toMatchObject({ outcome: 'deny', rules: ['E1'] });
  });

  it('keeps references out of events, and takes none that could be a name or a number of somebody', async () => {
    const world = askedRetrieval();
    const requestId = idOf(
      await world.ask(lawyer, { matter: 'M-2026-015', ticket: 'T-77', paperForm: 'F-1' }),
    );
    expect(JSON.stringify(await world.store.events(requestId))).not.toMatch(/M-2026-015|T-77|F-1/);
    for (const field of ['matter', 'ticket', 'paperForm']) {
      for (const value of ['王小明诉酒店', '13800138000']) {
        const { error } = requestBodySchema('system').safeParse({ ...ASKED, [field]: value });
        expect(error?.issues).toMatchObject([{ path: [field] }]);
      }
    }
  });

  it('is taken, refused or bad input, whatever well-formed request file it gets', async () => {
    const world = askedRetrieval();
    const text = fc.string({ unit: 'grapheme', maxLength: 40 });
    const changes = fc.record(
      {
        subject: fc.record({ kind: fc.constantFrom(...SUBJECT_KINDS), value: text }),
        hotels: fc.uniqueArray(fc.constantFrom('SHA01', 'HGH02', 'FRA01', 'XXX99')),
        instrument: fc.jsonValue({ maxDepth: 20, stringUnit: 'grapheme' }),
        emergency: fc.jsonValue({ maxDepth: 20, stringUnit: 'grapheme' }),
        remarks: text,
        idempotencyKey: fc.string({ unit: fc.constantFrom('a', '-', '_'), minLength: 1 }),
        opens: fc.nat({ max: 30 }),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(changes, async (change) => {
        const body = requestBodySchema('system').safeParse({ ...ASKED, ...change });
        if (!body.success) return;
        const { status } = await world.ask(lawyer, change);
        expect([202, 400, 403]).toContain(status);
      }),
    );
  });

  it('names the hotels of this region for a hotel that the chain does not have, and writes nothing', async () => {
    const world = askedRetrieval();
    const answer = await world.ask(lawyer, { hotels: ['SHA01', 'XXX99'] });
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({
      error: { where: 'body.hotels.1', remedy: expect.stringContaining('SHA01') },
    });
    expect(await world.store.byRequester('p_lawyer')).toEqual([]);
    expect(world.keys.kept()).toEqual([]);
  });

  it('takes a request for a hotel of another region: headquarters approves, and what was not searched is said', async () => {
    const world = askedRetrieval();
    const requestId = idOf(await world.ask(lawyer, { hotels: ['SHA01', 'FRA01'] }));
    expect(await world.check(requestId)).toMatchObject({
      state: 'awaiting-approval',
      route: ['hq-approver', 'infosec-director', 'privacy-officer'],
    });
    expect(await world.row(requestId)).toMatchObject({ hotelsElsewhere: ['FRA01'] });
    expect((await world.store.events(requestId)).at(-1)?.data).toMatchObject({ hotelsElsewhere: ['FRA01'] });
    expect((await world.show(requestId, lawyer)).body).toMatchObject({ hotelsElsewhere: ['FRA01'] });
  });

  it('takes a request for hotels of other regions alone, for the rulebook to refuse under A3', async () => {
    const world = askedRetrieval();
    const requestId = idOf(await world.ask(lawyer, { hotels: ['FRA01'] }));
    expect((await world.check(requestId)).state).toBe('refused');
    expect((await world.row(requestId)).verdict).toMatchObject({
      rules: ['A3'],
      reasons: ['no-hotel-of-this-region'],
    });
  });

  it.each([
    ['phone', '好的'],
    ['email', 'nobody'],
    ['name-and-room', '王小明 1208'],
  ])('says where a value is that can not be a %s, without repeating it', async (kind, value) => {
    const answer = await askedRetrieval().ask(lawyer, { subject: { kind, value } });
    expect(answer).toMatchObject({ status: 400, body: { error: { where: 'body.subject.value' } } });
    expect(JSON.stringify(answer.body)).not.toContain(value);
  });

  it('names an unknown recipient', async () => {
    const answer = await askedRetrieval().ask(lawyer, { recipient: 'p_nobody' });
    expect(answer).toMatchObject({ status: 400, body: { error: { where: 'body.recipient' } } });
  });

  it('judges a person without a role that can ask in a role that the person has', async () => {
    const world = askedRetrieval();
    const requestId = idOf(await world.ask(clerk));
    await world.check(requestId);
    expect((await world.row(requestId)).verdict).toMatchObject({ outcome: 'deny', rules: ['T1'] });
  });

  it('refuses a person without any role, and writes nothing', async () => {
    const world = askedRetrieval();
    expect(await world.ask(person('nobody'))).toMatchObject({
      status: 403,
      body: { verdict: { outcome: 'deny' } },
    });
    expect(world.keys.kept()).toEqual([]);
  });

  it('records a role that the person names and does not hold, and refuses it', async () => {
    const world = askedRetrieval();
    const requestId = idOf(await world.ask(lawyer, { role: 'infosec-director' }));
    await world.check(requestId);
    expect((await world.row(requestId)).verdict?.reasons).toContain('infosec-director-role-not-held');
  });

  it('is the same request for the same idempotency key, and starts it again', async () => {
    const world = askedRetrieval();
    const first = await world.ask(lawyer, { idempotencyKey: 'k-1' });
    const again = await world.ask(lawyer, { idempotencyKey: 'k-1' });
    expect(again).toEqual(first);
    expect(await world.store.byRequester('p_lawyer')).toHaveLength(1);
    expect(await world.store.events(idOf(first))).toHaveLength(1);
    expect(idOf(await world.ask(director, { idempotencyKey: 'k-1' }))).not.toBe(idOf(first));
  });

  it.each([
    { remarks: '另一份' },
    { subject: { kind: 'phone', value: '+86 139 0013 9000' } },
    { matter: 'M-2' },
    { opens: 1 },
  ])('refuses an idempotency key that stands for another request: %j', async (changes) => {
    const world = askedRetrieval();
    await world.ask(lawyer, { idempotencyKey: 'k-1' });
    const answer = await world.ask(lawyer, { idempotencyKey: 'k-1', ...changes });
    expect(answer).toMatchObject({ status: 400, body: { error: { where: 'body.idempotencyKey' } } });
  });

  it('takes no more than the limit of pending requests of one person', async () => {
    const world = askedRetrieval();
    for (let made = 0; made < LIMITS.pendingRequestsPerPerson; made += 1) await world.ask(lawyer);
    expect((await world.ask(lawyer)).status).toBe(400);
    expect((await world.ask(director)).status).toBe(202);
  });

  it('stands although the workflow can not be started: the sweep starts it', async () => {
    const world = askedRetrieval();
    world.workflow.start = async () => {
      throw new Error('Step Functions is away');
    };
    const answer = await world.ask(lawyer);
    expect(answer.status).toBe(202);
    expect(world.errors).toHaveLength(1);
  });

  it('killed anywhere and sent again with its key, is one request with one event that is started', async () => {
    for (let effect = 0; effect < 6; effect += 1) {
      for (const when of ['before', 'after'] as const) {
        const world = askedRetrieval();
        const process = mortalProcess({ effect, when });
        await world.ask(lawyer, { idempotencyKey: 'k-1' }, process).catch(() => undefined);
        const requestId = idOf(await world.ask(lawyer, { idempotencyKey: 'k-1' }));
        expect(await world.store.byRequester('p_lawyer')).toHaveLength(1);
        expect(await world.store.events(requestId)).toHaveLength(1);
        expect(world.workflow.started).toEqual([requestId]);
      }
    }
  });
});

describe('the body of a request', () => {
  const faults: [string, Record<string, unknown>, string][] = [
    ['a date without a zone', { from: '2026-05-01T00:00:00' }, 'from'],
    ['an unknown purpose', { purpose: 'curiosity' }, 'purpose'],
    ['no hotel', { hotels: [] }, 'hotels'],
    ['an unknown role', { role: 'king' }, 'role'],
    ['a field that it does not know', { window: 1 }, ''],
    ['an injected time where the deployment takes none', { asOf: '2026-05-01T00:00:00Z' }, 'asOf'],
    ['an idempotency key with a space', { idempotencyKey: 'a b' }, 'idempotencyKey'],
  ];
  it.each(faults)('is refused for %s, naming the place', (_, changes, where) => {
    const parsed = requestBodySchema('system').safeParse({ ...ASKED, ...changes });
    expect(parsed.error?.issues.map(({ path }) => path.join('.'))).toEqual([where]);
  });

  it('may carry an injected time where the deployment allows one', () => {
    const body: RequestBody = requestBodySchema('injectable').parse({
      ...ASKED,
      asOf: '2026-05-01T00:00:00Z',
    });
    expect(body.asOf).toBe('2026-05-01T00:00:00Z');
  });
});

it('the officer is no requester of content', async () => {
  const world = askedRetrieval();
  const requestId = idOf(await world.ask(officer));
  await world.check(requestId);
  expect((await world.row(requestId)).verdict?.rules).toEqual(['T18']);
});
