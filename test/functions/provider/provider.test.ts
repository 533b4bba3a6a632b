import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { answerKeys } from '../../../functions/provider/take-answer.ts';
import { noteOverdueProvider } from '../../../functions/reconcile/note-overdue-providers.ts';
import { openText, sealText } from '../../../shared/crypto/sealed-text.ts';
import { faultInChain } from '../../../shared/domain/custody-event.ts';
import { sha256 } from '../../../shared/domain/digest.ts';
import { LIMITS } from '../../../shared/domain/limits.ts';
import { requestTexts } from '../../../shared/loop/request-texts.ts';
import { isSignedBy, parseNote } from '../../../shared/package/signed-note.ts';
import type { HttpResult } from '../../../shared/runtime/http-result.ts';
import { REQUEST_ID } from '../../fakes/approved-retrieval.ts';
import { mortalProcess } from '../../fakes/killed-process.ts';
import { auditor, clerk, lawyer, officer, secondLawyer } from '../../shared/policy/staff.ts';
import { openAnswerPart } from './open-answer-part.ts';
import { idOf, PROVIDER, type ProviderWorld, providerWorld, textOf } from './provider-world.ts';

const FILE = Buffer.from('订单,姓名\n1001,王小明\n', 'utf8');
const reasonsOf = ({ body }: HttpResult) => ('verdict' in body ? body.verdict : body);
const typesOf = (world: ProviderWorld, id: string) => world.providers.events(id).map(({ type }) => type);

describe('drafting a letter to a provider', () => {
  it('may be about some of the approved categories alone, which the letter then names; about no others', async () => {
    const world = await providerWorld();
    world.grants.seed({ ...(await world.row()), categories: ['enquiry', 'complaint'] });
    const drafted = await world.draft({ categories: ['complaint'] });
    expect(drafted).toMatchObject({ status: 200, body: { categories: ['complaint'] } });
    const text = textOf(await world.letter(idOf(drafted)), 'text');
    expect(text).toContain('complaint');
    expect(text).not.toContain('enquiry');
    expect(await world.draft({ categories: ['stay'] })).toMatchObject({ status: 400 });
    const all = textOf(await world.letter(idOf(await world.draft())), 'text');
    expect(all).toContain('enquiry');
  });

  it('is for an approved request, and stands with one event', async () => {
    const world = await providerWorld();
    const result = await world.draft();
    expect(result).toMatchObject({
      status: 200,
      body: { state: 'drafted', letterNumber: '2026-000001-P01', provider: PROVIDER, hotels: ['SHA01'] },
    });
    expect(typesOf(world, idOf(result))).toEqual(['provider-request-drafted']);
  });

  it.each(['awaiting-approval', 'denied', 'closed', 'revoked', 'expired', 'archived'] as const)(
    'is refused on a request that is %s',
    async (state) => {
      const world = await providerWorld();
      world.grants.seed({ ...(await world.row()), state });
      const result = await world.draft();
      expect(result.status).toBe(409);
      expect(reasonsOf(result)).toMatchObject({ reasons: ['request-not-approved-now'], rules: ['R11'] });
      expect(await world.providers.ofRequest(REQUEST_ID)).toEqual([]);
    },
  );

  it('is refused to whoever has no part in it, and outside what was approved', async () => {
    const world = await providerWorld();
    expect((await world.draft({}, clerk)).status).toBe(403);
    expect((await world.draft({}, officer)).status).toBe(403);
    expect((await world.draft({ platform: 'ctrip' })).status).toBe(403);
    expect((await world.draft({ hotels: ['HGH02'] })).status).toBe(403);
    expect((await world.draft({}, secondLawyer)).status).toBe(200);
  });

  it('asked for twice is one draft; another is the next number', async () => {
    const world = await providerWorld();
    const first = idOf(await world.draft());
    expect(idOf(await world.draft())).toBe(first);
    expect(await world.draft({ dueDays: 7 })).toMatchObject({ body: { letterNumber: '2026-000001-P02' } });
  });

  it('ends at a bound', async () => {
    const world = await providerWorld();
    for (let days = 1; days <= LIMITS.providerRequests; days += 1) await world.draft({ dueDays: days });
    expect((await world.draft({ dueDays: 80 })).status).toBe(409);
  });

  it('killed anywhere and asked for again is one draft', async () => {
    for (let effect = 0; effect < 6; effect += 1) {
      for (const when of ['before', 'after'] as const) {
        const world = await providerWorld();
        await world.draft({}, lawyer, mortalProcess({ effect, when })).catch(() => undefined);
        const id = idOf(await world.draft());
        expect((await world.providers.ofRequest(REQUEST_ID)).map((row) => row.providerRequestId)).toEqual([
          id,
        ]);
      }
    }
  });
});

