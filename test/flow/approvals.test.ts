import { DescribeExecutionCommand, GetExecutionHistoryCommand } from '@aws-sdk/client-sfn';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { changed, personOf } from './support/directory.ts';
import { eventually } from './support/eventually.ts';
import { invoke } from './support/invoke.ts';
import { keysIn } from './support/leftovers.ts';
import { expectState } from './support/reading.ts';
import {
  as,
  conversation,
  decide,
  type Guest,
  ingest,
  newGuest,
  openOnce,
  reached,
  refusal,
  request,
  requestFor,
} from './support/retrieval.ts';
import { executionArn, states } from './support/stack.ts';

let guest: Guest;
beforeAll(async () => {
  guest = newGuest();
  await ingest(conversation(guest, 4));
});

/** Waits for the execution to end, and how. */
async function execution(requestId: string) {
  return eventually(
    () => states.send(new DescribeExecutionCommand({ executionArn: executionArn(requestId) })),
    ({ status }) => status !== 'RUNNING',
  );
}

describe('approvals on the deployed stack', () => {
  it('refuses the requester as an approver (A1)', async () => {
    const legal = await personOf('legal');
    const own = {
      role: 'privacy-officer' as const,
      hotels: '*' as const,
      grantedBy: 'p_root',
      since: '2026-01-01',
    };
    await changed(legal, { roles: [...legal.roles, own] }, async () => {
      const shown = await request(requestFor(guest));
      const verdict = await refusal(decide(shown, 'legal', 'approve', { role: 'privacy-officer' }));
      expect(verdict.rules).toContain('A1');
    });
  });

  it('refuses one person approving twice in two roles (A1)', async () => {
    const officer = await personOf('privacy-officer');
    const second = {
      role: 'infosec-director' as const,
      hotels: '*' as const,
      grantedBy: 'p_root',
      since: '2026-01-01',
    };
    await changed(officer, { roles: [...officer.roles, second] }, async () => {
      const shown = await request(requestFor(guest));
      await decide(shown, 'privacy-officer', 'approve', { role: 'privacy-officer' });
      const verdict = await refusal(
        decide(shown, 'privacy-officer', 'approve', { role: 'infosec-director' }),
      );
      expect(verdict.rules).toContain('A1');
      expect((await reached(shown.requestId, 'awaiting-approval')).approvals).toHaveLength(1);
    });
  });

  it('refuses the recipient’s subordinate, and whoever made the recipient a lawyer (A1)', async () => {
    const [recipient, officer] = [await personOf('legal', 1), await personOf('privacy-officer')];
    const shown = await request(requestFor(guest, { recipient: recipient.personId }));
    await changed(officer, { manager: recipient.personId }, async () => {
      const { reasons } = await refusal(decide(shown, 'privacy-officer'));
      expect(reasons).toEqual(['approver-is-subordinate-of-recipient']);
    });
    const roles = recipient.roles.map((held) => ({ ...held, grantedBy: officer.personId }));
    await changed(recipient, { roles }, async () => {
      const { reasons } = await refusal(decide(shown, 'privacy-officer'));
      expect(reasons).toEqual(['approver-made-what-enables-the-recipient']);
    });
    expect((await reached(shown.requestId, 'awaiting-approval')).approvals).toEqual([]);
  });

  it('refuses a role that was given after the request, or by the requester, also at the opening (A1)', async () => {
    const [legal, officer] = [await personOf('legal'), await personOf('privacy-officer')];
    const shown = await request(requestFor(guest));
    const given = (change: object) => officer.roles.map((held) => ({ ...held, ...change }));
    const later = given({ since: new Date().toISOString(), grantedBy: legal.personId });
    await changed(officer, { roles: later }, async () => {
      const { reasons } = await refusal(decide(shown, 'privacy-officer'));
      expect(reasons).toEqual(['approvers-role-later-than-the-request']);
    });
    await decide(shown, 'privacy-officer');
    await decide(shown, 'infosec-director');
    await reached(shown.requestId, 'open');
    await changed(officer, { roles: given({ grantedBy: legal.personId }) }, async () => {
      const { reasons } = await refusal(openOnce(shown.requestId));
      expect(reasons).toEqual(['approvers-role-given-by-a-party']);
    });
    expect(await openOnce(shown.requestId)).toMatchObject({ opensLeft: 2 });
  });

  it('counts a replayed decision once', async () => {
    const shown = await request(requestFor(guest));
    const first = await decide(shown, 'privacy-officer');
    const again = await decide(shown, 'privacy-officer');
    expect(again).toEqual(first);
    expect(again.approvals).toHaveLength(1);
  });

  it('refuses a decision on another digest than the request’s (A7)', async () => {
    const shown = await request(requestFor(guest));
    const verdict = await refusal(
      decide(shown, 'privacy-officer', 'approve', { requestDigest: `sha256:${'0'.repeat(64)}` }),
    );
    expect(verdict.rules).toContain('A7');
  });

  it('ends at once when one denies, the sibling’s token released (A5)', async () => {
    const shown = await request(requestFor(guest));
    expect(await decide(shown, 'privacy-officer', 'deny')).toMatchObject({ state: 'denied' });
    // The changed row wakes reconcile, and both waits are over: the machine has reached its end, and grants nothing.
    expect((await execution(shown.requestId)).status).toBe('SUCCEEDED');
    expect(await reached(shown.requestId, 'denied')).toMatchObject({ state: 'denied', openings: [] });
    expect((await refusal(decide(shown, 'infosec-director'))).outcome).toBe('deny');
    expect(await keysIn('delivery', `staged/${shown.requestId}`)).toEqual([]);
  });

  it('lets one of two approvers who act at the same moment complete the route', async () => {
    const shown = await request(requestFor(guest));
    const both = await Promise.all([decide(shown, 'privacy-officer'), decide(shown, 'infosec-director')]);
    expect(both.map(({ state }) => state).sort()).toEqual(['awaiting-approval', 'provisioning']);
    await reached(shown.requestId, 'open');
  });

  it('lapses at the deadline by the injected clock, nothing staged (A4)', async () => {
    const shown = await request(requestFor(guest));
    await decide(shown, 'privacy-officer');
    const later = new Date(Date.now() + 25 * 3_600_000).toISOString();
    await invoke('reconcile', { asOf: later });
    await reached(shown.requestId, 'lapsed');
    expect((await execution(shown.requestId)).status).toBe('SUCCEEDED');
    expect(await keysIn('delivery', `staged/${shown.requestId}`)).toEqual([]);
    expect((await refusal(decide(shown, 'infosec-director'))).outcome).toBe('deny');
  });

  it('withdraws for the requester only', async () => {
    const shown = await request(requestFor(guest));
    const path = `/requests/${shown.requestId}/withdraw`;
    expect((await refusal((await as('sales')).post(path, {}, expectState('withdrawn')))).outcome).toBe(
      'deny',
    );
    await (await as('legal')).post(path, {}, expectState('withdrawn'));
    expect((await execution(shown.requestId)).status).toBe('SUCCEEDED');
  });

  it('refuses requests beyond the rulebook, with the rule’s id', async () => {
    const refusals: [object, string, string][] = [
      [{ purpose: null }, 'legal', 'R6'],
      [{ subject: null }, 'legal', 'R6'],
      [{ matter: null, ticket: null }, 'legal', 'R6'],
      [{ hotels: ['SIN01'] }, 'legal', 'A3'],
      [{}, 'front-desk', 'T1'],
      [{}, 'sales', 'T8'],
    ];
    for (const [changes, role, rule] of refusals) {
      const shown = await request(requestFor(guest, changes), as(role)).catch((error: unknown) => error);
      expect(JSON.stringify(shown)).toContain(`"${rule}"`);
      expect(JSON.stringify(shown)).toMatch(/"outcome":"deny"/);
    }
  });

  it('refuses an opening before the second approval', async () => {
    const shown = await request(requestFor(guest));
    await decide(shown, 'privacy-officer');
    expect((await refusal(openOnce(shown.requestId))).outcome).toBe('deny');
  });

  it('takes at most 16 state transitions with two approvers', async () => {
    const shown = await request(requestFor(guest));
    await decide(shown, 'privacy-officer');
    await decide(shown, 'infosec-director');
    await reached(shown.requestId, 'open');
    await (await as('legal')).post(`/requests/${shown.requestId}/close`, {}, expectState('closed'));
    await execution(shown.requestId);
    const { events } = await states.send(
      new GetExecutionHistoryCommand({ executionArn: executionArn(shown.requestId), maxResults: 1000 }),
    );
    const entered = (events ?? []).filter(({ type }) => type?.endsWith('StateEntered')).length;
    // The embedded AWS writes no events for states inside the Map: one state, entered once for each approver.
    expect(entered + shown.route.length).toBeLessThanOrEqual(16);
    expect(entered).toBeGreaterThan(4);
  });
});
