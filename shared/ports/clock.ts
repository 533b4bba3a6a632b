/** The time as decisions see it: injected, so that deadlines and expiry are tested without waiting. */
export type Clock = () => Date;
