import { randomUUID } from 'node:crypto';
import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { type ShownRequest, shownRequest } from '../../cli/commands/request.ts';
import { RefusedError } from '../../cli/failure.ts';
import { conductKey } from '../../shared/aws/conduct-table.ts';
import { custodyLog } from '../../shared/aws/custody-log.ts';
import { changed, personOf } from './support/directory.ts';
import { eventually } from './support/eventually.ts';
import { invoke } from './support/invoke.ts';
import { as, conversation, type Guest, ingest, newGuest, request, requestFor } from './support/retrieval.ts';
import { dynamo, stack } from './support/stack.ts';

/**
 * The deployed loop beside a small model of it: random sequences of what people do, and after each step the state, the
 * openings, the answers and the events must be what the model says. A failure names its sequence.
 */

const SEED = 20_260_615;
const SEQUENCES = 20;
const OPENS = 2;
const HOUR_MS = 3_600_000;
const custody = custodyLog(stack.tables.events, dynamo);

/** Who comes, as the demo's people: `[role, index]`. */
const PEOPLE = {
  requester: ['legal', 0],
  'another lawyer': ['legal', 1],
  officer: ['privacy-officer', 0],
  director: ['infosec-director', 0],
  'another officer': ['privacy-officer', 1],
  clerk: ['sales', 0],
} as const satisfies Record<string, readonly [string, number]>;
type Who = keyof typeof PEOPLE;

function personAt(who: Who): [string, number] {
  const [role, index] = PEOPLE[who];
  return [role, index];
}

