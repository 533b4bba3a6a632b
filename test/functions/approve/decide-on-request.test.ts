import { describe, expect, it } from '@jest/globals';
import { decideOnRequest } from '../../../functions/approve/decide-on-request.ts';
import { decisionBodySchema } from '../../../functions/approve/decision-body.ts';
import { openText } from '../../../shared/crypto/sealed-text.ts';
import { reasonCommitment } from '../../../shared/domain/step-up.ts';
import { requestTexts } from '../../../shared/loop/request-texts.ts';
import { askedRetrieval, WECOM_CLERK } from '../../fakes/asked-retrieval.ts';
import { mortalProcess } from '../../fakes/killed-process.ts';
import {
  auditor,
  director,
  lawyer,
  officer,
  person,
  REGION,
  secondOfficer,
} from '../../shared/policy/staff.ts';

describe('a decision', () => {
  it('of the first role is recorded with its event, and gives that role’s token back', async () => {
    const world = askedRetrieval();
    const requestId = await world.awaiting();
    const answer = await world.decide(requestId, officer, 'approve');
    expect(answer).toEqual({
      status: 200,
      body: {
        requestId,
        state: 'awaiting-approval',
        approvals: [{ role: 'privacy-officer', by: 'p_officer', at: world.now.value.toISOString() }],
        denial: null,
      },
      done: true,
    });
    // The tokens are reconcile's, which the changed row wakes.
    expect(world.workflow.released).toEqual([]);
    await world.follow(requestId);
    expect(world.workflow.released).toEqual(['token-privacy-officer']);
    expect((await world.store.events(requestId)).at(-1)).toMatchObject({
      type: 'request-approved',
      actor: 'p_officer',
      data: { role: 'privacy-officer', requestDigest: (await world.row(requestId)).requestDigest },
    });
  });

  it('of the last role completes the route', async () => {
    const world = askedRetrieval();
    const requestId = await world.awaiting();
    await world.decide(requestId, officer, 'approve');
    const answer = await world.decide(requestId, director, 'approve');
    expect(answer.body).toMatchObject({ state: 'provisioning' });
    await world.follow(requestId);
    expect(world.workflow.released.sort()).toEqual(['token-infosec-director', 'token-privacy-officer']);
    expect(await world.store.tokens(requestId)).toEqual([]);
  });

  it('to deny ends the request at once and gives every token back', async () => {
    const world = askedRetrieval();
    const requestId = await world.awaiting();
    const answer = await world.decide(requestId, director, 'deny', { reason: '目的不明' });
    expect(answer.body).toMatchObject({
      state: 'denied',
      approvals: [],
      denial: { role: 'infosec-director', by: 'p_director' },
    });
    await world.follow(requestId);
    expect(world.workflow.released.sort()).toEqual(['token-infosec-director', 'token-privacy-officer']);
  });

  it('keeps its reason under the evidence key, and commits to it in the event', async () => {
    const world = askedRetrieval();
    const requestId = await world.awaiting();
    await world.decide(requestId, officer, 'approve', { reason: '王小明的案件需要' });
    const row = await world.row(requestId);
    expect(JSON.stringify([row, await world.store.events(requestId)])).not.toContain('王小明');
    const key = await world.keys.read('evidence', requestId);
    const place = requestTexts.decisionReason(requestId, 'privacy-officer');
    expect(openText(key ?? new Uint8Array(), place, row.approvals[0]?.reason ?? '')).toBe('王小明的案件需要');
    // The commitment is the one that the device signed; its salt is sealed beside the reason.
    const { stepUp, reasonCommitment: committed } = row.approvals[0] ?? {};
    const saltPlace = requestTexts.decisionSalt(requestId, 'privacy-officer');
    const salt = openText(key ?? new Uint8Array(), saltPlace, stepUp?.reasonSalt ?? '');
    expect(committed).toBe(reasonCommitment(salt, '王小明的案件需要'));
    expect((await world.store.events(requestId)).at(-1)?.data).toMatchObject({
      reasonCommitment: committed,
      stepUp: stepUp?.evidence,
    });
  });

  it('repeated by the same person answers the same, changes nothing, and is no further act (R9)', async () => {
    const world = askedRetrieval();
    const requestId = await world.awaiting();
    const first = await world.decide(requestId, officer, 'approve');
    const row = await world.row(requestId);
    expect(first.done).toBe(true);
    expect(await world.decide(requestId, officer, 'approve')).toEqual({ status: 200, body: first.body });
    expect(await world.row(requestId)).toEqual(row);
  });

  it('to deny, repeated, answers the same', async () => {
    const world = askedRetrieval();
    const requestId = await world.awaiting();
    const first = await world.decide(requestId, officer, 'deny');
    expect(await world.decide(requestId, officer, 'deny')).toEqual({ status: 200, body: first.body });
  });

  it('contrary to the same person’s earlier one is refused', async () => {
    const world = askedRetrieval();
    const requestId = await world.awaiting();
    await world.decide(requestId, officer, 'approve');
    const answer = await world.decide(requestId, officer, 'deny');
    expect(answer).toMatchObject({ status: 403, body: { verdict: { outcome: 'deny', rules: ['A1'] } } });
    expect((await world.row(requestId)).state).toBe('awaiting-approval');
  });

  it('of the requester is refused under A1', async () => {
    const world = askedRetrieval();
    const both = person('lawyer', 'legal', 'privacy-officer');
    world.directory.people.set(both.personId, both);
    const requestId = await world.awaiting();
    const answer = await world.decide(requestId, both, 'approve');
    expect(answer).toMatchObject({
      status: 403,
      body: { verdict: { reasons: expect.arrayContaining(['approver-is-requester']) } },
    });
  });

  it('of one person in a second role is refused under A1, whether the role is named or not', async () => {
    const world = askedRetrieval();
    const both = person('both', 'infosec-director', 'privacy-officer');
    world.directory.people.set(both.personId, both);
    const requestId = await world.awaiting();
    await world.decide(requestId, both, 'approve', { role: 'privacy-officer' });
    const second = await world.decide(requestId, both, 'approve', { role: 'infosec-director' });
    expect(second).toMatchObject({ status: 403, body: { verdict: { reasons: ['person-decided-already'] } } });
    await world.decide(requestId, both, 'approve');
    expect(await world.row(requestId)).toMatchObject({
      state: 'awaiting-approval',
      approvals: [{ by: 'p_both' }],
    });
  });

  it('of a second person in a role that decided is refused as too late', async () => {
    const world = askedRetrieval();
    const requestId = await world.awaiting();
    await world.decide(requestId, officer, 'approve');
    expect((await world.decide(requestId, secondOfficer, 'approve')).status).toBe(409);
  });

  it('of somebody without a role of the route, or who takes part in the records, is refused', async () => {
    const world = askedRetrieval();
    const requestId = await world.awaiting();
    expect((await world.decide(requestId, auditor, 'approve')).body).toMatchObject({
      verdict: { reasons: expect.arrayContaining(['role-not-held']) },
    });
    const participant = { ...person('clerk', 'privacy-officer'), accounts: WECOM_CLERK.accounts };
    world.directory.people.set(participant.personId, participant);
    expect((await world.decide(requestId, participant, 'approve')).body).toMatchObject({
      verdict: { reasons: ['approver-takes-part-in-the-records'] },
    });
  });

  it('on another digest than the request’s is refused under A7', async () => {
    const world = askedRetrieval();
    const requestId = await world.awaiting();
    const answer = await world.decide(requestId, officer, 'approve', { requestDigest: 'sha256:other' });
    expect(answer).toMatchObject({ status: 409, body: { verdict: { rules: ['A7'] } } });
  });

  it('after the deadline is refused under A4', async () => {
    const world = askedRetrieval();
    const requestId = await world.awaiting();
    world.wait(24);
    expect((await world.decide(requestId, officer, 'approve')).body).toMatchObject({
      verdict: { rules: ['A4'] },
    });
  });

  it.each(['approve', 'deny'] as const)('to %s what was refused says that alone', async (decision) => {
    const world = askedRetrieval();
    const requestId = await world.awaiting();
    const row = await world.row(requestId);
    world.store.seed({ ...row, state: 'refused', route: [], requestDigest: null, deadline: null });
    const answer = await world.decide(requestId, officer, decision);
    expect(answer).toMatchObject({
      status: 409,
      body: { verdict: { rules: ['A1'], reasons: ['request-was-refused'] } },
    });
  });

  it('is asked under the rule set of the request and the one of now: the stricter wins', async () => {
    const world = askedRetrieval();
    const requestId = await world.awaiting();
    world.ruleSets.tighten(
      'weekend.cedar',
      `@id("A4.frozen")
@reason("approvals-frozen")
@zh("审批已冻结")
@en("approvals are frozen")
forbid (principal is Person, action == Action::"approve", resource is Request);`,
    );
    expect((await world.decide(requestId, officer, 'approve')).body).toMatchObject({
      verdict: { reasons: ['approvals-frozen'] },
    });
  });

  it('of two people at once: both count, whoever comes second decides on what the first left', async () => {
    const world = askedRetrieval();
    const requestId = await world.awaiting();
    const answers = await Promise.all([
      world.decide(requestId, officer, 'approve'),
      world.decide(requestId, director, 'approve'),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(await world.row(requestId)).toMatchObject({ state: 'provisioning', version: 4 });
  });

  it('of two officers at once: one counts', async () => {
    const world = askedRetrieval();
    const requestId = await world.awaiting();
    const answers = await Promise.all([
      world.decide(requestId, officer, 'approve'),
      world.decide(requestId, secondOfficer, 'approve'),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect((await world.row(requestId)).approvals).toHaveLength(1);
  });

  it('stands although its token can not be given back now', async () => {
    const world = askedRetrieval();
    const requestId = await world.awaiting();
    const { release } = world.workflow;
    world.workflow.release = async () => {
      throw new Error('Step Functions is away');
    };
    expect((await world.decide(requestId, officer, 'deny')).status).toBe(200);
    await expect(world.follow(requestId)).rejects.toThrow();
    expect(await world.store.tokens(requestId)).toHaveLength(2);
    world.workflow.release = release;
    await world.follow(requestId);
    expect(await world.store.tokens(requestId)).toEqual([]);
  });

  it('of a deputy says for whom, in the row and in the event', async () => {
    const world = askedRetrieval();
    const requestId = await world.awaiting();
    const deputy = person('deputy', 'privacy-officer');
    const standsIn = {
      ...deputy,
      roles: deputy.roles.map((held) => ({
        ...held,
        deputyOf: officer.personId,
        from: '2026-06-01T00:00:00.000Z',
        until: '2026-07-01T00:00:00.000Z',
      })),
    };
    world.directory.people.set(standsIn.personId, standsIn);
    const answer = await world.decide(requestId, standsIn, 'approve');
    expect(answer.body).toMatchObject({ approvals: [{ by: 'p_deputy', asDeputyOf: 'p_officer' }] });
    expect((await world.row(requestId)).approvals).toMatchObject([{ asDeputyOf: 'p_officer' }]);
    expect((await world.store.events(requestId)).at(-1)?.data).toMatchObject({ asDeputyOf: 'p_officer' });
    expect((await world.decide(requestId, officer, 'deny')).body).toMatchObject({
      verdict: { rules: expect.arrayContaining(['A8']) },
    });
  });

  it('killed anywhere and sent again, is one approval with one event whose token is given back', async () => {
    for (let effect = 0; effect < 7; effect += 1) {
      for (const when of ['before', 'after'] as const) {
        const world = askedRetrieval();
        const requestId = await world.awaiting();
        await world
          .decide(requestId, officer, 'approve', {}, mortalProcess({ effect, when }))
          .catch(() => undefined);
        expect((await world.decide(requestId, officer, 'approve')).status).toBe(200);
        expect((await world.row(requestId)).approvals).toHaveLength(1);
        expect(await world.store.events(requestId)).toHaveLength(3);
        await world.follow(requestId);
        expect(world.workflow.released).toContain('token-privacy-officer');
      }
    }
  });

  it('on a request that is not there is not found', async () => {
    const world = askedRetrieval();
    const answer = await decideOnRequest(
      {
        requestId: 'req_none',
        actor: officer,
        body: { decision: 'approve', reason: 'r', requestDigest: '' },
        now: world.now.value,
      },
      {
        ...world.reconciling(),
        directory: world.directory,
        ruleSets: world.ruleSets,
        stepUps: world.signing.sources(world.evidence),
        emergency: { places: [], cases: world.cases, emergencies: world.store.emergencies },
        emergencyOpened: () => undefined,
        region: { ...REGION, hotels: [] },
      },
    );
    expect(answer.status).toBe(404);
  });
});

describe('the body of a decision', () => {
  it.each([
    [{ reason: '  ' }, 'reason'],
    [{ decision: 'maybe' }, 'decision'],
    [{ role: 'king' }, 'role'],
    [{ requestDigest: undefined }, 'requestDigest'],
  ])('is refused with %j', (changes, where) => {
    const body = { decision: 'approve', reason: 'r', requestDigest: 'sha256:1', ...changes };
    expect(decisionBodySchema('system').safeParse(body).error?.issues[0]?.path).toEqual([where]);
  });
});

it('a lawyer without any role of the route sees why', async () => {
  const world = askedRetrieval();
  const requestId = await world.awaiting();
  expect((await world.decide(requestId, lawyer, 'approve')).body).toMatchObject({
    verdict: { outcome: 'deny' },
  });
});
