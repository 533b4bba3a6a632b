import type { TextView } from './text-view.ts';

/**
 * What masking finds. The first four are rule R1's and are never shown; the others are contacts and names, shown where
 * the grant is `named`. Order is precedence: where findings overlap, the earlier kind names the whole.
 */
export const REDACTION_KINDS = [
  'bank-account',
  'identity-document',
  'bank-card',
  'card-security-code',
  'email',
  'phone',
  'messaging-id',
  'guest-name',
] as const;
export type RedactionKind = (typeof REDACTION_KINDS)[number];

/** Kinds that rule R1 never lets through, whatever was approved. */
export const RED_LINE_KINDS: readonly RedactionKind[] = [
  'bank-account',
  'identity-document',
  'bank-card',
  'card-security-code',
];

/**
 * A finding: `from` and `to` (exclusive) count the view's characters. `label` replaces it where it isn't the kind's own.
 * `loose`: a card whose groups stand further apart than groups do; `listed`: one of the phones after a label.
 */
export type Span = {
  from: number;
  to: number;
  kind: RedactionKind;
  label?: string;
  loose?: boolean;
  listed?: boolean;
};

/**
 * Where finders look, and how much they looked at: `steps` counts characters examined. Tests hold it to a multiple of
 * the text's length, so that no message can keep a function busy.
 */
export type Search = { view: TextView; steps: number };

export function isDigit(unit: string): boolean {
  return unit >= '0' && unit <= '9' && unit.length === 1;
}

export function isLetter(unit: string): boolean {
  return unit >= 'a' && unit <= 'z' && unit.length === 1;
}

export function isAlphanumeric(unit: string): boolean {
  return isDigit(unit) || isLetter(unit);
}

/** What people write between the groups of one number, and seldom between the numbers of a list. */
const GROUPING = /^[\s\p{Pd}\u2212.·•‧・_/()]$/u;
/** Signs of any kind, and the few words that stand within a date or a number as it is read out. */
const SEPARATOR = /^[^\p{L}\p{N}]$|^[年月日号號和与與及或]$/u;

export function isGrouping(unit: string): boolean {
  return GROUPING.test(unit);
}

/** What may stand between the digits of one number: anything that is no letter and no number. */
export function isSeparator(unit: string): boolean {
  return SEPARATOR.test(unit);
}

/** How many separators may stand between two digits of one number. The same one again (five spaces) counts once. */
const SEPARATORS_BETWEEN = 4;

export type Gap = { next: number; wide: boolean };

/**
 * Where the separators that begin here end: `next` is the first unit that is none. `wide`: they are more, or others,
 * than people write between the groups of a number. Null where they are too many to stand in one number.
 */
export function gapAt(search: Search, from: number): Gap | null {
  const { text } = search.view;
  let next = from;
  let changes = 0;
  let wide = false;
  for (let previous = ''; next < text.length && isSeparator(text.charAt(next)); next += 1) {
    const unit = text.charAt(next).trim() || ' ';
    if (unit !== previous) changes += 1;
    if (changes > SEPARATORS_BETWEEN) break;
    wide ||= !isGrouping(unit);
    previous = unit;
  }
  search.steps += next - from + 1;
  return changes > SEPARATORS_BETWEEN ? null : { next, wide: wide || next - from > SEPARATORS_BETWEEN };
}
