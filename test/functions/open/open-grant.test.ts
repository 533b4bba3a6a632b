import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decideOnOpening } from '../../../functions/open/decide-on-opening.ts';
import { type OpenDependencies, openGrant } from '../../../functions/open/open-grant.ts';
import type { AccessGrant, Opening } from '../../../shared/domain/access-grant.ts';
import { faultInChain } from '../../../shared/domain/custody-event.ts';
import { sha256 } from '../../../shared/domain/digest.ts';
import type { Person } from '../../../shared/domain/person.ts';
import { deliveryKeys } from '../../../shared/loop/delivery-keys.ts';
import type { CopyRenderer } from '../../../shared/ports/copy-renderer.ts';
import type { LinkSigner } from '../../../shared/ports/link-signer.ts';
import { approvedRetrieval, REQUEST_ID } from '../../fakes/approved-retrieval.ts';
import { type Death, mortalProcess } from '../../fakes/killed-process.ts';
import { scheduled } from '../../fakes/scheduled-port.ts';
import { withSignatures } from '../../fakes/signed-approvals.ts';
import { lawyer, officer, person, secondLawyer } from '../../shared/policy/staff.ts';

/** A chain's own rule under which nothing is opened. */
const FREEZE = `@id("R13.freeze")
@reason("openings-frozen")
@zh("暂停打开")
@en("openings are frozen")
forbid (principal is Person, action == Action::"open", resource is Request);`;

const LIMITS = { linkSeconds: 300, copyMinutes: 10 };

/** The approved retrieval, provisioned, with what an opening works through. */
async function openRetrieval(changes: Partial<AccessGrant> = {}) {
  const world = await approvedRetrieval(changes);
  const now = world.clock().toISOString();
  const grant = await world.row();
  world.grants.seed({
    ...grant,
    state: 'open',
    provisionedAt: now,
    windowEnds: new Date(world.clock().getTime() + 72 * 3_600_000).toISOString(),
    staged: { key: `staged/${REQUEST_ID}`, digest: 'd', records: 5, conversations: 1, bytes: 100 },
    ...changes,
  });
  const links: { key: string; seconds: number; session: string }[] = [];
  const rendered: string[] = [];
  const later: string[] = [];

  async function renderNow(requestId: string, openingId: string): Promise<void> {
    const opening = await world.grants.opening(requestId, openingId);
    if (opening === null) throw new Error('There is no such opening');
    if (opening.copyKey !== null) return;
    const copy = Buffer.from(`copy of ${openingId}`);
    const copyKey = deliveryKeys.copy(opening, `attempt-${rendered.length}`);
    rendered.push(openingId);
    await world.delivery.put(copyKey, copy);
    const bound = await world.grants.rendered(opening, { copyKey, copyDigest: sha256(copy) });
    if (bound !== 'bound') await world.delivery.delete(copyKey);
  }

  const renderer: CopyRenderer = {
    render: ({ requestId, openingId }) => renderNow(requestId, openingId),
    async renderLater({ openingId }) {
      later.push(openingId);
    },
  };
  const signer: LinkSigner = {
    async sign(link) {
      links.push(link);
      return `https://delivery.example/${link.key}?seconds=${link.seconds}`;
    },
  };
  const counted: string[] = [];
  const dependencies: OpenDependencies = {
    clock: world.clock,
    limits: LIMITS,
    grants: world.grants,
    delivery: world.delivery,
    renderer,
    links: signer,
    decide: (row, actor, at, stepUp) => decideOnOpening(row, actor, at, stepUp, world),
    stepUps: { ...world.signing.sources(world.evidence), devices: world.signing },
    counted: () => counted.push('opening'),
  };
  return { ...world, dependencies, links, rendered, later, counted, renderNow };
}
type OpenRetrieval = Awaited<ReturnType<typeof openRetrieval>>;

async function open(
  world: OpenRetrieval,
  key = 'key-1',
  actor: Person = lawyer,
  dependencies = world.dependencies,
) {
  const stepUp = await signedOpening(world, actor);
  return openGrant({ requestId: REQUEST_ID, actor, key, stepUp }, dependencies);
}

async function signedOpening(world: OpenRetrieval, actor: Person = lawyer) {
  return world.signing.sign({
    action: 'open',
    subject: REQUEST_ID,
    digest: (await world.row()).requestDigest ?? '',
    role: null,
    reason: null,
    person: actor.personId,
    now: world.clock(),
  });
}

