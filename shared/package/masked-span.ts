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

/** A finding: `from` and `to` (exclusive) count the view's characters. `label` replaces it where it isn't the kind's own. */
export type Span = { from: number; to: number; kind: RedactionKind; label?: string };

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

const SEPARATOR = /^[\s\p{Pd}\u2212.·•‧・_/()]$/u;

/** What people write between the digits of one number. */
export function isSeparator(unit: string): boolean {
  return unit.length === 1 && SEPARATOR.test(unit);
}
