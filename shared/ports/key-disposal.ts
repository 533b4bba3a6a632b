import type { Period } from './keys.ts';

/** A period as its key's row says. `kept`: guest keys that outlived it under holds. */
export type PeriodKeyState = Period & {
  state: 'active' | 'deleting' | 'shredded';
  kept: number;
};

export type GuestKeyState = {
  guestId: string;
  keyId: string;
  state: 'active' | 'deleting';
  holds: number;
};

/**
 * Deletion of keys in two steps: a key is first disabled, which is refused while a hold stands on it; nobody places a
 * hold or commits a block on a disabled key; then it is destroyed. Every act may be repeated.
 */
export type KeyDisposal = {
  periods(hotel: string): Promise<PeriodKeyState[]>;
  guestKeys(period: Period): Promise<GuestKeyState[]>;
  /** Wraps a held guest's key under its hold's key, so that the period's can go; nothing where that is done already. */
  moveToHold(period: Period, guestId: string): Promise<void>;
  /** `held`: a guest key that the period's key wraps has a hold. */
  disablePeriod(period: Period): Promise<'disabled' | 'held'>;
  disableGuest(period: Period, guestId: string): Promise<'disabled' | 'held'>;
  /** Destroys the key of a disabled period. */
  shredPeriod(period: Period): Promise<void>;
  /** Destroys a disabled guest key; a hold's key that wraps nothing any more, and whose hold is released, goes with it. */
  shredGuest(period: Period, guestId: string): Promise<void>;
  /** Closes the deletion of a period, or of what was left of it. */
  finish(period: Period, kept: number): Promise<void>;
  /** Guests whose last known key may be gone: each stays a candidate until `settled`. */
  guestsToForget(): Promise<string[]>;
  hasKeys(guestId: string): Promise<boolean>;
  /** A bar that whoever makes a key for this guest lifts first: while it stands, no key is being made. */
  barGuest(guestId: string): Promise<void>;
  /** The guest is looked at no more: forgotten, or something of it was there after all. */
  settled(guestId: string): Promise<void>;
};
