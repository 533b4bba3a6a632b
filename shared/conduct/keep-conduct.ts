import {
  behaved,
  type Conduct,
  type ConductRules,
  type Lock,
  misoperated,
  type NewLock,
} from '../domain/conduct.ts';
import type { Person } from '../domain/person.ts';
import type { RegionConfig } from '../domain/region-config.ts';
import type { ConductKeeping, ConductStore, RefusedAttempt } from '../ports/conduct.ts';

/** Somebody's row of conduct kept changing while an attempt was to be counted. */
export class ConductKeepsChangingError extends Error {
  override name = 'ConductKeepsChangingError';
}

const ATTEMPTS = 16;
const LOCK_EVENTS = { session: 'session-locked', account: 'account-locked' } as const satisfies Record<
  Lock,
  string
>;

/** Keeps R9 with the numbers and the calendar of a region. Each change is one conditional transaction. */
export function keepConduct(
  conducts: ConductStore,
  { rules, hotels }: Pick<RegionConfig, 'rules' | 'hotels'>,
): ConductKeeping {
  function rulesFor({ hotel }: Person): ConductRules {
    const own = hotels.find(({ code }) => code === hotel) ?? hotels[0];
    return { ...rules, zone: own?.zone ?? 'utc' };
  }

  async function count(
    person: Person,
    at: Date,
    ref?: string,
    attempt?: RefusedAttempt,
  ): Promise<NewLock | null> {
    for (let tried = 0; tried < ATTEMPTS; tried += 1) {
      const conduct = await conducts.read(person.personId);
      const { conduct: next, locks } = misoperated(conduct, at, rulesFor(person), ref);
      if (next === conduct) {
        if (attempt !== undefined) await conducts.note(attempt);
        return null;
      }
      const events = locks.map((lock) => ({
        type: LOCK_EVENTS[lock],
        event: { at, actor: person.personId, data: lockData(next, lock) },
      }));
      if (
        (await conducts.change(conduct, next, events, attempt === undefined ? {} : { attempt })) === 'changed'
      )
        return newLock(next, locks);
    }
    throw new ConductKeepsChangingError(`The conduct of ${person.personId} changed ${ATTEMPTS} times`);
  }

  return {
    async refused(person, attempt, counts) {
      if (counts) return count(person, attempt.event.at, undefined, attempt);
      await conducts.note(attempt);
      return null;
    },
    requestRefused: (person, requestId, at) => count(person, at, requestId),
    async allowed(personId) {
      for (let tried = 0; tried < ATTEMPTS; tried += 1) {
        const conduct = await conducts.read(personId);
        const next = behaved(conduct);
        if (next === conduct || (await conducts.change(conduct, next, [])) === 'changed') return;
      }
      throw new ConductKeepsChangingError(`The conduct of ${personId} changed ${ATTEMPTS} times`);
    },
  };
}

function newLock({ session }: Conduct, locks: readonly Lock[]): NewLock | null {
  if (locks.includes('account')) return { lock: 'account', until: null };
  return locks.includes('session') ? { lock: 'session', until: session?.until ?? null } : null;
}

function lockData({ session, locks }: Conduct, lock: Lock) {
  return lock === 'session'
    ? { rule: 'R9', until: session?.until ?? null, locks: locks.length }
    : { rule: 'R9' };
}
