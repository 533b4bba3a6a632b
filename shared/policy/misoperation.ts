import type { Verdict } from '../domain/verdict.ts';
import { PRODUCT_REASONS } from './product-reasons.ts';
import { loadedNote } from './rule-set.ts';

/** Rules about who may reach what, and the red lines: a refusal under one of them is a misoperation (R9). */
const COUNTED = /^[TR]\d+$/;
const OWN_RULE = 'R9';

const PRODUCT_NOTES: ReadonlyMap<string, { rule: string; slip?: true }> = new Map(
  Object.entries(PRODUCT_REASONS),
);

/**
 * Whether a refusal counts as a misoperation (R9): for any reason under T or R that is no slip (a field left out or
 * mistyped, a state that moved on). What a lock itself refuses doesn't count. A reason that no loaded rule set has
 * counts by the rules that the verdict names.
 */
export function isMisoperation({ outcome, reasons, rules }: Verdict): boolean {
  if (outcome === 'allow') return false;
  return reasons.some((reason) => {
    const note = PRODUCT_NOTES.get(reason) ?? loadedNote(reason) ?? undefined;
    if (note === undefined) return rules.some(counts);
    return counts(note.rule) && note.slip !== true;
  });
}

function counts(rule: string): boolean {
  return COUNTED.test(rule) && rule !== OWN_RULE;
}
