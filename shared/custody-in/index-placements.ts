import type { KeyObject } from 'node:crypto';
import { blindIndexOf, sharedIndexesOf } from '../crypto/blind-index.ts';
import type { IdentifierPlace } from '../crypto/normalise-identifier.ts';
import { conversationIdOf } from '../crypto/record-fingerprint.ts';
import type { Batch } from '../domain/batch.ts';
import { isWeak, withIssuer } from '../domain/identifier-issuer.ts';
import { LIMITS } from '../domain/limits.ts';
import { isPlaceholder, isPlaceholderText } from '../domain/placeholder.ts';
import type { Identifier, IdentifierKind } from '../domain/record.ts';
import type { DraftRecord, Placement } from '../sources/importer.ts';
import { remembered } from './remembered.ts';

/** A placement, with the identifiers that are somebody's, and its blind indexes. */
export type IndexedPlacement = {
  placement: Placement;
  /** What is one guest's own by itself. */
  indexes: string[];
  /** Numbers that join nobody (isWeak): each has as many indexes as guests may be found by it. */
  weak: string[][];
  /** Of which kind each of these indexes is. */
  kinds: ReadonlyMap<string, IdentifierKind>;
  /** Its conversation's, for sources whose rows may leave the guest out. */
  anchor: string | null;
};

export function namesSomebody({ indexes, weak }: IndexedPlacement): boolean {
  return indexes.length > 0 || weak.length > 0;
}

/** Every row that may lead to the placement's guest. */
export function leadingTo({ indexes, weak, anchor }: IndexedPlacement): string[] {
  return [...indexes, ...weak.flat(), ...(anchor === null ? [] : [anchor])];
}

/** A record that isn't taken; `reason` is a code. */
export type RejectedDraft = { draft: DraftRecord; reason: string };

export type IndexedDrafts = {
  /** Drafts of one conversation share their placements. */
  indexed: Map<DraftRecord, IndexedPlacement[]>;
  rejected: RejectedDraft[];
};

/**
 * By which rows the guests of these records are found; a record whose identifiers can't be any is rejected by their kind.
 * Values that stand for none, and the hotel's own number or address, are nobody's: the row is taken without them.
 */
export function indexPlacements(
  drafts: readonly DraftRecord[],
  context: {
    batch: Pick<Batch, 'hotel' | 'source'>;
    authoritative: boolean;
    place: IdentifierPlace;
    /** Names of the hotel on platforms, of which some are its numbers and addresses. */
    ownNames: readonly string[];
    indexKey: KeyObject;
  },
): IndexedDrafts {
  const { batch, authoritative, place, ownNames, indexKey } = context;
  // The same guests and conversations come again and again.
  const understood = remembered(
    (written: Identifier) => JSON.stringify(written),
    (written) => {
      const identifier = withIssuer(batch.source, written);
      const isNothing = isPlaceholder(identifier);
      const found = isNothing ? [] : sharedIndexesOf(indexKey, identifier, place);
      return { identifier, isNothing, found };
    },
  );
  const anchorOf = remembered(
    (conversation: string) => conversation,
    (conversation) => conversationIdOf(indexKey, { source: batch.source, hotel: batch.hotel, conversation }),
  );
  const own = new Set(
    ownNames.flatMap((value) =>
      (['phone', 'email'] as const).map((kind) => blindIndexOf(indexKey, { kind, value }, place)),
    ),
  );
  const known = new Map<DraftRecord['placements'], IndexedPlacement[] | string>();
  const found: IndexedDrafts = { indexed: new Map(), rejected: [] };
  for (const draft of drafts) {
    if (draft.staff.length > LIMITS.staffPerMessage) {
      found.rejected.push({ draft, reason: 'too-many-staff' });
      continue;
    }
    const placements = known.get(draft.placements) ?? indexedOf(draft.placements);
    known.set(draft.placements, placements);
    if (typeof placements === 'string') found.rejected.push({ draft, reason: placements });
    else found.indexed.set(draft, placements);
  }
  return found;

  function indexedOf(placements: DraftRecord['placements']): IndexedPlacement[] | string {
    const indexed: IndexedPlacement[] = [];
    for (const placement of placements) {
      const one = indexedPlacement(placement);
      if (typeof one === 'string') return one;
      if (!namesSomebody(one) && one.anchor === null) return 'guest-not-identified';
      indexed.push(one);
    }
    return indexed;
  }

  function indexedPlacement(placement: Placement): IndexedPlacement | string {
    const indexes: string[] = [];
    const weak: string[][] = [];
    const kinds = new Map<string, IdentifierKind>();
    const kept: Identifier[] = [];
    /** Values that many guests may have. */
    const common: string[] = [];
    for (const written of placement.identifiers) {
      const { identifier, isNothing, found } = understood(written);
      const [index] = found;
      if (index === undefined && !isNothing) return `invalid-field:${identifier.kind}`;
      if (index === undefined || own.has(index)) {
        common.push(identifier.value);
        continue;
      }
      kept.push(identifier);
      for (const one of found) kinds.set(one, identifier.kind);
      if (isWeak(identifier)) common.push(identifier.value);
      if (isWeak(identifier) && authoritative) weak.push(found);
      else if (!indexes.includes(index)) indexes.push(index);
    }
    // What is called by a value that many guests have is no one guest's conversation.
    const anchored = authoritative && !isCalledBy(placement.conversation, common);
    const anchor = anchored ? anchorOf(placement.conversation) : null;
    return { placement: { ...placement, identifiers: kept }, indexes, weak, kinds, anchor };
  }
}

/** Whether a conversation bears no name but one of these values, or one that stands for none. */
function isCalledBy(conversation: string, values: readonly string[]): boolean {
  const name = nameIn(conversation);
  return values.includes(name) || isPlaceholderText(name);
}

/** Importers call a conversation by the platform's id, or `["kind", id]`. */
function nameIn(conversation: string): string {
  if (!conversation.startsWith('["')) return conversation;
  try {
    const parts: unknown = JSON.parse(conversation);
    const name: unknown = Array.isArray(parts) ? parts.at(-1) : null;
    return typeof name === 'string' ? name : conversation;
  } catch {
    // The platform's own id, which only looks so.
    return conversation;
  }
}
