/**
 * R4's counters: how many escalated retrievals one requester was granted of one guest in a calendar month. A retrieval counts
 * by its key: the request's id; under T7 the matter's number, under T12 the instrument's, so that several of one matter
 * count once.
 */
export type RetrievalKey = string;

/** One guest's row for one requester and month, as it was read: reserving is conditional on nothing having come between. */
export type RetrievalCount = { guestId: string; month: string; keys: RetrievalKey[]; version: number };

export type RetrievalCounts = {
  /** The rows of these guests (every linked id of one guest) in these months (`2026-11`). */
  read(requester: string, guestIds: readonly string[], months: readonly string[]): Promise<RetrievalCount[]>;
};
