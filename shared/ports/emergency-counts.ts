/** What of break-glass counts (L5): that somebody asked for it, and that somebody opened it. */
export type EmergencyPart = 'asked' | 'opened';

/** One use of break-glass, written in the transaction that makes it, or it isn't made. */
export type EmergencyUse = {
  person: string;
  part: EmergencyPart;
  /** Calendar months in the zones of its hotels: it counts in each. */
  months: readonly string[];
  /** No more than so many in any of these months. */
  limit: number;
};

export type EmergencyCounts = {
  /** How often this person used break-glass in whichever of these months has the most; `butFor` this request. */
  uses(person: string, part: EmergencyPart, months: readonly string[], butFor: string): Promise<number>;
};
