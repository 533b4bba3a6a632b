import type { KeyObject } from 'node:crypto';
import type { Source } from '../domain/record.ts';
import { BEGINNING, type DraftRecord, type ResumePoint } from '../sources/importer.ts';
import { recordIdOfDraft } from './draft-identity.ts';

/** Drafts of a segment as they wait for its end; each says which record it is. */
export type KeptDrafts = {
  drafts: DraftRecord[];
  /**
   * Takes the draft over: it isn't anybody else's any more. `at`: the time under which it is kept, where it isn't its own;
   * which record it is goes by its own. `state`: what the importer knew as it came to it (a table's header), with which the
   * record can be read again.
   */
  keep(draft: DraftRecord, as?: { at?: Date; state?: string | null }): void;
};

const NONE: [] = [];

/**
 * Keeps drafts in little memory: their contents and the platform's own ids go once it is known which records they are, and
 * what many of them say alike (conversations, speakers, staff) is held once. In place of where
 * reading went on after each, its `end` has the state before it.
 */
export function keptDrafts(indexKey: KeyObject, place: { source: Source; hotel: string }): KeptDrafts {
  const drafts: DraftRecord[] = [];
  const placementsOnce = once<DraftRecord['placements']>();
  const fromOnce = once<DraftRecord['from']>();
  const staffOnce = once<string[]>();
  const types = new Map<string, string>();
  let end: ResumePoint = BEGINNING;
  return {
    drafts,
    keep(draft, { at = draft.at, state = null } = {}) {
      if (end.state !== state) end = { ...BEGINNING, state };
      const { placements, sourceType } = draft;
      draft.recordId = recordIdOfDraft(indexKey, place, draft);
      // In its place, since another object for each would be half of what a segment takes.
      draft.at = at;
      draft.end = end;
      draft.content = '';
      draft.sourceMessageId = null;
      // Messages to several are few, and only those of one have a short name.
      if (placements.length === 1) draft.placements = placementsOnce(placements);
      draft.from = fromOnce(draft.from);
      draft.staff = staffOnce(draft.staff);
      const type = types.get(sourceType);
      if (type === undefined) types.set(sourceType, sourceType);
      else draft.sourceType = type;
      if (draft.attachments.length === 0) draft.attachments = NONE;
      drafts.push(draft);
    },
  };
}

/** The first of values that are the same in every word, in place of all of them. */
function once<Value extends object>(): (value: Value) => Value {
  const values = new Map<string, Value>();
  /** Importers give the same one again where they know it: it needn't be spelled to be found. */
  const own = new Set<Value>();
  return (value) => {
    if (own.has(value)) return value;
    // JSON: no word of one field can be taken for another field, and null for no word.
    const name = JSON.stringify(value);
    const known = values.get(name);
    if (known !== undefined) return known;
    values.set(name, value);
    own.add(value);
    return value;
  };
}
