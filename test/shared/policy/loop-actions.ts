import fc from 'fast-check';
import { DateTime } from 'luxon';
import type { AccessGrant } from '../../../shared/domain/access-grant.ts';
import type { Case, CaseKind, CaseOf } from '../../../shared/domain/case.ts';
import { isOfKind } from '../../../shared/domain/case.ts';
import { withPeopleAt } from '../../../shared/domain/dated-people.ts';
import { type Person, rolesFor } from '../../../shared/domain/person.ts';
import type { Category } from '../../../shared/domain/record.ts';
import { ROLE_NAMES, type Role } from '../../../shared/domain/roles.ts';
import { STEP_UPS } from '../../../shared/policy/facts.ts';
import { requestingRole } from '../../../shared/policy/requesting-role.ts';
import { supposedRequest } from '../../../shared/policy/supposed-request.ts';
import { GUESTS, HIRED } from './loop-surroundings.ts';
import { type LoopWorld, managersAbove, SIGNED, type SignedBy } from './loop-world.ts';
import { director, lawyer, officer, person, secondLawyer } from './staff.ts';

/** What can happen in the model: numbers choose among whoever and whatever is there at that moment. */

const HOUR_MS = 3_600_000;
const nth = fc.nat({ max: 11 });
const role = fc.constantFrom<Role>(...ROLE_NAMES);
const signed = fc.record<SignedBy>({
  outcome: fc.oneof(
    { weight: 24, arbitrary: fc.constant('verified' as const) },
    { weight: 1, arbitrary: fc.constantFrom(...STEP_UPS) },
  ),
  again: fc.nat({ max: 11 }).map((chance) => chance === 0),
});
const fate = fc.oneof(
  { weight: 8, arbitrary: fc.constant('now' as const) },
  { weight: 2, arbitrary: fc.constant('twice' as const) },
  { weight: 1, arbitrary: fc.constantFrom('later' as const, 'lost' as const, 'overtaken' as const) },
);

/** Until the next of these moments: the hotel's month ends, or what some request waits for does (deadline, window). */
const MOMENTS = ['month-end', 'end', 'end'] as const;

const action = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('request' as const),
      who: nth,
      recipient: nth,
      odd: fc.nat({ max: 27 }),
      guest: fc.nat({ max: 3 }),
    }),
  },
  {
    weight: 60,
    arbitrary: fc.record({ do: fc.constant('step' as const), row: nth, who: nth, key: nth, signed }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('decide' as const),
      row: nth,
      who: nth,
      role,
      deny: fc.nat({ max: 5 }).map((chance) => chance === 0),
      seen: fc.constantFrom('own', 'own', 'other'),
      signed,
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant('open' as const), row: nth, who: nth, key: nth, signed }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('provision' as const), row: nth }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('check' as const), row: nth }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('sweep' as const), row: nth }) },
  {
    weight: 4,
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
    arbitrary: fc.record({
      do: fc.constant('tick' as const),
      hours: fc.constantFrom(1 / 60, 1 / 12, 1 / 4, 1, 1, 3, 3, 25),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('moment' as const),
      row: nth,
      moment: fc.constantFrom(...MOMENTS),
      minutes: fc.constantFrom(-1, 0, 1),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('directory' as const),
      who: nth,
      other: nth,
      role,
      change: fc.constantFrom(
        'grant',
        'drop',
        'leave',
        'return',
        'manager',
        'granted-by',
        'deputy',
        'deputy',
        'untrained',
        'exam-lapsed',
        'trained',
        'abroad',
        'home',
        'off-shift',
        'lent-elsewhere',
      ),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('device' as const),
      who: nth,
      state: fc.constantFrom(
        'enrolled' as const,
        'enrolled' as const,
        'pending' as const,
        'revoked' as const,
      ),
    }),
  },
  // Somebody goes on doing what they may not, and is locked in the end (R9); others unlock, or try to.
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('pester' as const),
      row: nth,
      who: nth,
      times: fc.integer({ min: 2, max: 7 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('sign-in' as const), who: nth }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('unlock' as const), who: nth, other: nth, signed }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('case' as const),
      guest: fc.nat({ max: 1 }),
      change: fc.constantFrom(
        'dispute-elsewhere',
        'dispute-elsewhere',
        'dispute-elsewhere',
        'dispute-over',
        'plan-held-back',
        'plan-held-back',
        'plan-published',
        'matter-closed',
        'matter-reopened',
        'complaint-major',
        'complaint-closed',
        'incident-closed',
        'instrument-foreign',
        'instrument-approved',
        'instrument-over',
        'agreement-over',
        'consent-withdrawn',
        'consent-given',
        'linked',
        'unlinked',
      ),
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
        'purpose',
        'recipient',
        'requester',
        'route',
        'scope',
        'scope',
        'scope',
        'time',
        'state-of-approvals',
      ),
    }),
  },
);