function openingsIn(events: { type: string }[]): number {
  return events.filter(({ type }) => type === 'grant-opened').length;
}

async function copies(world: OpenRetrieval): Promise<string[]> {
  return world.delivery.list(`copies/${REQUEST_ID}/`);
}

describe('an opening', () => {
  it('answers a link of at most five minutes to its own copy, and what is left', async () => {
    const world = await openRetrieval({ opens: 3 });
    const { status, body } = await open(world);
    expect(status).toBe(200);
    expect(body).toMatchObject({ opensLeft: 2, openingId: expect.stringMatching(/^opn_[0-9a-f]{32}$/) });
    const [link] = world.links;
    expect(link).toMatchObject({ seconds: 300, session: world.rendered[0] });
    expect(await copies(world)).toEqual([link?.key]);
    expect(body).toMatchObject({ expiresAt: new Date(world.clock().getTime() + 300_000).toISOString() });
  });

  it('is counted with one event, that says which copy, before its link is signed', async () => {
    const world = await openRetrieval();
    const stood: number[] = [];
    await open(world, 'key-1', lawyer, {
      ...world.dependencies,
      links: {
        async sign() {
          stood.push(openingsIn(await world.grants.events(REQUEST_ID)), (await world.row()).opened);
          return 'https://delivery.example';
        },
      },
    });
    expect(stood).toEqual([1, 1]);
    const events = await world.grants.events(REQUEST_ID);
    expect(faultInChain(events)).toBeNull();
    const opening = await world.grants.opening(REQUEST_ID, world.rendered[0] ?? '');
    expect(events.at(-1)).toMatchObject({
      type: 'grant-opened',
      actor: lawyer.personId,
      data: { openingId: opening?.openingId, opening: 1, copyDigest: opening?.copyDigest },
    });
    expect(opening).toMatchObject({ state: 'issued', number: 1, by: lawyer.personId });
  });

  it('never outlives the grant’s window', async () => {
    const world = await openRetrieval();
    const windowEnds = new Date(world.clock().getTime() + 90_000).toISOString();
    world.grants.seed({ ...(await world.row()), windowEnds });
    expect((await open(world)).body).toMatchObject({ expiresAt: windowEnds });
    expect(world.links).toMatchObject([{ seconds: 90 }]);
  });

  it('has its copy deleted ten minutes later at the latest', async () => {
    const world = await openRetrieval();
    await open(world);
    world.wait(10);
    expect(await world.grants.due('copy', world.clock())).toEqual([REQUEST_ID]);
  });
});

describe('the same key is the same opening', () => {
  it('burns none, and links for the rest of the time', async () => {
    const world = await openRetrieval({ opens: 1 });
    const first = await open(world);
    world.wait(2);
    const second = await open(world);
    expect(second).toMatchObject({ status: 200, body: { opensLeft: 0 } });
    expect([first.body, second.body].map((body) => 'openingId' in body && body.openingId)).toEqual([
      world.rendered[0],
      world.rendered[0],
    ]);
    expect(world.links.map(({ seconds }) => seconds)).toEqual([300, 180]);
    expect(openingsIn(await world.grants.events(REQUEST_ID))).toBe(1);
    expect(world.rendered).toHaveLength(1);
    expect(world.counted).toHaveLength(1);
  });

  it('is refused once its link has ended (R11), with the hint to take a new key', async () => {
    const world = await openRetrieval({ opens: 2 });
    await open(world);
    world.wait(5);
    expect(await open(world)).toMatchObject({
      status: 403,
      body: {
        verdict: { outcome: 'deny', rules: ['R11'], reasons: ['link-expired'] },
        remedy: expect.stringContaining('new key'),
      },
    });
    expect(await open(world, 'key-2')).toMatchObject({ status: 200, body: { opensLeft: 0 } });
  });

  it('is another opening with another key', async () => {
    const world = await openRetrieval({ opens: 3 });
    await open(world, 'key-1');
    await open(world, 'key-2');
    expect(new Set(world.rendered).size).toBe(2);
    expect((await world.row()).opened).toBe(2);
  });
});

