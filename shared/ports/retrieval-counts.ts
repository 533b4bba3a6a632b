/**
 * R4's counters: how many escalated retrievals one requester was granted of one guest in a calendar month. A retrieval counts
 * by its key: the request's id; under T7 the matter's number, under T12 the instrument's, so that several of one matter
 * count once.
 */
export type RetrievalKey = string;

/**
 * One guest's row for one requester and month, as it was read: reserving is conditional on nothing having come between.
 * `version` is 0 where there is no row yet.
 */
export type RetrievalCount = { guestId: string; month: string; keys: RetrievalKey[]; version: number };

export type RetrievalCounts = {
  /** The rows of these guests (every linked id of one guest) in these months (`2026-11`), each of them. */
  read(requester: string, guestIds: readonly string[], months: readonly string[]): Promise<RetrievalCount[]>;
};

/** A retrieval that is granted: its key goes into each of these rows, in the transaction that grants it, or it isn't granted. */
export type RetrievalReservation = {
  requester: string;
  key: RetrievalKey;
  rows: readonly RetrievalCount[];
};