export const actions = fc.array(fc.tuple(action, fate), { minLength: 10, maxLength: 80, size: 'max' });
export type Action = Parameters<Parameters<typeof action.map>[0]>[0];
/** `overtaken`: the device that signed is revoked between the decision and its commit. */
export type Fate = 'now' | 'twice' | 'later' | 'lost' | 'overtaken';

/** Many retrievals by few people, whose grants are counted beside each other (R4). */
const retrieval = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('request' as const),
      who: fc.constantFrom(0, 0, 0, 1),
      recipient: fc.constant(0),
      odd: fc.constant(4),
      guest: fc.nat({ max: 3 }),
    }),
  },
  {
    weight: 40,
    arbitrary: fc.record({
      do: fc.constant('step' as const),
      row: nth,
      who: fc.constant(0),
      key: fc.constant(0),
      signed: fc.constant(SIGNED),
    }),
  },
  { weight: 12, arbitrary: fc.record({ do: fc.constant('rush' as const), delay: fc.boolean() }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('commit' as const), which: nth }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('case' as const),
      guest: fc.constant(0),
      change: fc.constantFrom('linked', 'unlinked'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('moment' as const),
      row: nth,
      moment: fc.constant('month-end' as const),
      minutes: fc.constantFrom(-5, -1, 0),
    }),
  },
);
export const retrievals = fc.array(fc.tuple(retrieval, fate), {
  minLength: 60,
  maxLength: 140,
  size: 'max',
});
export type RetrievalAction = Parameters<Parameters<typeof retrieval.map>[0]>[0];

/** One of each role that approves, two lawyers, and others with roles and managers as they come. */
export const staff = fc
  .array(
    fc.record({
      roles: fc.uniqueArray(role, { minLength: 1, maxLength: 3 }),
      manager: fc.option(nth, { freq: 4 }),
    }),
    { minLength: 3, maxLength: 4 },
  )
  .map((others): Person[] => {
    const extra = others.map(
      ({ roles }, index): Person => ({
        ...officer,
        personId: `p_extra-${index}`,
        secondments: [{ department: 'd', hotel: 'SHA01', from: HIRED, to: '2028-01-01T00:00:00.000Z' }],
        roles: roles.map((each) => ({ role: each, hotels: '*', grantedBy: 'p_hr', since: HIRED })),
      }),
    );
    const approvers = [
      person('head', 'department-head'),
      person('manager', 'gm'),
      person('audit', 'internal-audit'),
    ];
    const everyone = [lawyer, director, officer, ...extra, secondLawyer, ...approvers];
    return everyone.map((each, index) => {
      const manager = others[index - 3]?.manager ?? null;
      return manager === null ? each : { ...each, manager: pick(everyone, manager)?.personId ?? null };
    });
  });

/** Lets one thing happen, and what was decided by it be committed now, twice, later or never. */
export async function happen(
  world: LoopWorld,
  [what, fateOfIt]: readonly [Action | RetrievalAction, Fate],
): Promise<void> {
  const before = world.pending.length;
  await act(world, what);
  if (what.do === 'commit') return;
  const decided = world.pending.splice(before);
  if (fateOfIt === 'later') world.pending.push(...decided);
  if (fateOfIt === 'overtaken') {
    const { devices } = world.around;
    for (const pending of decided) {
      const person = pending.signed?.person;
      const before = person === undefined ? undefined : devices.get(person);
      if (person !== undefined) devices.set(person, 'revoked');
      await world.commit(pending);
      if (person !== undefined && before !== undefined) devices.set(person, before);
    }
  }
  if (fateOfIt === 'now' || fateOfIt === 'twice') {
    for (const pending of decided) await world.commit(pending);
    if (fateOfIt === 'twice') for (const pending of decided) await world.commit(pending);
  }
}