describe('the rulebook is asked again at each opening', () => {
  async function expectRefused(world: OpenRetrieval, reason: string, actor: Person = lawyer): Promise<void> {
    const { status, body } = await open(world, 'key-9', actor);
    expect(status).toBe(403);
    expect(body).toMatchObject({ verdict: { outcome: 'deny', reasons: expect.arrayContaining([reason]) } });
    expect(world.links).toEqual([]);
    expect(await copies(world)).toEqual([]);
    expect(openingsIn(await world.grants.events(REQUEST_ID))).toBe(0);
  }

  it('refuses anyone but the named recipient (R13)', async () => {
    for (const actor of [officer, secondLawyer]) {
      await expectRefused(await openRetrieval(), 'not-the-recipient', actor);
    }
  });

  it('refuses after the window (R11)', async () => {
    const world = await openRetrieval();
    world.wait(72 * 60);
    await expectRefused(world, 'window-over');
  });

  it('refuses where no openings are left (R11)', async () => {
    await expectRefused(await openRetrieval({ opens: 3, opened: 3 }), 'no-openings-left');
  });

  it('refuses in any state but open (R11)', async () => {
    for (const state of [
      'awaiting-approval',
      'provisioning',
      'closed',
      'revoked',
      'expired',
      'failed',
    ] as const) {
      await expectRefused(await openRetrieval({ state }), 'grant-not-open');
    }
  });

  it.each(['emergency', 'requested', 'closed'] as const)(
    'refuses break-glass that is %s for one reason alone: it is seen on screen (L5)',
    async (state) => {
      const world = await openRetrieval({ state, emergency: true });
      expect((await open(world)).body).toMatchObject({
        verdict: { rules: ['L5'], reasons: ['break-glass-is-seen-on-screen-alone'] },
      });
    },
  );

  it('refuses where an approver has lost the role since (A1)', async () => {
    const world = await openRetrieval();
    world.directory.people.set(officer.personId, person('officer', 'sales'));
    await expectRefused(world, 'role-not-held');
  });

  it('refuses where records behind what was staged are gone (A7)', async () => {
    const world = await openRetrieval();
    world.records.rows.pop();
    await expectRefused(world, 'records-changed');
  });

  it('refuses under a stricter rule set that came into force meanwhile', async () => {
    const world = await openRetrieval();
    world.ruleSets.tighten('freeze.cedar', FREEZE);
    await expectRefused(world, 'openings-frozen');
  });

  it('refuses under the pinned rule set where the one in force is looser', async () => {
    const world = await openRetrieval();
    world.ruleSets.tighten('freeze.cedar', FREEZE);
    const { digest: ruleSet } = await world.ruleSets.current();
    const row = { ...(await world.row()), ruleSet };
    world.grants.seed(await withSignatures(row, world.signing, world.evidence));
    world.ruleSets.loosen('freeze.cedar');
    expect((await world.ruleSets.current()).digest).not.toBe(ruleSet);
    await expectRefused(world, 'openings-frozen');
  });

  it('doesn’t know a request that isn’t there', async () => {
    const world = await openRetrieval();
    const call = { requestId: 'req_none', actor: lawyer, key: 'key-1' };
    expect(await openGrant(call, world.dependencies)).toMatchObject({ status: 404 });
  });
});

describe('a large package', () => {
  const staged = { key: `staged/${REQUEST_ID}`, digest: 'd', records: 2_001, conversations: 1, bytes: 9 };

  it('is preparing until its copy is there, and counted only then', async () => {
    const world = await openRetrieval({ staged });
    const first = await open(world);
    expect(first).toMatchObject({ status: 202, body: { state: 'preparing' } });
    expect(await open(world)).toEqual(first);
    expect(world.later).toHaveLength(1);
    expect((await world.row()).opened).toBe(0);
    await world.renderNow(REQUEST_ID, world.later[0] ?? '');
    expect(await open(world)).toMatchObject({ status: 200, body: { opensLeft: 2 } });
    expect((await world.row()).opened).toBe(1);
  });

  it('that is never rendered runs out of time and burns nothing', async () => {
    const world = await openRetrieval({ staged });
    await open(world);
    world.wait(10);
    expect(await open(world)).toMatchObject({
      status: 403,
      body: { verdict: { reasons: ['link-expired'] } },
    });
    expect((await world.row()).opened).toBe(0);
  });
});

