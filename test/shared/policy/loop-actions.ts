import fc from 'fast-check';
import type { AccessGrant } from '../../../shared/domain/access-grant.ts';
import type { Person } from '../../../shared/domain/person.ts';
import type { Role } from '../../../shared/domain/roles.ts';
import { requestingRole } from '../../../shared/policy/requesting-role.ts';
import type { LoopWorld } from './loop-world.ts';
import { director, lawyer, officer } from './staff.ts';

/** What can happen in the model: numbers choose among whoever and whatever is there at that moment. */

const ROLES_IN_PLAY = ['legal', 'infosec-director', 'privacy-officer', 'internal-audit', 'agent'] as const;

/** Since when everybody holds the roles that they begin with. */
const HIRED = '2026-01-01T00:00:00.000Z';

const nth = fc.nat({ max: 9 });
const role = fc.constantFrom<Role>(...ROLES_IN_PLAY);
const fate = fc.constantFrom<Fate>('now', 'now', 'now', 'now', 'twice', 'later', 'lost');

const action = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('request' as const), who: nth, recipient: nth, odd: nth }),
  },
  { weight: 40, arbitrary: fc.record({ do: fc.constant('step' as const), row: nth, who: nth, key: nth }) },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('decide' as const),
      row: nth,
      who: nth,
      role,
      deny: fc.nat({ max: 5 }).map((chance) => chance === 0),
      seen: fc.constantFrom('own', 'own', 'other'),
    }),
  },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('open' as const), row: nth, who: nth, key: nth }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('provision' as const), row: nth }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('check' as const), row: nth }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('sweep' as const), row: nth }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('end' as const),
      row: nth,
      who: nth,
      ending: fc.constantFrom('withdraw' as const, 'close' as const, 'revoke' as const),
    }),
  },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('commit' as const), which: nth }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('tick' as const), hours: fc.constantFrom(1, 3, 6, 25, 80) }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('directory' as const),
      who: nth,
      other: nth,
      role,
      change: fc.constantFrom('grant', 'drop', 'leave', 'return', 'manager', 'granted-by'),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('records' as const),
      which: nth,
      who: nth,
      change: fc.constantFrom('add', 'remove', 'alter', 'participant'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('rules' as const), which: nth }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('change' as const),
      row: nth,
      who: nth,
      other: nth,
      redigest: fc.boolean(),
      field: fc.constantFrom(
        'opens',
        'window',
        'masking',
        'matter',
        'recipient',
        'requester',
        'route',
        'scope',
        'time',
        'state-of-approvals',
      ),
    }),
  },
);

export const actions = fc.array(fc.tuple(action, fate), { minLength: 10, maxLength: 70, size: 'max' });
export type Action = Parameters<Parameters<typeof action.map>[0]>[0];
export type Fate = 'now' | 'twice' | 'later' | 'lost';

/** A lawyer, a director and an officer, and others with roles and managers as they come. */
export const staff = fc
  .array(
    fc.record({
      roles: fc.uniqueArray(role, { minLength: 1, maxLength: 4 }),
      manager: fc.option(nth, { freq: 2 }),
    }),
    { minLength: 2, maxLength: 4 },
  )
  .map((others): Person[] => {
    const extra = others.map(
      ({ roles }, index): Person => ({
        ...officer,
        personId: `p_extra-${index}`,
        roles: roles.map((each) => ({ role: each, hotels: '*', grantedBy: 'p_hr', since: HIRED })),
      }),
    );
    const everyone = [lawyer, director, officer, ...extra];
    return everyone.map((person, index) => {
      const manager = others[index - 3]?.manager ?? null;
      return manager === null ? person : { ...person, manager: pick(everyone, manager)?.personId ?? null };
    });
  });

/** Lets one thing happen, and what was decided by it be committed now, twice, later or never. */
export function happen(world: LoopWorld, [what, fateOfIt]: readonly [Action, Fate]): void {
  const before = world.pending.length;
  const row = 'row' in what ? pick([...world.rows.values()], what.row) : undefined;
  const who = 'who' in what ? pick([...world.people.values()], what.who) : undefined;
  if (what.do === 'request' && who) ask(world, who, what.recipient, what.odd);
  else if (what.do === 'commit') commitOne(world, what.which);
  else if (what.do === 'tick') world.now += what.hours * 3_600_000;
  else if (what.do === 'directory' && who) changeDirectory(world, who, what);
  else if (what.do === 'records' && who) changeRecords(world, what, who);
  else if (what.do === 'rules')
    world.current = pick([...world.ruleSets.values()], what.which) ?? world.current;
  else if (row) onRow(world, row, who, what);
  const decided = world.pending.splice(before);
  if (fateOfIt === 'later') world.pending.push(...decided);
  if (fateOfIt === 'now' || fateOfIt === 'twice') {
    for (const pending of decided) world.commit(pending);
    if (fateOfIt === 'twice') for (const pending of decided) world.commit(pending);
  }
}

