import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { followStream } from '../../../functions/reconcile/follow-stream.ts';
import { requestDigest } from '../../../shared/domain/request-digest.ts';
import { type AskedRetrieval, askedRetrieval, idOf } from '../../fakes/asked-retrieval.ts';
import { mortalProcess } from '../../fakes/killed-process.ts';
import { director, lawyer, officer, person, secondOfficer } from '../../shared/policy/staff.ts';

/** One person in both roles of the route. */
const both = person('both', 'infosec-director', 'privacy-officer');
const PEOPLE = [lawyer, officer, secondOfficer, director, both];

const act = fc.oneof(
  fc.record({ what: fc.constant('check' as const) }),
  fc.record({
    what: fc.constant('keep' as const),
    gate: fc.constantFrom('privacy-officer', 'infosec-director'),
  }),
  fc.record({
    what: fc.constant('decide' as const),
    by: fc.constantFrom(...PEOPLE),
    decision: fc.constantFrom('approve' as const, 'approve' as const, 'approve' as const, 'deny' as const),
    role: fc.constantFrom(undefined, 'privacy-officer' as const, 'infosec-director' as const),
  }),
  fc.record({
    what: fc.constant('end' as const),
    by: fc.constantFrom(...PEOPLE),
    ending: fc.constantFrom('withdraw' as const, 'close' as const, 'revoke' as const),
  }),
  fc.record({ what: fc.constant('wait' as const), hours: fc.constantFrom(0.01, 1, 12) }),
  fc.record({ what: fc.constant('sweep' as const) }),
);
type Act = typeof act extends fc.Arbitrary<infer Value> ? Value : never;
const death = fc.option(
  fc.record({
    effect: fc.nat({ max: 8 }),
    when: fc.constantFrom('before' as const, 'after' as const),
  }),
  { nil: undefined, freq: 2 },
);

type Death = { effect: number; when: 'before' | 'after' } | undefined;

async function perform(world: AskedRetrieval, requestId: string, one: Act, death: Death): Promise<unknown> {
  const process = mortalProcess(death);
  switch (one.what) {
    case 'check':
      return world.check(requestId, process);
    case 'keep':
      return world.keep(requestId, `approval:${one.gate}`, `token-${one.gate}`, process);
    case 'decide':
      return world.decide(
        requestId,
        one.by,
        one.decision,
        one.role === undefined ? {} : { role: one.role },
        process,
      );
    case 'end':
      return world.end(requestId, one.by, one.ending, 'r', process);
    case 'wait':
      return world.wait(one.hours);
    case 'sweep':
      return world.sweep(process);
  }
}

/** The stream delivers each change of a row at least once; here, the last of each row. */
async function streamed(world: AskedRetrieval, requestId: string): Promise<void> {
  const kept = (await world.store.tokens(requestId)).map(({ gate }) => ({
    eventName: 'INSERT' as const,
    dynamodb: { Keys: { pk: { S: `TOKENS#${requestId}` }, sk: { S: `TOKEN#${gate}` } } },
  }));
  const { state } = await world.row(requestId);
  const row = {
    eventName: 'MODIFY' as const,
    dynamodb: {
      Keys: { pk: { S: `REQUEST#${requestId}` }, sk: { S: 'REQUEST' } },
      NewImage: { state: { S: state } },
    },
  };
  await followStream({ Records: [...kept, row] }, world.now.value, world.reconciling());
}

it('no sequence of acts, crashes and retries gets past two people in two roles on this digest, and everything ends', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(act, death), { minLength: 3, maxLength: 14 }),
      fc.boolean(),
      async (acts, atOnce) => {
        const world = askedRetrieval();
        world.directory.people.set(both.personId, both);
        const requestId = idOf(await world.ask(lawyer));
        await world.check(requestId);
        const running = [];
        for (const [one, dies] of acts) {
          // A process that dies is an invocation that failed; whoever called may call again.
          const done = perform(world, requestId, one, dies).then(
            () => undefined,
            () => undefined,
          );
          if (atOnce) running.push(done);
          else await done;
        }
        await Promise.all(running);

        const row = await world.row(requestId);
        const approvals = row.approvals.filter(({ decision }) => decision === 'approve');
        expect(new Set(approvals.map(({ by }) => by)).size).toBe(approvals.length);
        expect(new Set(approvals.map(({ role }) => role)).size).toBe(approvals.length);
        expect(approvals.every(({ by }) => by !== row.requester)).toBe(true);
        expect(approvals.every((approval) => approval.requestDigest === requestDigest(row))).toBe(true);
        if (row.state === 'provisioning') expect(approvals).toHaveLength(2);

        // One event for each change, in an unbroken chain.
        const events = await world.store.events(requestId);
        expect(events).toHaveLength(row.version);
        expect(events.filter(({ type }) => type === 'request-approved')).toHaveLength(approvals.length);

        // Left alone, the reconciler brings it to an end, and nobody waits any more.
        await streamed(world, requestId);
        for (let sweeps = 0; sweeps < 2; sweeps += 1) {
          world.wait(25);
          await world.sweep();
        }
        const end = await world.row(requestId);
        expect(['denied', 'lapsed', 'withdrawn', 'failed', 'revoked']).toContain(end.state);
        expect(await world.store.tokens(requestId)).toEqual([]);
        expect(world.delivery.objects.size).toBe(0);
        // Whatever crashed, each change told of itself, at least once, and nothing is due.
        expect(await world.store.noticesDue(requestId)).toEqual([]);
        const told = new Set(world.telling.told.map(({ kind }) => kind));
        const happened = (type: string) => events.some((one) => one.type === type);
        expect(told.has('request-awaiting-approval')).toBe(happened('request-checked'));
      },
    ),
    { numRuns: 150 },
  );
}, 60_000);