describe('no event, no link', () => {
  it('gives none where the transaction fails, and the same key goes on', async () => {
    const world = await openRetrieval({ opens: 1 });
    const broken = {
      ...world.dependencies,
      grants: {
        ...world.grants,
        async issue(): Promise<never> {
          throw new Error('the event can’t be written');
        },
      },
    };
    await expect(open(world, 'key-1', lawyer, broken)).rejects.toThrow('the event');
    expect(world.links).toEqual([]);
    expect((await world.row()).opened).toBe(0);
    expect(await open(world)).toMatchObject({ status: 200, body: { opensLeft: 0 } });
    expect(world.rendered).toHaveLength(1);
  });

  it('gives none where the copy can’t be rendered, and the same key goes on', async () => {
    const world = await openRetrieval({ opens: 1 });
    const broken = {
      ...world.dependencies,
      renderer: {
        ...world.dependencies.renderer,
        async render(): Promise<never> {
          throw new Error('no copy');
        },
      },
    };
    await expect(open(world, 'key-1', lawyer, broken)).rejects.toThrow('no copy');
    expect((await world.row()).opened).toBe(0);
    expect(await open(world)).toMatchObject({ status: 200, body: { opensLeft: 0 } });
  });

  it('gives none where the grant ends while the copy is rendered, and the copy goes', async () => {
    const world = await openRetrieval();
    const overtaken = {
      ...world.dependencies,
      renderer: {
        ...world.dependencies.renderer,
        async render({ requestId, openingId }: Pick<Opening, 'requestId' | 'openingId'>) {
          await world.renderNow(requestId, openingId);
          const by = { at: world.clock(), actor: officer.personId, data: {} };
          await world.grants.move(await world.row(), 'revoke', {}, by);
        },
      },
    };
    expect(await open(world, 'key-1', lawyer, overtaken)).toMatchObject({ status: 403 });
    expect(world.links).toEqual([]);
    expect(await copies(world)).toEqual([]);
  });
});

describe('an opening under way whose device is revoked meanwhile', () => {
  const staged = { key: `staged/${REQUEST_ID}`, digest: 'd', records: 2_001, conversations: 1, bytes: 9 };
  const device = (world: OpenRetrieval) => world.signing.deviceOf(lawyer.personId);
  const CASES = [
    ['is revoked', 'device-revoked', (world) => world.signing.change(device(world), { state: 'revoked' })],
    [
      'is gone',
      'device-not-enrolled',
      // The recipient's alone: the approvers' stand.
      (world) => world.signing.devices.delete(`${lawyer.personId} ${device(world).credentialId}`),
    ],
  ] satisfies [string, string, (world: OpenRetrieval) => unknown][];

  /** The same call again, with nothing signed anew: the opening rests on what it was asked for with. */
  const again = (world: OpenRetrieval) =>
    openGrant({ requestId: REQUEST_ID, actor: lawyer, key: 'key-1' }, world.dependencies);
  const refusal = (reason: string) => ({
    status: 403,
    body: { verdict: { outcome: 'deny', rules: ['R5'], reasons: [reason] } },
  });

  async function expectNothingIssued(world: OpenRetrieval): Promise<void> {
    expect(world.links).toEqual([]);
    expect(await copies(world)).toEqual([]);
    expect((await world.row()).opened).toBe(0);
    expect(openingsIn(await world.grants.events(REQUEST_ID))).toBe(0);
    expect(world.counted).toEqual([]);
    expect(await world.grants.openings(REQUEST_ID)).toMatchObject([{ state: 'deleted', number: null }]);
  }

  it.each(CASES)('is refused where it %s while the caller waits (A6: %s)', async (_, reason, happens) => {
    const world = await openRetrieval();
    const overtaken = {
      ...world.dependencies,
      renderer: {
        ...world.dependencies.renderer,
        async render({ requestId, openingId }: Pick<Opening, 'requestId' | 'openingId'>) {
          await world.renderNow(requestId, openingId);
          happens(world);
        },
      },
    };
    expect(await open(world, 'key-1', lawyer, overtaken)).toMatchObject(refusal(reason));
    await expectNothingIssued(world);
  });

  it.each(CASES)(
    'is refused where it %s while its copy is rendered in the background (A6: %s)',
    async (_, reason, happens) => {
      for (const isRendered of [false, true]) {
        const world = await openRetrieval({ staged });
        expect(await open(world)).toMatchObject({ status: 202 });
        if (isRendered) await world.renderNow(REQUEST_ID, world.later[0] ?? '');
        happens(world);
        expect(await again(world)).toMatchObject(refusal(reason));
        await expectNothingIssued(world);
      }
    },
  );

  it.each(CASES)(
    'gets no further link where it %s once it was issued (A6: %s)',
    async (_, reason, happens) => {
      const world = await openRetrieval();
      await open(world);
      happens(world);
      expect(await again(world)).toMatchObject(refusal(reason));
      expect(world.links).toHaveLength(1);
    },
  );

  it('goes on, with nothing signed anew, where the device stands', async () => {
    const world = await openRetrieval({ staged });
    await open(world);
    await world.renderNow(REQUEST_ID, world.later[0] ?? '');
    expect(await again(world)).toMatchObject({ status: 200 });
  });
});

