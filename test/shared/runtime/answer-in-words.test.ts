import { describe, expect, it } from '@jest/globals';
import { deny } from '../../../shared/domain/verdict.ts';
import { decideUnder } from '../../../shared/policy/decide-under.ts';
import { loadRuleSet } from '../../../shared/policy/rule-set.ts';
import type { RuleSets } from '../../../shared/ports/rule-sets.ts';
import { answerInWords } from '../../../shared/runtime/answer-in-words.ts';
import { refusalOf } from '../../../shared/runtime/refusal-of.ts';
import { inMemoryRuleSets } from '../../fakes/in-memory-rule-sets.ts';

const policy = (id: string, reason: string, zh: string, en: string) =>
  `@id("${id}") @reason("${reason}") @zh("${zh}") @en("${en}")
   forbid (principal, action == Action::"request", resource);`;
const inWords = (rule: string, zh: string, en: string) => ({ rule, zh, en });

/** A chain whose first rule set was in force when a request was judged, and another one that is now. */
async function twoSets() {
  const ruleSets = inMemoryRuleSets();
  ruleSets.tighten(
    'own.cedar',
    policy('R6.own', 'one-more-number', '须写明工单', 'a ticket is needed') +
      policy('R6.gone', 'only-then', '当时的规则', 'a rule of then'),
  );
  const then = await ruleSets.current();
  ruleSets.loosen('own.cedar');
  ruleSets.tighten(
    'own.cedar',
    policy('R6.own', 'one-more-number', '须写明案号', 'a matter is needed') +
      policy('R6.now', 'only-now', '现行规则', 'a rule of now'),
  );
  return { ruleSets, then, now: await ruleSets.current() };
}

describe('an answer', () => {
  it('without codes of reasons stays what it is, and nothing is looked up', async () => {
    const asked: string[] = [];
    const ruleSets: RuleSets = {
      current: async () => Promise.reject(asked.push('current')),
      byDigest: async (digest) => Promise.reject(asked.push(digest)),
    };
    for (const body of [
      { requestId: 'req_1', state: 'open' },
      { requests: [{ verdict: 1 }] },
      { verdict: null },
    ]) {
      expect(await answerInWords(body, ruleSets)).toEqual(body);
    }
    expect(asked).toEqual([]);
  });

  it('reads no rule set for reasons that are the product’s own', async () => {
    const body = { verdict: deny('L2', 'not-in-directory'), remedy: 'r' };
    expect(await answerInWords(body, null)).toEqual({
      verdict: { ...body.verdict, words: { 'not-in-directory': expect.objectContaining({ rule: 'L2' }) } },
      remedy: 'r',
    });
  });

  it('says a refusal in the words of the rule set in force', async () => {
    const { ruleSets } = await twoSets();
    expect(await answerInWords({ verdict: deny('R6', 'one-more-number') }, ruleSets)).toMatchObject({
      verdict: { words: { 'one-more-number': inWords('R6', '须写明案号', 'a matter is needed') } },
    });
  });

  it('says a request’s verdict in the words of the set under which it was judged, and its end in those it ended by', async () => {
    const { ruleSets, then } = await twoSets();
    const shown = {
      requestId: 'req_1',
      ruleSet: then.digest,
      verdict: { outcome: 'deny', reasons: ['one-more-number', 'only-then'], rules: ['R6'], route: [] },
      endReason: 'only-now',
      events: [
        { type: 'request-made', data: {} },
        { type: 'x', data: { reasons: ['only-then'], rules: ['R6'] } },
      ],
    };
    expect(await answerInWords(shown, ruleSets)).toEqual({
      ...shown,
      verdict: {
        ...shown.verdict,
        words: {
          'one-more-number': inWords('R6', '须写明工单', 'a ticket is needed'),
          'only-then': inWords('R6', '当时的规则', 'a rule of then'),
        },
      },
      words: {
        'only-now': inWords('R6', '现行规则', 'a rule of now'),
        'only-then': inWords('R6', '当时的规则', 'a rule of then'),
      },
    });
  });

  it('says the own refusal beside a lock too (R9)', async () => {
    const { ruleSets, then } = await twoSets();
    const request = { requestId: 'req_1', ruleSet: then.digest, verdict: deny('R6', 'only-then') };
    expect(await answerInWords({ verdict: deny('R9', 'session-locked'), request }, ruleSets)).toMatchObject({
      verdict: { words: { 'session-locked': { rule: 'R9' } } },
      request: { verdict: { words: { 'only-then': inWords('R6', '当时的规则', 'a rule of then') } } },
    });
  });

  it('says a refusal by the pinned set alone in its words, though the set in force has the same code', async () => {
    const { ruleSets, then, now } = await twoSets();
    const [current, pinned] = [loadRuleSet(now.document), loadRuleSet(then.document)];
    const verdict = decideUnder(
      [current, pinned],
      (ruleSet) =>
        ruleSet === pinned
          ? deny('R6', 'one-more-number')
          : { outcome: 'allow', reasons: [], rules: [], route: [] },
      null,
    );
    expect(await answerInWords(refusalOf(verdict).body, ruleSets)).toMatchObject({
      verdict: { words: { 'one-more-number': inWords('R6', '须写明工单', 'a ticket is needed') } },
    });
  });

  it('leaves out a code that nobody has words for', async () => {
    const { ruleSets } = await twoSets();
    const verdict = { ...deny('R6', 'never-heard-of'), words: {} };
    expect(await answerInWords({ verdict }, ruleSets)).toEqual({ verdict });
  });
});
