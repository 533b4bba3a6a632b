/**
 * Has pushed messages of these guests that still wait put into blocks, where they are found. `left`: those that can't be
 * just now, since an upload of the same hotel and source is being ingested.
 */
export type SealWaiting = (guests: readonly string[]) => Promise<{ left: number }>;