describe('a copy that can’t be rendered since', () => {
  async function failsAfter(world: OpenRetrieval, happens: () => Promise<unknown>) {
    return open(world, 'key-1', lawyer, {
      ...world.dependencies,
      renderer: {
        ...world.dependencies.renderer,
        async render(): Promise<never> {
          await happens();
          throw new Error('UnsoundPackageError');
        },
      },
    });
  }

  it('the grant ended is a refusal, and the opening ends with an event', async () => {
    const world = await openRetrieval({ opens: 1 });
    const by = { at: world.clock(), actor: officer.personId, data: {} };
    const answer = await failsAfter(world, async () =>
      world.grants.move(await world.row(), 'revoke', {}, by),
    );
    expect(answer).toMatchObject({ status: 403, body: { verdict: { reasons: ['grant-not-open'] } } });
    expect(await world.grants.openings(REQUEST_ID)).toMatchObject([{ state: 'deleted', number: null }]);
    expect(world.grants.notes(`copies/${REQUEST_ID}`)).toMatchObject([
      { type: 'copy-deleted', data: { issued: false } },
    ]);
    expect(await copies(world)).toEqual([]);
  });

  it('another call with the same key had it rendered is an opening', async () => {
    const world = await openRetrieval({ opens: 1 });
    const answer = await failsAfter(world, async () => {
      const [opening] = await world.grants.openings(REQUEST_ID);
      await world.renderNow(REQUEST_ID, opening?.openingId ?? '');
    });
    expect(answer).toMatchObject({ status: 200 });
  });
});

describe('a crash anywhere', () => {
  function mortal(world: OpenRetrieval, death?: Death) {
    const process = mortalProcess(death);
    const { grants, delivery, renderer, links } = world.dependencies;
    return {
      process,
      dependencies: {
        ...world.dependencies,
        grants: process.watched(grants),
        delivery: process.watched(delivery),
        renderer: process.watched(renderer),
        links: process.watched(links),
      },
    };
  }

  it('at each effect: the same key opens once, with one event and one copy', async () => {
    const whole = await openRetrieval();
    const count = mortal(whole);
    await open(whole, 'key-1', lawyer, count.dependencies);
    for (let effect = 0; effect < count.process.effects(); effect += 1) {
      for (const when of ['before', 'after'] as const) {
        const world = await openRetrieval({ opens: 1 });
        const { dependencies } = mortal(world, { effect, when });
        await expect(open(world, 'key-1', lawyer, dependencies)).rejects.toMatchObject({
          name: 'KilledError',
        });
        const linksBefore = world.links.length;
        expect(linksBefore).toBeLessThanOrEqual(openingsIn(await world.grants.events(REQUEST_ID)));
        expect(await open(world)).toMatchObject({ status: 200, body: { opensLeft: 0 } });
        expect(openingsIn(await world.grants.events(REQUEST_ID))).toBe(1);
        expect(await copies(world)).toHaveLength(1);
        expect(await world.grants.openings(REQUEST_ID)).toHaveLength(1);
      }
    }
  });

  it('leaves nothing that the sweep of copies doesn’t find', async () => {
    const whole = await openRetrieval();
    const count = mortal(whole);
    await open(whole, 'key-1', lawyer, count.dependencies);
    for (let effect = 0; effect < count.process.effects(); effect += 1) {
      const world = await openRetrieval();
      await open(world, 'key-1', lawyer, mortal(world, { effect, when: 'after' }).dependencies).catch(
        () => null,
      );
      world.wait(10);
      const due = await world.grants.due('copy', world.clock());
      if ((await copies(world)).length > 0) expect(due).toEqual([REQUEST_ID]);
    }
  });
});

