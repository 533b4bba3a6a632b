import { describe, expect, it } from '@jest/globals';
import { showPerson } from '../../../functions/staff/show-person.ts';
import { newConduct } from '../../../shared/domain/conduct.ts';
import { director, staffWorld } from './staff-world.ts';

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
