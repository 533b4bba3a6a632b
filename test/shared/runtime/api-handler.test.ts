import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import type { NewLock } from '../../../shared/domain/conduct.ts';
import { deny } from '../../../shared/domain/verdict.ts';
import type { CustodyRecorder } from '../../../shared/ports/custody-log.ts';
import { apiHandler, route } from '../../../shared/runtime/api-handler.ts';
import { accepted, done, ok, refused } from '../../../shared/runtime/http-result.ts';
import { inMemoryDirectory } from '../../fakes/in-memory-directory.ts';
import { inMemoryRuleSets } from '../../fakes/in-memory-rule-sets.ts';
import { lawyer } from '../policy/staff.ts';
import { apiEvent, CONTEXT } from './api-event.ts';

const GONE = { ...lawyer, personId: 'p_gone', active: false };
const SLIPPED = { ...lawyer, personId: 'p_slipped', lock: { ...lawyer.lock, inARow: 2 } };
const LOCKED = { ...lawyer, personId: 'p_locked', lock: { sessionUntil: null, account: true } };
const UNTIL = '2099-06-15T12:15:00.000Z';
const AWAY = { ...lawyer, personId: 'p_away', lock: { sessionUntil: UNTIL, account: false } };
const STRANGER = '13800138000@example.com';

const LOCK = {
  ...deny('R9', 'account-locked'),
  words: {
    'account-locked': {
      rule: 'R9',
      zh: expect.stringMatching(/\p{Script=Han}/u),
      en: expect.stringMatching(/^[a-z]/),
    },
  },
};

function api({
  refusal = deny('D3', 'hold-not-for-this-role'),
  ruleSets = inMemoryRuleSets(),
  locks = null,
}: {
  refusal?: ReturnType<typeof deny>;
  ruleSets?: ReturnType<typeof inMemoryRuleSets>;
  locks?: NewLock | null;
} = {}) {
  const events: { subject: string; type: string; actor: string; data: object }[] = [];
  const custody: CustodyRecorder = {
    async record(subject, type, { actor, data }) {
      events.push({ subject, type, actor, data });
      return 'recorded';
    },
  };
  const reached: string[] = [];
  const ended: string[] = [];
  const handler = apiHandler(
    {
      'GET /things': route(z.undefined(), async () => ok({})),
      'POST /things/{id}': route(z.strictObject({ reason: z.string() }), async ({ path }) => {
        reached.push(path['id'] ?? '');
        return ok({});
      }),
      'POST /things/repeated': route(z.undefined(), async () => ok({})),
      'POST /things/later': route(z.undefined(), async () => accepted({})),
      'POST /things/done': route(z.undefined(), async () => done({ thing: 1 })),
      'POST /things': route(z.undefined(), async () => refused(refusal)),
    },
    {
      directory: inMemoryDirectory(lawyer, GONE, SLIPPED, LOCKED, AWAY),
      custody,
      conduct: {
        async refused(_person, { subject, event: { actor, data } }) {
          events.push({ subject, type: 'attempt-refused', actor, data });
          return locks;
        },
        async allowed(personId) {
          ended.push(personId);
        },
      },
      ruleSets,
      besideLock: async ({ routeKey }, { personId }) =>
        routeKey === 'POST /things/{id}' ? { request: { of: personId } } : null,
    },
  );
  const call = async (...event: Parameters<typeof apiEvent>) => {
    const { statusCode = 0, body = '' } = await handler(apiEvent(...event), CONTEXT);
    return { status: statusCode, body: z.json().parse(JSON.parse(body)) };
  };
  return { call, events, reached, ended };
}

describe('whoever is turned away', () => {
  it('leaves one event where the person was deactivated, on the person’s own chain', async () => {
    const { call, events } = api();
    const claims = { sub: 'p_gone' };
    const answer = await call('POST /things/{id}', { claims, path: { id: 'req_1' }, body: '{}' });
    expect(answer).toMatchObject({ status: 403, body: { verdict: { reasons: ['not-in-directory'] } } });
    expect(events).toEqual([
      {
        subject: 'attempts/p_gone',
        type: 'attempt-refused',
        actor: 'p_gone',
        data: { route: 'POST /things/{id}', rules: ['L2'], reasons: ['not-in-directory'] },
      },
    ]);
  });

  it('leaves one event where the directory knows nobody of the token, without the token’s words', async () => {
    const { call, events } = api();
    for (const sub of [STRANGER, STRANGER, 'another']) {
      expect(await call('GET /things', { claims: { sub } })).toMatchObject({ status: 403 });
    }
    expect(events).toHaveLength(3);
    const [first, again, other] = events;
    expect(first).toMatchObject({
      subject: expect.stringMatching(/^attempts\/subject-[0-9a-f]{64}$/),
      actor: expect.stringMatching(/^subject-[0-9a-f]{64}$/),
      data: { rules: ['L2'], reasons: ['not-in-directory'] },
    });
    expect(again?.subject).toBe(first?.subject);
    expect(other?.subject).not.toBe(first?.subject);
    expect(JSON.stringify(events)).not.toContain('13800138000');
  });

  it('leaves one event where the token is no access token', async () => {
    const { call, events } = api();
    const claims = { sub: 'p_lawyer', token_use: 'id' };
    expect(await call('GET /things', { claims })).toMatchObject({ status: 401 });
    expect(events).toMatchObject([
      {
        subject: expect.stringMatching(/^attempts\/subject-[0-9a-f]{64}$/),
        data: { rules: ['L2'], reasons: ['not-an-access-token'] },
      },
    ]);
  });

  it('L2 records what is refused in one event of its own, and leaves what is allowed to the event of the act', async () => {
    const { call, events } = api();
    expect(await call('GET /things', { claims: { sub: 'p_lawyer' } })).toMatchObject({ status: 200 });
    expect(events).toEqual([]);
    expect(await call('POST /things', { claims: { sub: 'p_lawyer' } })).toMatchObject({ status: 403 });
    expect(events).toMatchObject([{ subject: 'attempts/p_lawyer', actor: 'p_lawyer' }]);
  });
});

