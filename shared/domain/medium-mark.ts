import { z } from 'zod';

/** What became of a medium that a record refers to (`StoredRecord.attachments`). */
export const MEDIUM_STATES = ['present', 'missing', 'damaged', 'reference'] as const;
export type MediumState = (typeof MEDIUM_STATES)[number];

const IN_CUSTODY = /^(?<state>present|damaged):(?<commitment>[0-9a-f]{64})$/;
const ABSENT = /^(?:missing|reference)$/;

/**
 * A medium as a scope and a block's row name it: `missing` or `reference` where none is in custody; otherwise `present` or
 * `damaged`, a colon, and its salted commitment (docs/formats/media.md), 64 lower-case hex digits.
 */
export const mediumMarkSchema = z
  .string()
  .refine((mark) => IN_CUSTODY.test(mark) || ABSENT.test(mark), 'This is no mark of a medium');
export type MediumMark = z.infer<typeof mediumMarkSchema>;

export function mediumMark(state: MediumState, commitment: string | null): MediumMark {
  return commitment === null ? state : `${state}:${commitment}`;
}

/** The commitment of a medium that is in custody; null of one that isn't. */
export function commitmentIn(mark: MediumMark): string | null {
  return IN_CUSTODY.exec(mark)?.groups?.['commitment'] ?? null;
}

/** What a mark says became of the medium. Throws RangeError where it is none. */
export function stateIn(mark: MediumMark): MediumState {
  const state = MEDIUM_STATES.find((known) => known === (IN_CUSTODY.exec(mark)?.groups?.['state'] ?? mark));
  if (state === undefined) throw new RangeError('This is no mark of a medium');
  return state;
}

export function isInCustody(mark: MediumMark): boolean {
  return commitmentIn(mark) !== null;
}
