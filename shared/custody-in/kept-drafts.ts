import type { KeyObject } from 'node:crypto';
import type { Source } from '../domain/record.ts';
import { BEGINNING, type DraftRecord } from '../sources/importer.ts';
import { recordIdOfDraft } from './draft-identity.ts';

/** Drafts of a segment as they wait for its end, and which records they are. */
export type KeptDrafts = {
  drafts: DraftRecord[];
  recordIds: ReadonlyMap<DraftRecord, string>;
  keep(draft: DraftRecord): void;
};

const NONE: [] = [];

/**
 * Keeps drafts in little memory: their contents go once it is known which records they are, and what many of them say
 * alike (conversations, speakers, staff) is held once. Where reading went on after each is not kept.
 */
export function keptDrafts(indexKey: KeyObject, place: { source: Source; hotel: string }): KeptDrafts {
  const drafts: DraftRecord[] = [];
  const recordIds = new Map<DraftRecord, string>();
  const placementsOnce = once<DraftRecord['placements']>();
  const fromOnce = once<DraftRecord['from']>();
  const staffOnce = once<string[]>();
  const typeOnce = once<string>();
  return {
    drafts,
    recordIds,
    keep(draft) {
      const { placements, from, staff, attachments, sourceType } = draft;
      const [first, ...others] = placements;
      const kept: DraftRecord = {
        ...draft,
        end: BEGINNING,
        content: '',
        // Messages to several are few, and only those of one are known by a short name.
        placements: others.length === 0 ? placementsOnce(nameOf(first), placements) : placements,
        from: fromOnce(`${from.role} ${from.id} ${from.name}`, from),
        staff: staffOnce(staff.join('\n'), staff),
        sourceType: typeOnce(sourceType, sourceType),
        attachments: attachments.length === 0 ? NONE : attachments,
      };
      drafts.push(kept);
      recordIds.set(kept, recordIdOfDraft(indexKey, place, draft));
    },
  };
}

function nameOf({ conversation, identifiers }: DraftRecord['placements'][number]): string {
  let name = conversation;
  for (const { kind, value } of identifiers) name += `\n${kind} ${value}`;
  return name;
}

/** The first value of each name, in place of all that are alike. */
function once<Value>(): (name: string, value: Value) => Value {
  const values = new Map<string, Value>();
  return (name, value) => {
    const known = values.get(name);
    if (known !== undefined) return known;
    values.set(name, value);
    return value;
  };
}
