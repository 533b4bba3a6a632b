import { DateTime } from 'luxon';
import { z } from 'zod';
import { withPeopleAt } from './dated-people.ts';
import { instantSchema } from './instant.ts';
import type { Person } from './person.ts';
import type { RegionConfig } from './region-config.ts';
import { stepUpReferenceSchema } from './step-up.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const MINUTE_MS = 60 * 1000;
/** Longer than any month, whatever the zone. */
const LOCKS_KEPT_MS = 40 * DAY_MS;

/**
 * What somebody's misoperations have led to (R9): the row `CONDUCT#person` of the directory table. `version` counts its
 * changes (0: there is no row); `chain` is the last event of `conduct/PERSON`.
 */
export const conductSchema = z.object({
  personId: z.string(),
  version: z.number().int().min(0),
  chain: z.object({ sequence: z.number().int(), digest: z.string().nullable() }),
  /** Times of the misoperations in a row that stand. */
  row: z.array(instantSchema),
  /** What was counted lately by an id of its own, so that it is counted once whoever repeats it. */
  counted: z.array(z.object({ ref: z.string(), at: instantSchema })),
  /** The last lock of the session. */
  session: z.object({ since: instantSchema, until: instantSchema }).nullable(),
  /** Times of session locks, of the last weeks. */
  locks: z.array(instantSchema),
  account: z.object({ since: instantSchema }).nullable(),
  /** Who opened the account again the last time, and why (sealed); absent where nobody did. */
  unlocking: z
    .object({
      by: z.string(),
      at: instantSchema,
      reason: z.string(),
      reasonCommitment: z.string(),
      stepUp: stepUpReferenceSchema,
    })
    .optional(),
  /** Everybody who opened the account again lately, with when: they let the person act (A1). */
  unlockedBy: z.record(z.string(), z.array(instantSchema)).default({}),
});
export type Conduct = z.infer<typeof conductSchema>;

export function newConduct(personId: string): Conduct {
  return {
    personId,
    version: 0,
    chain: { sequence: 0, digest: null },
    row: [],
    counted: [],
    session: null,
    locks: [],
    account: null,
    unlockedBy: {},
  };
}

/** The numbers of R9, from the region's configuration; `zone`: of the person's hotel, whose calendar month counts. */
export type ConductRules = Pick<RegionConfig['rules'], 'misoperations' | 'lockMinutes' | 'locksPerMonth'> & {
  zone: string;
};

export type Lock = 'session' | 'account';

/** The lock that a misoperation led to, the wider one where it led to both; `until`: of a session's, null of an account's. */
export type NewLock = { lock: Lock; until: string | null };

/** Conduct after something, and the locks that it led to; the same conduct where nothing changed. */
export type Misoperated = { conduct: Conduct; locks: Lock[] };

/**
 * One misoperation at `now`. What comes while a lock stands (attempts that were under way) adds nothing to it. `ref`:
 * the id of what was refused, where its refusal can be told twice.
 */
export function misoperated(conduct: Conduct, now: Date, rules: ConductRules, ref?: string): Misoperated {
  if (ref !== undefined && conduct.counted.some((one) => one.ref === ref)) return { conduct, locks: [] };
  const counted = [
    ...conduct.counted.filter(({ at }) => isWithin(at, now, DAY_MS)),
    ...(ref === undefined ? [] : [{ ref, at: now.toISOString() }]),
  ];
  if (lockAt(conduct, now) !== null) {
    return { conduct: ref === undefined ? conduct : { ...conduct, counted }, locks: [] };
  }
  const row = [...conduct.row.filter((at) => isWithin(at, now, DAY_MS)), now.toISOString()];
  if (row.length < rules.misoperations) return { conduct: { ...conduct, counted, row }, locks: [] };

  const locks = [...conduct.locks.filter((at) => isWithin(at, now, LOCKS_KEPT_MS)), now.toISOString()];
  const ofThisMonth = locks.filter((at) => monthOf(new Date(at), rules.zone) === monthOf(now, rules.zone));
  const locksAccount = ofThisMonth.length >= rules.locksPerMonth;
  return {
    conduct: {
      ...conduct,
      counted,
      row: [],
      locks,
      session: {
        since: now.toISOString(),
        until: new Date(now.getTime() + rules.lockMinutes * MINUTE_MS).toISOString(),
      },
      account: locksAccount ? { since: now.toISOString() } : null,
    },
    locks: locksAccount ? ['session', 'account'] : ['session'],
  };
}

/** An allowed act ends the row; locks stand. */
export function behaved(conduct: Conduct): Conduct {
  return conduct.row.length === 0 ? conduct : { ...conduct, row: [] };
}

/** The account is opened again. The locks of the month still count: another one locks the account again. */
export function unlocked(conduct: Conduct, unlocking: NonNullable<Conduct['unlocking']>): Conduct {
  const unlockedBy = withPeopleAt(conduct.unlockedBy, [unlocking.by], new Date(unlocking.at));
  return { ...conduct, account: null, session: null, row: [], unlocking, unlockedBy };
}

/** Which lock stands at a time. A clock that goes back ends none. */
export function lockAt({ account, session }: Conduct, now: Date): Lock | null {
  if (account !== null) return 'account';
  return session !== null && now < new Date(session.until) ? 'session' : null;
}

/** What the rulebook and the API look at, of the row that stands beside somebody's profile. */
export function lockOf({ account, session, row }: Conduct): Person['lock'] {
  return {
    sessionUntil: session?.until ?? null,
    account: account !== null,
    ...(row.length > 0 ? { inARow: row.length } : {}),
  };
}

/**
 * Why a person may do nothing now (R9), or null. After a session's lock only a sign-in after it counts: `signedIn` is
 * when the person proved who they are for this token; whole seconds, as tokens say it.
 */
export function barOf(
  { sessionUntil, account }: Person['lock'],
  now: Date,
  signedIn: Date,
): 'account-locked' | 'session-locked' | 'sign-in-after-lock' | null {
  if (account) return 'account-locked';
  if (sessionUntil === null) return null;
  const until = new Date(sessionUntil);
  if (now < until) return 'session-locked';
  return signedIn.getTime() < Math.floor(until.getTime() / 1000) * 1000 ? 'sign-in-after-lock' : null;
}

/** Before or after `now` by less than this: clocks differ, and go back. */
function isWithin(at: string, now: Date, milliseconds: number): boolean {
  return Math.abs(now.getTime() - Date.parse(at)) < milliseconds;
}

function monthOf(time: Date, zone: string): string {
  return DateTime.fromJSDate(time, { zone }).toFormat('yyyy-MM');
}