const command = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ do: fc.constant('approve' as const), by: fc.constant('next' as const) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('approve' as const),
      by: fc.constantFrom<Who>('requester', 'clerk', 'another officer', 'officer'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('approve-unseen' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('approve-late' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('deny' as const) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom('withdraw' as const, 'close' as const),
      by: fc.constantFrom<Who>('requester', 'requester', 'another lawyer', 'clerk'),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('open' as const),
      by: fc.constantFrom<Who>('requester', 'requester', 'requester', 'another lawyer'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('open-late' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('open-without-role' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('sweep' as const), hours: fc.constantFrom(25, 100) }) },
);
type Command = Parameters<Parameters<typeof command.map>[0]>[0];
const sequence = fc.array(command, { minLength: 8, maxLength: 10, size: 'max' });

/** What the model knows of the request. */
type Model = {
  state: 'awaiting-approval' | 'open' | 'denied' | 'lapsed' | 'withdrawn' | 'archived';
  /** Who agreed. */
  approvals: Who[];
  denier: Who | null;
  withdrawn: boolean;
  closed: boolean;
  opened: number;
  refused: number;
};

const ROLE_OF: Partial<Record<Who, string>> = {
  officer: 'privacy-officer',
  'another officer': 'privacy-officer',
  director: 'infosec-director',
};

/** What the model expects of an approval: `done`, `again` (nothing changes) or `refused`. */
function approved(model: Model, by: Who): 'done' | 'again' | 'refused' {
  if (model.approvals.includes(by)) return 'again';
  const role = ROLE_OF[by];
  if (model.state !== 'awaiting-approval' || role === undefined) return 'refused';
  if (model.approvals.some((one) => ROLE_OF[one] === role)) return 'refused';
  model.approvals.push(by);
  if (model.approvals.length === 2) model.state = 'open';
  return 'done';
}

describe('the deployed loop and its model', () => {
  let guest: Guest;
  beforeAll(async () => {
    guest = newGuest();
    await ingest(conversation(guest, 4));
  });

  const next: Command = { do: 'approve', by: 'next' };
  // Every other one begins with what is open already, so that as much happens there as before.
  const sequences = fc
    .sample(sequence, { numRuns: SEQUENCES, seed: SEED })
    .map((commands, number) => (number % 2 === 0 ? commands : [next, next, ...commands]));
  const reached = { refused: 0, most: 0, ends: new Set<string>() };
  for (const [number, commands] of sequences.entries()) {
    it(`agree in sequence ${number}: ${commands.map(inWords).join(', ')}`, async () => {
      const shown = await request(requestFor(guest, { opens: OPENS }));
      expect(shown.state).toBe('awaiting-approval');
      const model: Model = {
        state: 'awaiting-approval',
        approvals: [],
        denier: null,
        withdrawn: false,
        closed: false,
        opened: 0,
        refused: 0,
      };
      for (const each of commands) await happen(model, shown, each);
      reached.refused += model.refused;
      reached.most = Math.max(reached.most, model.opened);
      reached.ends.add(model.state);
    });
  }

  it('and people were refused, and opened, in them', () => {
    expect(reached.refused).toBeGreaterThan(SEQUENCES);
    expect(reached.most).toBe(OPENS);
    expect([...reached.ends].sort()).toEqual(['archived', 'denied', 'lapsed', 'open', 'withdrawn']);
  });
});

function inWords(each: Command): string {
  if ('by' in each) return `${each.do} by ${each.by}`;
  return 'hours' in each ? `sweep ${each.hours} h later` : each.do;
}

/** Does it on the stack and in the model, and compares. */
async function happen(model: Model, shown: ShownRequest, each: Command): Promise<void> {
  const { who, expected } = predicted(model, each);
  const answer = await outcomeOf(act(who, shown, each));
  expect({ step: inWords(each), answer }).toEqual({
    step: inWords(each),
    answer: expected === 'refused' ? 'refused' : 'done',
  });
  if (expected === 'refused') {
    model.refused += 1;
    await forgetConduct(who);
  }
  await agrees(model, shown.requestId, inWords(each));
}

function predicted(model: Model, each: Command): { who: Who; expected: 'done' | 'again' | 'refused' } {
  const next: Who = model.approvals.some((one) => ROLE_OF[one] === 'privacy-officer')
    ? 'director'
    : 'officer';
  switch (each.do) {
    case 'approve': {
      const who = each.by === 'next' ? next : each.by;
      return { who, expected: approved(model, who) };
    }
    case 'approve-unseen':
      return { who: 'another officer', expected: 'refused' };
    case 'approve-late':
      return {
        who: 'another officer',
        expected: model.approvals.includes('another officer') ? 'again' : 'refused',
      };
    case 'deny': {
      const isAgain = model.denier === next;
      const isAwaited = model.state === 'awaiting-approval';
      if (isAwaited) Object.assign(model, { state: 'denied', denier: next });
      return { who: next, expected: isAgain ? 'again' : isAwaited ? 'done' : 'refused' };
    }
    case 'withdraw': {
      const isAgain = model.withdrawn && each.by === 'requester';
      const may = each.by === 'requester' && model.state === 'awaiting-approval';
      if (may) Object.assign(model, { state: 'withdrawn', withdrawn: true });
      return { who: each.by, expected: isAgain ? 'again' : may ? 'done' : 'refused' };
    }
    case 'close': {
      const isAgain = model.closed && each.by === 'requester';
      const may = each.by === 'requester' && model.state === 'open';
      if (may) Object.assign(model, { state: 'archived', closed: true });
      return { who: each.by, expected: isAgain ? 'again' : may ? 'done' : 'refused' };
    }
    case 'open': {
      const may = each.by === 'requester' && model.state === 'open' && model.opened < OPENS;
      if (may) model.opened += 1;
      return { who: each.by, expected: may ? 'done' : 'refused' };
    }
    case 'open-late':
    case 'open-without-role':
      return { who: 'requester', expected: 'refused' };
    case 'sweep': {
      if (model.state === 'awaiting-approval') model.state = 'lapsed';
      else if (model.state === 'open' && each.hours > 72) model.state = 'archived';
      return { who: 'requester', expected: 'again' };
    }
  }
}

async function act(who: Who, { requestId, requestDigest }: ShownRequest, each: Command): Promise<unknown> {
  const api = await as(...personAt(who));
  const digest = requestDigest ?? '';
  const later = (hours: number) => ({ asOf: new Date(Date.now() + hours * HOUR_MS).toISOString() });

  async function decide(decision: 'approve' | 'deny', seen: string, clock: { asOf?: string } = {}) {
    const body = { decision, reason: '案件需要 needed for the matter', requestDigest: seen, ...clock };
    const { reason } = body;
    const stepUp = await api.stepUp({ action: decision, subject: requestId, digest: seen, reason, ...clock });
    return api.post(`/requests/${requestId}/decisions`, { ...body, stepUp }, z.unknown());
  }
  async function open(clock: { asOf?: string } = {}) {
    const stepUp = await api.stepUp({ action: 'open', subject: requestId, digest, reason: null, ...clock });
    const body = { key: randomUUID(), stepUp, ...clock };
    return api.post(`/requests/${requestId}/openings`, body, z.unknown());
  }

  switch (each.do) {
    case 'approve':
      return decide('approve', digest);
    case 'approve-unseen':
      return decide('approve', `sha256:${'0'.repeat(64)}`);
    case 'approve-late':
      return decide('approve', digest, later(25));
    case 'deny':
      return decide('deny', digest);
    case 'withdraw':
    case 'close':
      return api.post(`/requests/${requestId}/${each.do}`, {}, z.unknown());
    case 'open':
      return open();
    case 'open-late':
      return open(later(100));
    case 'open-without-role':
      return changed(await personOf(...personAt('requester')), { roles: [] }, () => open());
    case 'sweep':
      return invoke('reconcile', later(each.hours));
  }
}

async function outcomeOf(call: Promise<unknown>): Promise<'done' | 'refused'> {
  try {
    await call;
    return 'done';
  } catch (error) {
    if (error instanceof RefusedError) return 'refused';
    throw error;
  }
}

/** R9 has tests of its own: here nobody is locked for what a sequence makes them do. */
async function forgetConduct(who: Who): Promise<void> {
  const { personId } = await personOf(...personAt(who));
  await dynamo.send(new DeleteCommand({ TableName: stack.tables.directory, Key: conductKey(personId) }));
}

/** State, approvals, openings; one event for each access and each refusal, and none besides. */
async function agrees(model: Model, requestId: string, step: string): Promise<void> {
  const api = await as('auditor');
  const now = await eventually(
    () => api.get(`/requests/${requestId}`, shownRequest),
    ({ state }) => state === model.state,
    30,
  );
  const events = await custody.events(`request/${requestId}`);
  const attempts = await custody.events(`attempts/${requestId}`);
  const count = (type: string) => events.filter((event) => event.type === type).length;
  expect({
    step,
    approvals: now.approvals.length,
    // Their copies go after a while; that they were issued stays.
    openings: now.openings.filter(({ state }) => state !== 'preparing').length,
    approvedEvents: count('request-approved'),
    openedEvents: count('grant-opened'),
    refusals: attempts.filter(({ type }) => type === 'attempt-refused').length,
  }).toEqual({
    step,
    approvals: model.approvals.length,
    openings: model.opened,
    approvedEvents: model.approvals.length,
    openedEvents: model.opened,
    refusals: model.refused,
  });
}