function onRow(world: LoopWorld, row: AccessGrant, who: Person | undefined, what: Action): void {
  if (what.do === 'step') step(world, row, what.who, `k${what.key}`);
  else if (what.do === 'check') world.check(row);
  else if (what.do === 'provision') world.provision(row);
  else if (what.do === 'sweep') world.sweep(row);
  else if (who === undefined) return;
  else if (what.do === 'open') world.open(row, who, `k${what.key}`);
  else if (what.do === 'end') world.end(row, who, what.ending);
  else if (what.do === 'change') changeRow(world, row, who, what);
  else if (what.do === 'decide') {
    const other = [...world.rows.values()].find(({ requestId }) => requestId !== row.requestId);
    const seen = (what.seen === 'own' ? row : other)?.requestDigest ?? '';
    world.decide(row, who, what.role, what.deny ? 'deny' : 'approve', seen);
  }
}

/** What the row waits for, done by somebody who seems right for it. */
function step(world: LoopWorld, row: AccessGrant, who: number, key: string): void {
  const recipient = world.people.get(row.recipient);
  if (row.state === 'requested') world.check(row);
  else if (row.state === 'provisioning') world.provision(row);
  else if (row.state === 'open' && recipient) world.open(row, recipient, key);
  else if (row.state === 'awaiting-approval') {
    const missing = row.route.find((needed) => !row.approvals.some((given) => given.role === needed));
    const holders = [...world.people.values()].filter(({ roles }) =>
      roles.some((held) => held.role === missing),
    );
    const approver = pick(holders, who);
    if (missing && approver) world.decide(row, approver, missing, 'approve', row.requestDigest ?? '');
  } else world.sweep(row);
}

function ask(world: LoopWorld, who: Person, recipient: number, odd: number): void {
  const other = pick([...world.people.values()], recipient);
  world.request(who, {
    requesterRole: requestingRole(who, ['SHA01'], new Date(world.now)) ?? 'agent',
    ...(recipient > 7 && other ? { recipient: other.personId } : {}),
    ...(odd === 9 ? { matter: null, ticket: 'T-1' } : {}),
    ...(odd === 8 ? { hotels: ['FRA01'] } : {}),
    ...(odd === 7 ? { opens: 1 } : {}),
    ...(odd > 3 && odd < 7 ? { windowHours: 5 } : {}),
  });
}

function commitOne(world: LoopWorld, which: number): void {
  // It stays pending: whoever crashed before noting the commit will try it again.
  const pending = pick(world.pending, which);
  if (pending) world.commit(pending);
}

function changeDirectory(world: LoopWorld, who: Person, what: Extract<Action, { do: 'directory' }>): void {
  const other = pick([...world.people.values()], what.other)?.personId ?? null;
  const now = new Date(world.now).toISOString();
  const without = who.roles.filter((held) => held.role !== what.role);
  const changed: Record<typeof what.change, Partial<Person>> = {
    grant: { roles: [...without, { role: what.role, hotels: '*', grantedBy: other ?? 'p_hr', since: now }] },
    drop: { roles: without },
    leave: { active: false },
    return: { active: true },
    manager: { manager: other },
    'granted-by': { roles: who.roles.map((held) => ({ ...held, grantedBy: other ?? 'p_hr' })) },
  };
  world.people.set(who.personId, { ...who, ...changed[what.change] });
}

function changeRecords(world: LoopWorld, what: Extract<Action, { do: 'records' }>, who: Person): void {
  const [id, record] = pick([...world.records], what.which) ?? [];
  if (what.change === 'add') {
    world.records.set(`${what.which}${'a'.repeat(31)}`, {
      commitment: 'b'.repeat(32),
      staff: [who.personId],
    });
  }
  if (id === undefined || record === undefined) return;
  if (what.change === 'remove') world.records.delete(id);
  if (what.change === 'alter') world.records.set(id, { ...record, commitment: 'c'.repeat(32) });
  if (what.change === 'participant') world.records.set(id, { ...record, staff: [who.personId] });
}

function changeRow(
  world: LoopWorld,
  row: AccessGrant,
  who: Person,
  what: Extract<Action, { do: 'change' }>,
): void {
  const other = pick([...world.rows.values()], what.other) ?? row;
  const changes: Record<typeof what.field, Partial<AccessGrant>> = {
    opens: { opens: row.opens + 5 },
    window: { windowHours: row.windowHours * 10 },
    masking: { masking: 'named' },
    matter: { matter: 'M-2' },
    recipient: { recipient: who.personId },
    requester: { requester: who.personId },
    route: { route: row.route.slice(0, 1) },
    scope: { scope: other.scope },
    time: { to: '2027-01-01T00:00:00.000Z' },
    // Approvals of another request, moved over to this one.
    'state-of-approvals': { approvals: other.approvals },
  };
  world.change(row, changes[what.field], what.redigest);
}

function pick<Item>(items: Item[], index: number): Item | undefined {
  return items.length === 0 ? undefined : items[index % items.length];
}
