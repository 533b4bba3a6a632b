import { z } from 'zod';
import { ROLE_NAMES } from './roles.ts';

/** A reason code in words: the rule that it stands under, in Chinese and English. */
const reasonSchema = z.object({ rule: z.string(), zh: z.string(), en: z.string() });
export type Reason = z.infer<typeof reasonSchema>;

/** Reasons by their codes. */
export const reasonsSchema = z.record(z.string(), reasonSchema);
export type Reasons = Readonly<Record<string, Reason>>;

/**
 * What the rulebook says of one act, in the same words in the API, the console, events and tests.
 * `reasons` are codes in kebab case; `rules` are ids of RULES; `route` names the roles that must all approve
 * (empty unless the act is a request). `words`: the reasons in words, as the rule set that spoke has them; where one is
 * asked alone they are looked up for whoever reads (shared/runtime/answer-in-words.ts).
 */
export const verdictSchema = z.object({
  outcome: z.enum(['allow', 'deny']),
  reasons: z.array(z.string()),
  rules: z.array(z.string()),
  route: z.array(z.enum(ROLE_NAMES)),
  words: reasonsSchema.optional(),
});
export type Verdict = z.infer<typeof verdictSchema>;

export function deny(rule: string, reason: string): Verdict {
  return { outcome: 'deny', reasons: [reason], rules: [rule], route: [] };
}

/** The stricter of two verdicts: a denial by either denies; routes join. Used for the pinned and the current rule set. */
export function stricter(one: Verdict, other: Verdict): Verdict {
  const strictest = [one, other].filter((verdict) => verdict.outcome === 'deny');
  const speaking = strictest.length > 0 ? strictest : [one, other];
  return {
    outcome: strictest.length > 0 ? 'deny' : 'allow',
    reasons: distinct(speaking.flatMap((verdict) => verdict.reasons)),
    rules: distinct(speaking.flatMap((verdict) => verdict.rules)),
    route: distinct([...one.route, ...other.route]),
  };
}

function distinct<Item>(items: Item[]): Item[] {
  return [...new Set(items)];
}
