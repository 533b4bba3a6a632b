import { describe, expect, it } from '@jest/globals';
import type { AccessGrant, Approval } from '../../../shared/domain/access-grant.ts';
import type { Person } from '../../../shared/domain/person.ts';
import { approvalFacts, provisionFacts, requestFacts } from '../../../shared/facts/gather-facts.ts';
import { inMemoryCases } from '../../fakes/in-memory-cases.ts';
import { inMemoryDirectory } from '../../fakes/in-memory-directory.ts';
import {
  approval,
  approved,
  checked,
  director,
  lawyer,
  NOON,
  officer,
  REGION,
  scopeFacts,
} from '../policy/staff.ts';

const chief: Person = { ...director, personId: 'p_chief' };
const managed = (person: Person, manager: string | null): Person => ({ ...person, manager });

function sources(...people: Person[]) {
  return { directory: inMemoryDirectory(...people), region: REGION, now: NOON, cases: inMemoryCases() };
}

const signed = async (_grant: AccessGrant, { role }: Approval) =>
  role === 'privacy-officer' ? ('verified' as const) : ('missing' as const);

describe('facts', () => {
  it('know somebody who left the directory as nobody: no role, no manager, not active', async () => {
    const { requester, recipient } = await requestFacts(sources(officer), checked(), null);
    expect(requester).toMatchObject({ personId: 'p_lawyer', active: false, roles: [], manager: null });
    expect(recipient).toEqual(requester);
  });

  it('have the requester’s shift of now, at every hotel asked for', async () => {
    const on = sources(lawyer);
    on.directory.shifts.set(lawyer.personId, [
      { hotel: 'SHA01', from: '2026-06-15T00:00:00.000Z', to: '2026-06-15T08:00:00.000Z' },
      { hotel: 'SHA01', from: '2026-06-15T08:00:00.000Z', to: '2026-06-15T16:00:00.000Z' },
    ]);
    const shiftAt = async (now: string, hotels = ['SHA01']) =>
      (await requestFacts({ ...on, now: new Date(now) }, checked({ hotels }), null)).standing.shift;
    expect(await shiftAt('2026-06-15T12:00:00.000Z')).toEqual({
      from: new Date('2026-06-15T08:00:00.000Z'),
      to: new Date('2026-06-15T16:00:00.000Z'),
    });
    expect((await shiftAt('2026-06-15T08:00:00.000Z'))?.from).toEqual(new Date('2026-06-15T08:00:00.000Z'));
    expect(await shiftAt('2026-06-15T16:00:00.000Z')).toBeNull();
    expect(await shiftAt('2026-06-15T12:00:00.000Z', ['SHA01', 'HGH02'])).toBeNull();
    expect(await shiftAt('2026-06-15T12:00:00.000Z', ['HGH02'])).toBeNull();
  });

  it('of a decision are those that check froze: nothing is read of cases, consent or shifts again', async () => {
    const grant = checked();
    const found = {
      ...scopeFacts({ guests: 1, disputeElsewhere: true, departments: ['spa'] }),
      retrievals: 2,
    };
    const facts = await approvalFacts(
      { directory: inMemoryDirectory(lawyer, officer), region: REGION, now: NOON },
      { ...grant, scope: grant.scope && { ...grant.scope, found } },
      { actor: officer, role: 'privacy-officer', decision: 'approve', seenDigest: 'd', stepUp: 'verified' },
    );
    expect(facts).toMatchObject({
      retrievals: 2,
      scope: { guests: 1, disputeElsewhere: true, departments: ['spa'] },
    });
    expect(facts.scope).not.toHaveProperty('retrievals');
  });

  it('of a decision have the managers of everybody in it, and the frozen scope', async () => {
    const grant = checked();
    grant.approvals.push(approval(grant, director, 'infosec-director'));
    const facts = await approvalFacts(
      sources(
        managed(lawyer, 'p_chief'),
        managed(officer, 'p_director'),
        managed(director, 'p_chief'),
        chief,
      ),
      grant,
      {
        actor: managed(officer, 'p_director'),
        role: 'privacy-officer',
        decision: 'approve',
        seenDigest: 'd',
        stepUp: 'verified',
      },
    );
    expect(facts).toMatchObject({
      requesterManagers: ['p_chief'],
      actorManagers: ['p_director', 'p_chief'],
      approverPeople: { p_director: { personId: 'p_director', manager: 'p_chief' } },
      approverManagers: { p_director: ['p_chief'] },
      enabledBy: ['p_hr'],
      scope: { guests: 1, records: 12, categories: grant.categories },
    });
  });

  it('of a release have each approval with its person as the directory has it now, gone where it is gone', async () => {
    const grant = approved();
    const found = { scope: null, retrievals: 2, scopeDigestNow: 's', requestDigestNow: 'r' };
    const facts = await provisionFacts({ ...sources(lawyer, officer), signed }, grant, found);
    expect(facts.approvers).toEqual([
      {
        role: 'infosec-director',
        person: null,
        managers: [],
        requestDigest: grant.requestDigest,
        stepUp: 'missing',
      },
      {
        role: 'privacy-officer',
        person: officer,
        managers: [],
        requestDigest: grant.requestDigest,
        stepUp: 'verified',
      },
    ]);
    expect(facts).toMatchObject({ scopeDigestNow: 's', requestDigestNow: 'r', scope: null });
  });

  it('of a release have above an approver also who stood there before, while managers are being changed', async () => {
    const { directory, ...others } = sources(lawyer, officer, director);
    const changing: typeof directory = {
      ...directory,
      async peopleWithSuperiors(personIds) {
        const people = await directory.peopleWithSuperiors(personIds);
        return new Map([...people].map(([id, known]) => [id, { ...known, superiors: [`p_before_${id}`] }]));
      },
    };
    const grant = approved();
    const found = { scope: null, retrievals: 0, scopeDigestNow: 's', requestDigestNow: 'r' };
    const facts = await provisionFacts({ ...others, directory: changing, signed }, grant, found);
    expect(facts.approvers.map(({ managers }) => managers)).toEqual([
      ['p_before_p_director'],
      ['p_before_p_officer'],
    ]);
    expect(facts.requesterManagers).toEqual(['p_before_p_lawyer']);
  });

  it('name whoever gave the role that the request rests on, for hotels that it asks for', async () => {
    const role = (held: 'legal' | 'sales', hotels: '*' | string[], grantedBy: string) => ({
      role: held,
      hotels,
      grantedBy,
      since: '2026-01-01T00:00:00.000Z',
    });
    const requester = {
      ...lawyer,
      roles: [
        role('legal', ['SHA01'], 'p_a'),
        role('legal', ['HGH02'], 'p_b'),
        role('sales', '*', 'p_c'),
        role('legal', '*', 'p_d'),
      ],
    };
    const facts = await approvalFacts(sources(requester, officer), checked(), {
      actor: officer,
      role: 'privacy-officer',
      decision: 'deny',
      seenDigest: 'd',
      stepUp: 'verified',
    });
    expect(facts.enabledBy).toEqual(['p_a', 'p_d']);
  });

  it('name whoever gave the recipient that role too, when somebody decides and when it is released', async () => {
    const recipient: Person = {
      ...lawyer,
      personId: 'p_recipient',
      roles: [
        { role: 'legal', hotels: ['SHA01'], grantedBy: 'p_officer', since: '2026-01-01T00:00:00.000Z' },
      ],
    };
    const people = sources(lawyer, recipient, director, officer);
    const decided = await approvalFacts(people, checked({ recipient: 'p_recipient' }), {
      actor: officer,
      role: 'privacy-officer',
      decision: 'approve',
      seenDigest: 'd',
      stepUp: 'verified',
    });
    const found = { scope: null, retrievals: 2, scopeDigestNow: 's', requestDigestNow: 'r' };
    const released = await provisionFacts(
      { ...people, signed },
      approved({ recipient: 'p_recipient' }),
      found,
    );
    for (const facts of [decided, released]) {
      expect(facts).toMatchObject({ enabledBy: ['p_hr'], recipientEnabledBy: ['p_officer'] });
    }
  });
});
