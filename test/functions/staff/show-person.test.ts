import { describe, expect, it } from '@jest/globals';
import { showPerson } from '../../../functions/staff/show-person.ts';
import { newConduct } from '../../../shared/domain/conduct.ts';
import { boss, clerk, director, staffWorld } from './staff-world.ts';

describe('what the directory says of somebody who is locked (R9)', () => {
  async function shown(conduct: Partial<ReturnType<typeof newConduct>>) {
    const world = await staffWorld();
    const dependencies = {
      ...world.aProcess(),
      conduct: { read: async (personId: string) => ({ ...newConduct(personId), ...conduct }) },
    };
    const call = { actor: director, user: director.username, now: new Date('2026-06-15T12:00:00.000Z') };
    return (await showPerson(call, dependencies)).body;
  }

  it('is which lock stands, until when, and since when', async () => {
    const session = { since: '2026-06-15T11:50:00.000Z', until: '2026-06-15T12:05:00.000Z' };
    expect(await shown({ session, account: { since: '2026-06-15T11:50:00.000Z' } })).toMatchObject({
      lock: { sessionUntil: '2026-06-15T12:05:00.000Z', account: true },
      lockedSince: { session: '2026-06-15T11:50:00.000Z', account: '2026-06-15T11:50:00.000Z' },
    });
  });

  it('is nothing where none does', async () => {
    expect(await shown({})).toMatchObject({
      lock: { sessionUntil: null, account: false },
      lockedSince: { session: null, account: null },
    });
  });
});

describe('somebody looked up to be unlocked (R9)', () => {
  async function answer(user: string, to?: string) {
    const dependencies = {
      ...(await staffWorld()).aProcess(),
      conduct: { read: async (personId: string) => newConduct(personId) },
    };
    return showPerson({ actor: boss, user, to, now: new Date('2026-06-15T12:00:00.000Z') }, dependencies);
  }

  it('refuses whoever may not unlock by the rule on unlocking, the same whether there is somebody', async () => {
    const refused = await answer(clerk.username, 'unlock');
    expect(refused).toMatchObject({
      status: 403,
      body: { verdict: { rules: ['R9'], reasons: ['only-infosec-director-unlocks'] } },
    });
    expect(await answer('nobody-of-this-name', 'unlock')).toEqual(refused);
  });

  it('refuses a look for anything else by the rule on the directory (T18)', async () => {
    expect(await answer(clerk.username)).toMatchObject({
      status: 403,
      body: { verdict: { rules: ['T18'] } },
    });
  });
});
