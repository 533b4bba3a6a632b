import { describe, expect, it } from '@jest/globals';
import { REQUEST_ID } from '../../fakes/approved-retrieval.ts';
import { type BrokenGlass, brokenGlass } from '../../fakes/broken-glass.ts';
import { FROZEN, freezes, STRICTER_ONE } from '../../fakes/under-rule-sets.ts';
import { lawyer, officer } from '../../shared/policy/staff.ts';

const HOURS_IN_MINUTES = 4 * 60;

/** Break-glass that was opened; `before` happens to the request while it still waits for that. */
async function opened(before: (world: BrokenGlass) => Promise<void> = async () => undefined) {
  const world = await brokenGlass();
  await before(world);
  expect(await world.decide(officer)).toMatchObject({ status: 200, body: { state: 'emergency' } });
  return world;
}

const refusedFor = (reason: string) => ({ body: { verdict: { outcome: 'deny', reasons: [reason] } } });

async function expectNoLook(world: BrokenGlass): Promise<void> {
  expect((await world.row()).breakGlass).toMatchObject({ views: 0 });
  const types = (await world.grants.events(REQUEST_ID)).map(({ type }) => type);
  expect(types).not.toContain('emergency-viewed');
}

describe('a look whose hours end while its records are read', () => {
  /** Each object that is read from the vault takes a minute. */
  function readingTakesAMinute({ vault, wait }: BrokenGlass): void {
    const { get } = vault;
    vault.get = async (key) => {
      const object = await get(key);
      wait(1);
      return object;
    };
  }

  it('is refused, and counts as none: they are over at their very end (L5)', async () => {
    const world = await opened();
    readingTakesAMinute(world);
    world.wait(HOURS_IN_MINUTES - world.blocks.length);
    expect(await world.view(lawyer)).toMatchObject(refusedFor('break-glass-is-over'));
    await expectNoLook(world);
  });

  it('is shown where they end after it', async () => {
    const world = await opened();
    readingTakesAMinute(world);
    world.wait(HOURS_IN_MINUTES - 1 - world.blocks.length);
    expect(await world.view(lawyer)).toMatchObject({ status: 200, body: { views: 1 } });
  });
});

describe('a look is asked under the rule set in force and the one that the request pinned', () => {
  const CONDITIONS = [
    ['of the request and the people alone', 'true'],
    ['of the records as they were found again', 'context has scope'],
    ['of the approvals on record', 'context has approvedRoles'],
  ] as const;
  for (const [which, make] of STRICTER_ONE) {
    it.each(CONDITIONS)(`and refused by the one ${which}: by a rule %s`, async (_, when) => {
      const world = await opened((waiting) => make(waiting, freezes('view-emergency', when)));
      expect(await world.view(lawyer)).toMatchObject(refusedFor(FROZEN));
      await expectNoLook(world);
    });

    it(`and where the one ${which} refuses, nothing is looked for`, async () => {
      const world = await opened((waiting) => make(waiting, freezes('view-emergency')));
      const found: string[] = [];
      world.records.blocksOf = async (guestId) => {
        found.push(guestId);
        return [];
      };
      expect(await world.view(lawyer)).toMatchObject(refusedFor(FROZEN));
      expect(found).toEqual([]);
    });

    it(`and the paper form is refused by the one ${which}`, async () => {
      const world = await opened((waiting) => make(waiting, freezes('bring-form')));
      expect(await world.form(lawyer)).toMatchObject(refusedFor(FROZEN));
      expect((await world.row()).breakGlass).toMatchObject({ form: null });
    });
  }
});