async function act(world: LoopWorld, what: Action | RetrievalAction): Promise<void> {
  const rows = what.do === 'step' || what.do === 'moment' ? world.unfinished() : [...world.rows.values()];
  const row = 'row' in what ? pick(rows, what.row) : undefined;
  const who = 'who' in what ? pick([...world.people.values()], what.who) : undefined;
  if (what.do === 'tick') world.now += what.hours * HOUR_MS;
  else if (what.do === 'commit') {
    // It stays pending: whoever crashed before noting the commit will try it again.
    const pending = pick(world.pending, what.which);
    if (pending) await world.commit(pending);
  } else if (what.do === 'rules')
    world.current = pick([...world.ruleSets.values()], what.which) ?? world.current;
  else if (what.do === 'case') changeCase(world, what);
  else if (what.do === 'moment') await goTo(world, row, what);
  else if (what.do === 'rush') await rush(world, what.delay);
  else if (what.do === 'request' && who) await ask(world, who, what);
  else if (what.do === 'directory' && who) changeDirectory(world, who, what);
  else if (what.do === 'device' && who) world.around.devices.set(who.personId, what.state);
  else if (what.do === 'sign-in' && who) world.signIn(who.personId);
  else if (what.do === 'unlock' && who) await unlock(world, who, what);
  else if (what.do === 'records' && who) changeRecords(world, what, who);
  else if (row) await onRow(world, row, who, what);
}

async function onRow(
  world: LoopWorld,
  row: AccessGrant,
  who: Person | undefined,
  what: Action | RetrievalAction,
): Promise<void> {
  if (what.do === 'step') await step(world, row, what.who, `k${what.key}`, what.signed);
  else if (what.do === 'check') await world.check(row);
  else if (what.do === 'provision') await world.provision(row);
  else if (what.do === 'sweep') world.sweep(row);
  else if (who === undefined) return;
  else if (what.do === 'open') await world.open(row, who, `k${what.key}`, what.signed);
  else if (what.do === 'end') await world.end(row, endedBy(world, row, who, what.who), what.ending);
  else if (what.do === 'change') changeRow(world, row, who, what);
  else if (what.do === 'pester') {
    world.conductInTheWay += what.times % 3;
    for (let time = 0; time < what.times; time += 1) {
      if (time % 3 === 0 && time > 0) {
        world.now += HOUR_MS / 3;
        world.signIn(who.personId);
      }
      await world.end(row, who, 'revoke');
      await world.open(row, who, 'pester');
    }
  } else if (what.do === 'decide') {
    const other = [...world.rows.values()].find(({ requestId }) => requestId !== row.requestId);
    const seen = (what.seen === 'own' ? row : other)?.requestDigest ?? '';
    await world.decide(row, who, what.role, what.deny ? 'deny' : 'approve', seen, what.signed);
  }
}

/** As often as not, whoever asked. */
function endedBy(world: LoopWorld, { requester }: AccessGrant, who: Person, choice: number): Person {
  return choice % 2 === 0 ? (world.people.get(requester) ?? who) : who;
}

/** What the row waits for, done by somebody who seems right for it. */
async function step(
  world: LoopWorld,
  row: AccessGrant,
  who: number,
  key: string,
  signedBy: SignedBy,
): Promise<void> {
  const recipient = world.people.get(row.recipient);
  const ends =
    row.state === 'open' ? row.windowEnds : row.state === 'awaiting-approval' ? row.deadline : null;
  const isOver = ends !== null && Date.parse(ends) <= world.now;
  // What is over is swept, or somebody comes first.
  if (isOver && (who % 2 === 0 || row.opened >= row.opens)) world.sweep(row);
  else if (row.state === 'requested') await world.check(row);
  else if (row.state === 'provisioning') await world.provision(row);
  else if (row.state === 'open' && recipient && row.opened < row.opens)
    await world.open(row, recipient, key, signedBy);
  else if (row.state === 'awaiting-approval') {
    const missing = row.route.find((needed) => !row.approvals.some((given) => given.role === needed));
    const holders = [...world.people.values()].filter(
      (each) =>
        each.personId !== row.requester &&
        missing !== undefined &&
        rolesFor(each, row.hotels, new Date(world.now)).includes(missing),
    );
    const approver = pick(holders, who);
    if (missing && approver) {
      const decision = key === 'k11' ? 'deny' : 'approve';
      await world.decide(row, approver, missing, decision, row.requestDigest ?? '', signedBy);
    }
  } else world.sweep(row);
}

/** Everything that is ready to be granted is decided on at the same moment, before any of it is committed. */
async function rush(world: LoopWorld, delay: boolean): Promise<void> {
  for (const row of [...world.rows.values()]) if (row.state === 'provisioning') await world.provision(row);
  if (delay) world.now += 60_000;
}

