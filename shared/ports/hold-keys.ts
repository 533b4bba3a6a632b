/** What a hold does to keys. */
export type HoldKeys = {
  /** Whether the guest has a key at this hotel: records of it, that is. */
  hasKeysAt(guestId: string, hotel: string): Promise<boolean>;
  /** Holds on this guest at this hotel. */
  holdsOn(guestId: string, hotel: string): Promise<string[]>;
  /** Puts the hold on every key of the guest at this hotel, made or yet to be made. `tooLate`: keys being deleted already. */
  add(holdId: string, guestId: string, hotel: string): Promise<{ keys: number; tooLate: number }>;
  /** Takes the hold off every key of the guest at this hotel; other holds stand. */
  remove(holdId: string, guestId: string, hotel: string): Promise<void>;
  /** The hold is off everywhere: its own key goes once it wraps nothing. */
  released(holdId: string): Promise<void>;
  /** Why it was released, and the salt of that reason's commitment, sealed under a key of the hold's own. */
  sealRelease(
    holdId: string,
    release: { reason: string; reasonSalt: string },
  ): Promise<{ reason: string; reasonSalt: string }>;
};
