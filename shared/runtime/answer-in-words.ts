import { z } from 'zod';
import { ENDING_LABELS } from '../domain/labels.ts';
import { type Reasons, reasonsSchema } from '../domain/verdict.ts';
import { inReasons } from '../policy/reasons.ts';
import { type RuleSet, readyRuleSet } from '../policy/rule-set.ts';
import type { RuleSets } from '../ports/rule-sets.ts';
import { reportBroken } from './report-broken.ts';

/** Where codes of reasons stand in an answer: in a verdict, as what ended a request, in what its events say. */
const saying = z.looseObject({
  verdict: z.looseObject({ reasons: z.array(z.string()), words: reasonsSchema.optional() }).nullish(),
  /** Under which rule set the request was judged. */
  ruleSet: z.string().nullish(),
  endReason: z.string().nullish(),
  events: z
    .array(z.looseObject({ data: z.looseObject({ reasons: z.array(z.string()).catch([]) }) }))
    .optional(),
  /** The lock that this refusal led to (R9). */
  lock: z.looseObject({ reasons: z.array(z.string()) }).nullish(),
  /** The own refusal that is told beside a lock (R9). */
  request: z.looseObject({}).nullish(),
});

/**
 * An answer with its reasons in words beside their codes: each verdict with `words`, and a request with `words` of what
 * ended it and of its events. They are those of the rule set that spoke: the verdict's own where it has any, else those of
 * the set under which the request was judged, else of the one in force. A code that none of them has stays without; what
 * can't be looked up costs nobody the answer. `ruleSets` is null where the product refuses by itself alone.
 */
export async function answerInWords(body: object, ruleSets: RuleSets | null): Promise<object> {
  const parsed = saying.safeParse(body);
  if (!parsed.success) return body;
  const { verdict, ruleSet, endReason, events, lock, request } = parsed.data;
  const beside = [
    ...(endReason == null || Object.hasOwn(ENDING_LABELS, endReason) ? [] : [endReason]),
    ...(events ?? []).flatMap(({ data }) => data.reasons),
  ];
  const known = await wordsOf(
    [...(verdict?.reasons ?? []), ...(lock?.reasons ?? []), ...beside],
    ruleSet ?? null,
    ruleSets,
  );
  const of = (codes: readonly string[]) =>
    Object.fromEntries(Object.entries(known).filter(([code]) => codes.includes(code)));
  return {
    ...body,
    ...(verdict == null
      ? {}
      : { verdict: { ...verdict, words: { ...of(verdict.reasons), ...verdict.words } } }),
    ...(lock == null ? {} : { lock: { ...lock, words: of(lock.reasons) } }),
    ...(events === undefined ? {} : { words: of(beside) }),
    ...(request == null ? {} : { request: await answerInWords(request, ruleSets) }),
  };
}

/** Most reasons are the product's own, or of the set that is named: the one in force is read where a code is left. */
async function wordsOf(
  codes: readonly string[],
  judgedUnder: string | null,
  ruleSets: RuleSets | null,
): Promise<Reasons> {
  let words = inReasons(codes, null);
  const sources =
    ruleSets === null
      ? []
      : [...(judgedUnder === null ? [] : [() => ruleSets.byDigest(judgedUnder)]), () => ruleSets.current()];
  for (const source of sources) {
    const left = codes.filter((code) => !Object.hasOwn(words, code));
    if (left.length === 0) break;
    words = { ...words, ...inReasons(left, await readyOrNull(source)) };
  }
  return words;
}

/** The codes say what the rulebook said, and the words are only how it reads: an answer is given without them. */
async function readyOrNull(source: () => ReturnType<RuleSets['current']>): Promise<RuleSet | null> {
  try {
    return readyRuleSet(await source());
  } catch (error) {
    reportBroken(error);
    return null;
  }
}