/** A request as the role's own rule asks for it, and something odd about it now and then. */
async function ask(
  world: LoopWorld,
  who: Person,
  { recipient, odd, guest }: { recipient: number; odd: number; guest: number },
): Promise<void> {
  const now = new Date(world.now);
  const requesterRole = requestingRole(who, ['SHA01'], now) ?? 'agent';
  const category = categoryOf(requesterRole, odd);
  const { grant } = supposedRequest(requesterRole, [category], { region: world.region, now });
  const subject = GUESTS[guest === 1 ? 1 : 0];
  const recent = world.around.found({ ...grant, categories: [category] }, [subject]);
  if (recent.length === 0) world.around.write(subject, category, world.now - 2 * HOUR_MS);
  const other = pick([...world.people.values()], recipient);
  const { requestId: _, requester: __, registerNumber: ___, ...asked } = grant;
  await world.request(who, {
    ...asked,
    requestedAt: now.toISOString(),
    recipient: recipient > 9 && other ? other.personId : who.personId,
    subject,
    opens: odd === 7 ? 1 : 2,
    windowHours: odd > 3 && odd < 7 ? 5 : 72,
    ...(requesterRole === 'liaison' ? { instrumentNumber: 'I-1' } : {}),
    ...ODD[odd],
  });
}

const ODD: Record<number, Partial<AccessGrant>> = {
  8: { hotels: ['FRA01'] },
  9: { matter: null },
  10: { purpose: null },
  11: { masking: 'original' },
  12: { basis: 'consent' },
  13: { basis: 'notice' },
  14: { instrumentNumber: 'I-1' },
  15: { subjectKind: 'cohort' },
  16: { masking: 'named' },
};

function categoryOf(requesterRole: Role, odd: number): Category {
  if (odd === 17) return 'complaint-plan';
  if (odd === 18) return 'dispute';
  if (odd === 19) return 'stay';
  if (requesterRole === 'security') return 'key-card';
  return 'enquiry';
}

async function unlock(
  world: LoopWorld,
  who: Person,
  what: { other: number; signed: SignedBy },
): Promise<void> {
  const locked = [...world.people.keys()].filter((each) => world.around.person(each)?.lock.account);
  const other = pick(locked, what.other);
  if (other === undefined) return;
  const by = what.other > 5 ? (world.people.get(director.personId) ?? who) : who;
  await world.unlock(by, other, what.signed);
}

async function goTo(
  world: LoopWorld,
  row: AccessGrant | undefined,
  { moment, minutes }: { moment: (typeof MOMENTS)[number]; minutes: number },
): Promise<void> {
  const month = DateTime.fromMillis(world.now, { zone: 'Asia/Shanghai' }).endOf('month').toMillis() + 1;
  const ends = moment === 'month-end' ? month : (row?.windowEnds ?? row?.deadline);
  if (ends === undefined || ends === null) return;
  const at = (typeof ends === 'number' ? ends : Date.parse(ends)) + minutes * 60_000;
  if (at > world.now) world.now = at;
  const recipient = world.people.get(row?.recipient ?? '');
  // Whoever comes at the last moment, or just after it.
  if (moment === 'end' && row?.state === 'open' && recipient) await world.open(row, recipient, 'late');
}

function changeDirectory(world: LoopWorld, who: Person, what: Extract<Action, { do: 'directory' }>): void {
  const standing = pick([...world.people.values()], what.other);
  const other = standing?.personId ?? null;
  const now = new Date(world.now).toISOString();
  const later = new Date(world.now + 30 * HOUR_MS).toISOString();
  const without = who.roles.filter((held) => held.role !== what.role);
  // As often as not, the role that somebody really has is the one that goes.
  const [own] = who.roles;
  const deputies = (standing?.roles ?? []).map(({ role: each }) => ({
    role: each,
    hotels: '*' as const,
    grantedBy: 'p_hr',
    since: now,
    deputyOf: other ?? '',
    from: now,
    until: later,
  }));
  const changed: Record<typeof what.change, Partial<Person>> = {
    grant: { roles: [...without, { role: what.role, hotels: '*', grantedBy: other ?? 'p_hr', since: now }] },
    drop: { roles: what.other % 2 === 0 && own ? who.roles.filter((held) => held !== own) : without },
    leave: { active: false },
    return: {
      active: true,
      ...(who.active ? {} : { enablers: withPeopleAt(who.enablers, [other ?? 'p_hr'], new Date(now)) }),
    },
    manager: { manager: other },
    'granted-by': { roles: who.roles.map((held) => ({ ...held, grantedBy: other ?? 'p_hr' })) },
    deputy: { roles: [...who.roles, ...deputies] },
    untrained: { training: { ...who.training, system: null } },
    'exam-lapsed': { training: { ...who.training, exam: '2025-12-31T00:00:00.000Z' } },
    trained: { training: { system: HIRED, exam: now } },
    abroad: { jurisdiction: 'EU' },
    home: { jurisdiction: null },
    'off-shift': {},
    'lent-elsewhere': { secondments: [] },
  };
  if (what.change === 'off-shift') world.around.directory.shifts.set(who.personId, []);
  const before = new Map(world.people);
  world.people.set(who.personId, { ...who, ...changed[what.change] });
  if (what.change === 'manager') keepWhoLostSuperiors(world, before, now);
}