describe('a lock (R9)', () => {
  const claims = { sub: 'p_lawyer' };
  const said = (code: string) => ({
    [code]: { rule: 'R9', zh: expect.stringMatching(/锁定/), en: expect.stringMatching(/locked/) },
  });

  it('is told with the refusal that led to it: a session’s until when, an account’s by whom it is lifted', async () => {
    for (const locks of [
      { lock: 'session', until: UNTIL },
      { lock: 'account', until: null },
    ] satisfies NewLock[]) {
      const { status, body } = await api({ locks }).call('POST /things', { claims });
      const code = `${locks.lock}-locked`;
      const lock = { ...deny('R9', code), until: locks.until, words: said(code) };
      expect([status, body]).toEqual([403, { verdict: expect.objectContaining({ rules: ['D3'] }), lock }]);
    }
  });

  it('is told by no refusal that led to none', async () => {
    const { body } = await api().call('POST /things', { claims });
    expect(body).toEqual({ verdict: expect.objectContaining({ rules: ['D3'] }) });
  });

  it('says until when it stands, to whoever meets it', async () => {
    const { status, body } = await api().call('GET /things', { claims: { sub: 'p_away' } });
    expect([status, body]).toMatchObject([403, { verdict: { reasons: ['session-locked'] }, until: UNTIL }]);
    const account = await api().call('GET /things', { claims: { sub: 'p_locked' } });
    expect(account.body).not.toHaveProperty('until');
  });
});

describe('a row of misoperations', () => {
  it('R9 ends with an act that a rule allowed and that was done, and with nothing else that succeeds', async () => {
    const { call, ended } = api();
    const claims = { sub: 'p_slipped' };
    for (const asked of ['GET /things', 'POST /things/repeated', 'POST /things/later']) {
      expect((await call(asked, { claims })).status).toBeLessThan(300);
    }
    expect(ended).toEqual([]);
    expect(await call('POST /things/done', { claims })).toEqual({ status: 200, body: { thing: 1 } });
    expect(ended).toEqual(['p_slipped']);
  });
});

describe('whoever is locked (R9)', () => {
  const claims = { sub: 'p_locked' };
  it('is refused, does nothing, and leaves one event, also where something is told beside the lock', async () => {
    const { call, events, reached } = api();
    const answer = await call('POST /things/{id}', { claims, path: { id: 'req_1' }, body: '{"reason":"x"}' });
    expect(answer).toEqual({
      status: 403,
      body: { verdict: LOCK, request: { of: 'p_locked' } },
    });
    expect(reached).toEqual([]);
    expect(events).toMatchObject([{ subject: 'attempts/req_1', data: { rules: ['R9'] } }]);
  });

  it('is told of the lock alone where there is nothing beside it, or the id can be none', async () => {
    const { call } = api();
    const alone = { status: 403, body: { verdict: LOCK } };
    expect(await call('GET /things', { claims })).toEqual(alone);
    expect(await call('POST /things/{id}', { claims, path: { id: '王小明' }, body: '{}' })).toEqual(alone);
  });
});

describe('a refusal', () => {
  const claims = { sub: 'p_lawyer' };
  it('says a chain’s own reason in the chain’s own words, in both languages', async () => {
    const ruleSets = inMemoryRuleSets();
    ruleSets.tighten(
      'own.cedar',
      `@id("R6.own") @reason("hotel-wants-a-ticket-too") @zh("本酒店另须写明工单") @en("this hotel wants a ticket too")
        forbid (principal, action == Action::"request", resource);`,
    );
    const { call, events } = api({ refusal: deny('R6', 'hotel-wants-a-ticket-too'), ruleSets });
    expect((await call('POST /things', { claims })).body).toEqual({
      verdict: {
        ...deny('R6', 'hotel-wants-a-ticket-too'),
        words: {
          'hotel-wants-a-ticket-too': {
            rule: 'R6',
            zh: '本酒店另须写明工单',
            en: 'this hotel wants a ticket too',
          },
        },
      },
    });
    // The event keeps codes: what they mean is in the rule set that it names.
    expect(JSON.stringify(events)).not.toContain('this hotel wants');
  });

  it('stays a refusal where no words can be looked up', async () => {
    const ruleSets = {
      ...inMemoryRuleSets(),
      current: async () => Promise.reject(new Error('the table is out of reach')),
    };
    const { call } = api({ refusal: deny('R6', 'hotel-wants-a-ticket-too'), ruleSets });
    expect(await call('POST /things', { claims })).toMatchObject({
      status: 403,
      body: { verdict: { ...deny('R6', 'hotel-wants-a-ticket-too'), words: {} } },
    });
  });
});

describe('an id of a path', () => {
  it('names nothing where it can’t be one: nothing is asked, and it stands nowhere', async () => {
    const { call, events, reached } = api();
    for (const id of ['王小明', '13800138000', `req_${'a'.repeat(3000)}`, 'req_../../x', '']) {
      const answer = await call('POST /things/{id}', {
        claims: { sub: 'p_lawyer' },
        path: { id },
        body: '{"reason":"x"}',
      });
      expect(answer).toMatchObject({ status: 404, body: { error: { where: 'path.id' } } });
    }
    expect([...events, ...reached]).toEqual([]);
  });
});