describe('openings that race', () => {
  function racing(world: OpenRetrieval, scheduler: fc.Scheduler): OpenDependencies {
    const { grants, delivery, renderer, links } = world.dependencies;
    return {
      ...world.dependencies,
      // The rulebook is asked in memory here; the order of reads and writes is what is tried.
      decide: async (grant, _actor, now) =>
        grant.state === 'open' && grant.opened < grant.opens && now.toISOString() < (grant.windowEnds ?? '')
          ? { outcome: 'allow', reasons: [], rules: [], route: [] }
          : { outcome: 'deny', reasons: ['no-openings-left'], rules: ['R11'], route: [] },
      grants: scheduled(grants, scheduler),
      delivery: scheduled(delivery, scheduler),
      renderer: scheduled(renderer, scheduler),
      links: scheduled(links, scheduler),
    };
  }

  it('never count more than are left: in any order, exactly so many win, each with its event, the others’ copies gone', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.integer({ min: 1, max: 2 }),
        fc.integer({ min: 2, max: 4 }),
        async (scheduler, opens, callers) => {
          const world = await openRetrieval({ opens });
          const dependencies = racing(world, scheduler);
          const calls = Array.from({ length: callers }, (_, caller) =>
            open(world, `key-${caller}`, lawyer, dependencies),
          );
          const results = await scheduler.waitFor(Promise.all(calls));
          const winners = Math.min(opens, callers);
          expect(results.filter(({ status }) => status === 200)).toHaveLength(winners);
          expect(results.filter(({ status }) => status === 403)).toHaveLength(callers - winners);
          expect(openingsIn(await world.grants.events(REQUEST_ID))).toBe(winners);
          expect(world.links).toHaveLength(winners);
          expect(await copies(world)).toHaveLength(winners);
          expect((await world.row()).opened).toBe(winners);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('by twelve keys for one opening: one link, eleven refusals that say R11, one copy rendered at a time', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const world = await openRetrieval({ opens: 1 });
        const dependencies = racing(world, scheduler);
        const calls = Array.from({ length: 12 }, (_, key) => open(world, `key-${key}`, lawyer, dependencies));
        const results = await scheduler.waitFor(Promise.all(calls));
        expect(results.filter(({ status }) => status === 200)).toHaveLength(1);
        const lost = results.filter(({ status }) => status !== 200);
        for (const { status, body } of lost) {
          expect(status).toBe(403);
          expect(body).toMatchObject({ verdict: { reasons: ['no-openings-left'], rules: ['R11'] } });
        }
        expect(world.rendered).toHaveLength(1);
        expect(await copies(world)).toHaveLength(1);
      }),
      { numRuns: 30 },
    );
  });

  it('have no more copies in preparation than openings are left, whatever the number of keys', async () => {
    const staged = { key: `staged/${REQUEST_ID}`, digest: 'd', records: 2_001, conversations: 1, bytes: 9 };
    const world = await openRetrieval({ staged, opens: 2 });
    const keys = Array.from({ length: 9 }, (_, key) => `key-${key}`);
    const results = await Promise.all(keys.map((key) => open(world, key)));
    expect(results.filter(({ status }) => status === 202)).toHaveLength(2);
    const refused = results.filter(({ status }) => status === 403);
    expect(refused).toHaveLength(7);
    for (const { body } of refused) {
      expect(body).toMatchObject({
        verdict: { reasons: ['no-openings-left'], rules: ['R11'] },
        remedy: expect.stringContaining('being prepared'),
      });
    }
    expect(world.later).toHaveLength(2);
    expect(await world.grants.openings(REQUEST_ID)).toHaveLength(2);
  });

  it('with one key are one opening, in any order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.integer({ min: 2, max: 3 }), async (scheduler, callers) => {
        const world = await openRetrieval({ opens: 3 });
        const dependencies = racing(world, scheduler);
        const calls = Array.from({ length: callers }, () => open(world, 'key-1', lawyer, dependencies));
        const results = await scheduler.waitFor(Promise.all(calls));
        expect(results.map(({ status }) => status)).toEqual(calls.map(() => 200));
        expect(openingsIn(await world.grants.events(REQUEST_ID))).toBe(1);
        expect(await copies(world)).toHaveLength(1);
      }),
      { numRuns: 60 },
    );
  });
});