/** As the product keeps it: of everybody, also below whoever was moved. */
function keepWhoLostSuperiors(world: LoopWorld, before: ReadonlyMap<string, Person>, now: string): void {
  for (const person of before.values()) {
    const after = managersAbove(world.people, person.personId);
    const lost = managersAbove(before, person.personId).filter((above) => !after.includes(above));
    if (lost.length === 0) continue;
    const moved = world.people.get(person.personId) ?? person;
    const lostSuperiors = withPeopleAt(moved.lostSuperiors, lost, new Date(now));
    world.people.set(person.personId, { ...moved, lostSuperiors });
  }
}

function changeCase(
  world: LoopWorld,
  { change, guest }: { change: Extract<Action, { do: 'case' }>['change']; guest: number },
): void {
  const { around } = world;
  const now = new Date(world.now).toISOString();
  const of = GUESTS[guest === 1 ? 1 : 0];
  function file<Kind extends CaseKind>(kind: Kind, reference: string, changes: Partial<CaseOf<Kind>>): void {
    const key = `${kind} ${reference}`;
    const filed: Case | undefined = around.cases.rows.get(key)?.filed;
    if (filed !== undefined && isOfKind(filed, kind)) {
      around.cases.rows.set(key, { filed: { ...filed, ...changes }, version: 2 });
    }
  }
  const effects: Record<typeof change, () => void> = {
    'dispute-elsewhere': () => file('dispute', 'D-1', { department: 'spa', closedAt: null, guests: [of] }),
    'dispute-over': () => file('dispute', 'D-1', { closedAt: now }),
    'plan-held-back': () => file('plan', guest === 1 ? 'P-2' : 'P-1', { publishedAt: null }),
    'plan-published': () => file('plan', guest === 1 ? 'P-2' : 'P-1', { publishedAt: now }),
    'matter-closed': () => file('matter', 'M-1', { closedAt: now }),
    'matter-reopened': () => file('matter', 'M-1', { closedAt: null }),
    'complaint-major': () => file('complaint', 'T-1', { major: true, guests: [of] }),
    'complaint-closed': () => file('complaint', 'T-1', { closedAt: now }),
    'incident-closed': () => file('incident', 'T-1', { closedAt: now }),
    'instrument-foreign': () => file('instrument', 'I-1', { foreign: true, approvalNumber: null }),
    'instrument-approved': () => file('instrument', 'I-1', { approvalNumber: 'A-1' }),
    'instrument-over': () => file('instrument', 'I-1', { validUntil: now }),
    'agreement-over': () => file('agreement', 'AG-1', { validUntil: now }),
    'consent-withdrawn': () => around.consent(of, 'withdrawn', now),
    'consent-given': () => around.consent(of, 'agreed', now),
    linked: () => {
      around.linked = true;
    },
    unlinked: () => {
      around.linked = false;
    },
  };
  effects[change]();
}

function changeRecords(world: LoopWorld, what: Extract<Action, { do: 'records' }>, who: Person): void {
  const { records } = world.around;
  const [id, record] = pick([...records], what.which) ?? [];
  if (id === undefined || record === undefined) return;
  const { guestId, category, at } = record;
  if (what.change === 'add') world.around.write(guestId, category, at, [who.personId]);
  if (what.change === 'remove') records.delete(id);
  if (what.change === 'alter') records.set(id, { ...record, commitment: 'c'.repeat(32) });
  if (what.change === 'participant') records.set(id, { ...record, staff: [who.personId] });
}

function changeRow(
  world: LoopWorld,
  row: AccessGrant,
  who: Person,
  what: Extract<Action, { do: 'change' }>,
): void {
  const others = [...world.rows.values()].filter(({ scope }) => scope?.digest !== row.scope?.digest);
  const other = pick(others, what.other) ?? row;
  const changes: Record<typeof what.field, Partial<AccessGrant>> = {
    opens: { opens: row.opens + 5 },
    window: { windowHours: row.windowHours * 10 },
    masking: { masking: 'named' },
    matter: { matter: 'M-2' },
    purpose: { purpose: null },
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

function pick<Item>(items: readonly Item[], index: number): Item | undefined {
  return items.length === 0 ? undefined : items[index % items.length];
}