describe('the letter', () => {
  it('names the guest, what is asked for and by when, in both languages, and is signed', async () => {
    const world = await providerWorld();
    const id = idOf(await world.draft());
    const issued = await world.letter(id);
    const [text, html, note] = ['text', 'html', 'signature'].map((field) => textOf(issued, field) ?? '');
    const grant = await world.row();
    for (const said of [
      '+8613800138000',
      PROVIDER,
      '上海市长宁区 100 号',
      'legal@hotel.example',
      'M-2026-014',
      '2026-000001-P01',
      grant.requestDigest ?? '',
      '企业微信',
      'WeCom',
      '法律主张',
      'legal claim',
      '咨询、投诉',
      '2026-05-01 08:00:00 +08:00',
      '2026-06-29 23:59:59 +08:00',
    ]) {
      expect(text).toContain(said);
      expect(html).toContain(said.replace(/'/g, '&#39;'));
    }
    const digest = sha256(text ?? '');
    expect(issued.body).toMatchObject({ digest, issue: 1, state: 'drafted' });
    const parsed = parseNote(note ?? '');
    const { spki, fingerprint } = await world.signer.publicKey();
    if (parsed === null) throw new Error('The signature is no note');
    expect(isSignedBy(parsed, 'dualkey/cn-north-1', spki)).toBe(true);
    expect(parsed.text).toContain(`text ${digest}`);
    expect(text).toContain(fingerprint);
    expect(html).toContain(fingerprint);
    expect(world.providers.events(id).at(-1)).toMatchObject({
      type: 'provider-letter-issued',
      actor: lawyer.personId,
      data: { digest, issue: 1 },
    });
  });

  it('is one offline page without script, whatever was typed', async () => {
    const world = await providerWorld();
    const typed = '<script>alert(1)</script>\n答复接收方 Answer to\n  attacker\u202e';
    const issued = await world.letter(idOf(await world.draft({ provider: typed })));
    const html = textOf(issued, 'html') ?? '';
    expect(html).not.toMatch(/<script|<link|<img|\bsrc=|https?:/i);
    expect(html).toContain('&lt;script&gt;');
    expect(html).not.toContain('\u202e');
    const lines = (textOf(issued, 'text') ?? '').split('\n');
    expect(lines.filter((line) => line === '答复接收方 Answer to')).toHaveLength(1);
    expect(lines.filter((line) => line.includes('attacker'))).toEqual([
      '  <script>alert(1)</script> 答复接收方 Answer to attacker',
    ]);
  });

  it('cites the legal instrument where there is one', async () => {
    const world = await providerWorld();
    const key = await world.requestKeys.create('evidence', REQUEST_ID);
    const cited = JSON.stringify({ instrument: { number: '（2026）沪0105调令7号', court: '长宁法院' } });
    world.grants.seed({
      ...(await world.row()),
      instrument: true,
      citations: sealText(key, requestTexts.citations(REQUEST_ID), cited),
    });
    const issued = await world.letter(idOf(await world.draft()));
    expect(textOf(issued, 'text')).toContain('number: （2026）沪0105调令7号; court: 长宁法院');
  });

  it('issued again is another issue with its own event; once sent, its date stays', async () => {
    const world = await providerWorld();
    const id = await world.awaiting();
    const answerBy = (await world.providers.read(id))?.answerBy;
    world.wait(3 * 24 * 60);
    expect((await world.letter(id)).body).toMatchObject({ issue: 2, answerBy, state: 'sent' });
    expect(typesOf(world, id).filter((type) => type === 'provider-letter-issued')).toHaveLength(2);
  });

  it('has no number of an identity document in it', async () => {
    const world = await providerWorld({ subjectKind: 'document' });
    expect(reasonsOf(await world.draft())).toMatchObject({ reasons: ['document-number-in-a-letter'] });
  });

  it('is not handed out without its event', async () => {
    const world = await providerWorld();
    const id = idOf(await world.draft());
    const counting = mortalProcess();
    await world.letter(id, lawyer, counting);
    for (let effect = 0; effect < counting.effects(); effect += 1) {
      const before = world.providers.events(id).length;
      const result = await world
        .letter(id, lawyer, mortalProcess({ effect, when: 'before' }))
        .catch(() => null);
      expect(result).toBeNull();
      expect(world.providers.events(id)).toHaveLength(before);
    }
  });

  it('is refused once the request is over', async () => {
    const world = await providerWorld();
    const id = idOf(await world.draft());
    world.grants.seed({ ...(await world.row()), state: 'revoked' });
    expect((await world.letter(id)).status).toBe(409);
    expect((await world.sent(id)).status).toBe(409);
  });
});

describe('what becomes of a letter', () => {
  it('is sent once it was issued, and before its date', async () => {
    const world = await providerWorld();
    const id = idOf(await world.draft());
    expect(reasonsOf(await world.sent(id))).toMatchObject({ reasons: ['no-letter-to-send'] });
    await world.letter(id);
    world.wait(20 * 24 * 60);
    expect(reasonsOf(await world.sent(id))).toMatchObject({ reasons: ['no-letter-to-send'] });
    await world.letter(id);
    expect(await world.sent(id)).toMatchObject({
      status: 200,
      body: { state: 'sent', sent: { reference: 'SF1234567890123' } },
    });
    expect((await world.sent(id)).status).toBe(200);
    expect(typesOf(world, id).filter((type) => type === 'provider-request-sent')).toHaveLength(1);
  });

  it('falls overdue at its date, and may still be answered', async () => {
    const world = await providerWorld();
    const id = await world.awaiting();
    expect(await noteOverdueProvider(id, world.clock(), world)).toBe(false);
    world.wait(15 * 24 * 60);
    expect(await world.providers.overdue(world.clock())).toEqual([id]);
    expect(await noteOverdueProvider(id, world.clock(), world)).toBe(true);
    expect(await noteOverdueProvider(id, world.clock(), world)).toBe(false);
    expect((await world.providers.read(id))?.state).toBe('overdue');
    expect(await world.answer(id, FILE)).toMatchObject({ status: 200, body: { state: 'answered' } });
    expect(world.providers.events(id).at(-1)).toMatchObject({ data: { wasOverdue: true } });
  });

  it('is refused with a reason that stands sealed, by whoever may ask', async () => {
    const world = await providerWorld();
    const id = await world.awaiting();
    expect((await world.refused(id, clerk)).status).toBe(403);
    expect(await world.refused(id)).toMatchObject({
      status: 200,
      body: { state: 'refused', refusal: { reason: '客人王小明未授权' } },
    });
    expect((await world.refused(id)).status).toBe(200);
    expect(await world.everythingRecorded()).not.toContain('王小明');
    expect((await world.answer(id, FILE)).status).toBe(409);
  });

  it('is withdrawn, after which nothing is awaited', async () => {
    const world = await providerWorld();
    const id = await world.awaiting();
    expect((await world.withdraw(id)).body).toMatchObject({ state: 'withdrawn' });
    expect((await world.withdraw(id)).status).toBe(200);
    expect((await world.sent(id)).status).toBe(200);
    expect((await world.refused(id)).status).toBe(409);
    expect(await world.providers.overdue(new Date('2027-01-01T00:00:00Z'))).toEqual([]);
  });

  it('is recorded also after the grant ended: a provider takes its time', async () => {
    const world = await providerWorld();
    const id = await world.awaiting();
    world.grants.seed({ ...(await world.row()), state: 'archived' });
    expect(await world.answer(id, FILE)).toMatchObject({ status: 200, body: { state: 'answered' } });
  });

  it('is seen by the auditing roles without what was typed, and by nobody who has no part in it', async () => {
    const world = await providerWorld();
    await world.awaiting();
    expect(await world.list(auditor)).toMatchObject({
      status: 200,
      body: {
        providerRequests: [{ state: 'sent', provider: null, address: null, sent: { reference: null } }],
      },
    });
    expect((await world.list(clerk)).status).toBe(403);
    expect(await world.list(lawyer)).toMatchObject({ body: { providerRequests: [{ provider: PROVIDER }] } });
  });

  it('stands in rows, events and names of objects without a word of anybody', async () => {
    const world = await providerWorld();
    const id = await world.awaiting();
    await world.answer(id, FILE);
    const recorded = await world.everythingRecorded();
    for (const secret of [
      '13800138000',
      '王小明',
      '王五',
      PROVIDER,
      'hotel.example',
      'SF1234567890123',
      '携法',
    ])
      expect(recorded).not.toContain(secret);
    expect(faultInChain(world.providers.events(id))).toBeNull();
  });
});

describe('the answer', () => {
  async function kept(world: ProviderWorld, id: string, file: Uint8Array): Promise<Buffer> {
    const key = await world.requestKeys.read('evidence', REQUEST_ID);
    const digest = sha256(file);
    const hex = digest.replace('sha256:', '');
    const parts = Math.ceil(file.length / LIMITS.providerAnswerPartBytes);
    return Buffer.concat(
      Array.from({ length: parts }, (_, index) =>
        openAnswerPart(
          key ?? new Uint8Array(),
          { requestId: REQUEST_ID, providerRequestId: id, digest, index, parts },
          world.evidence.objects.get(answerKeys.part(id, hex, index)) ?? new Uint8Array(),
        ),
      ),
    );
  }

  it('is kept whole, sealed part by part, and leaves the inbox', async () => {
    const world = await providerWorld();
    const id = await world.awaiting();
    const file = randomBytes(LIMITS.providerAnswerPartBytes + 1_000);
    expect(await world.answer(id, file)).toMatchObject({
      status: 200,
      body: { state: 'answered', answers: [{ digest: sha256(file), bytes: file.length, parts: 2 }] },
    });
    expect((await kept(world, id, file)).equals(file)).toBe(true);
    expect(world.inbox.objects.size).toBe(0);
    expect(world.providers.events(id).at(-1)).toMatchObject({
      type: 'provider-request-answered',
      data: { digest: sha256(file), bytes: file.length },
    });
  });

  it('comes in several files; the same file twice is kept once', async () => {
    const world = await providerWorld();
    const id = await world.awaiting();
    await world.answer(id, FILE);
    expect((await world.answer(id, FILE)).status).toBe(200);
    await world.answer(id, Buffer.from('second'));
    expect((await world.providers.read(id))?.answers).toHaveLength(2);
    expect(typesOf(world, id).slice(-2)).toEqual(['provider-request-answered', 'provider-answer-added']);
    expect(world.inbox.objects.size).toBe(0);
  });

  it('is refused where what was put is another file, and nothing of it is kept', async () => {
    const world = await providerWorld();
    const id = await world.awaiting();
    const before = world.evidence.objects.size;
    expect((await world.answer(id, FILE, lawyer, undefined, Buffer.from('other'))).status).toBe(400);
    const sameLength = Buffer.alloc(FILE.length, 1);
    expect((await world.answer(id, FILE, lawyer, undefined, sameLength)).status).toBe(400);
    expect(world.evidence.objects.size).toBe(before);
    expect(world.inbox.objects.size).toBe(0);
    expect((await world.providers.read(id))?.state).toBe('sent');
  });

  it('is taken by nobody without a part in it, and not before the letter was sent', async () => {
    const world = await providerWorld();
    const id = idOf(await world.draft());
    expect((await world.begin(id, FILE)).status).toBe(409);
    await world.letter(id);
    await world.sent(id);
    expect((await world.begin(id, FILE, clerk)).status).toBe(403);
    expect(world.inbox.objects.size).toBe(0);
  });

  it('killed anywhere and brought again, is kept once and whole', async () => {
    const counting = mortalProcess();
    const first = await providerWorld();
    await first.answer(await first.awaiting(), FILE, lawyer, counting);
    for (let effect = 0; effect < counting.effects(); effect += 1) {
      for (const when of ['before', 'after'] as const) {
        const world = await providerWorld();
        const id = await world.awaiting();
        await world.answer(id, FILE, lawyer, mortalProcess({ effect, when })).catch(() => undefined);
        expect(await world.answer(id, FILE)).toMatchObject({ status: 200, body: { state: 'answered' } });
        expect((await world.providers.read(id))?.answers).toHaveLength(1);
        expect(typesOf(world, id).filter((type) => type === 'provider-request-answered')).toHaveLength(1);
        expect((await kept(world, id, FILE)).equals(FILE)).toBe(true);
        expect(world.inbox.objects.size).toBe(0);
      }
    }
  });

  it('opens in its own place alone', async () => {
    const world = await providerWorld();
    const id = await world.awaiting();
    await world.answer(id, FILE);
    const row = await world.providers.read(id);
    const key = await world.requestKeys.read('evidence', REQUEST_ID);
    const sealed = row?.answers[0]?.reference ?? '';
    const place = requestTexts.provider(REQUEST_ID, id, `answer/${sha256(FILE)}`);
    expect(openText(key ?? new Uint8Array(), place, sealed)).toBe('携法〔2026〕4号');
    const other = {
      requestId: REQUEST_ID,
      providerRequestId: 'prq_x',
      digest: sha256(FILE),
      index: 0,
      parts: 1,
    };
    const object = world.evidence.objects.get(answerKeys.part(id, sha256(FILE).replace('sha256:', ''), 0));
    expect(() => openAnswerPart(key ?? new Uint8Array(), other, object ?? new Uint8Array())).toThrow();
  });
});
