import { describe, expect, it } from '@jest/globals';
import regionsFile from '../../../infra/regions.json' with { type: 'json' };
import { requestFileSchema } from '../../../shared/domain/access-request.ts';
import { regionsSchema } from '../../../shared/domain/region-config.ts';
import { factsOfFile, type StatedFacts } from '../../../shared/policy/case-file.ts';
import { decideAsked } from '../../../shared/policy/decide-asked.ts';
import { nearRules } from '../../../shared/policy/near-rules.ts';
import { regionFactsOf } from '../../../shared/policy/region-facts.ts';
import { bundledRuleSet } from '../../../shared/policy/rule-set.ts';
import { ASKED } from '../../fakes/asked-retrieval.ts';
import { NOON } from './staff.ts';

const { regions } = regionsSchema.parse(regionsFile);
const [china] = regions;
if (china === undefined) throw new Error('there is no region');
const region = regionFactsOf(china, regions);
const ruleSet = bundledRuleSet();
const facts = (stated: StatedFacts = {}) =>
  factsOfFile(requestFileSchema.parse(ASKED), stated, { region, now: new Date(NOON), role: 'legal' });

describe('rules that nearly spoke of a request', () => {
  it('are the nearest few, each rule once, none that spoke, and how many more there are', () => {
    const { near, more } = nearRules(ruleSet, facts());
    expect(near).toHaveLength(5);
    expect(more).toBeGreaterThan(0);
    expect(new Set(near.map(({ rule }) => rule)).size).toBe(5);
    const spoke = decideAsked(ruleSet, facts()).reasons;
    for (const { reason, if: change, zh, en } of near) {
      expect(spoke).not.toContain(reason);
      for (const words of [zh, en, change.zh, change.en]) expect(words).not.toBe('');
    }
  });

  it('are first those for which one fact would have to differ that may come about by itself', () => {
    const { near } = nearRules(ruleSet, facts());
    expect(near.map(({ rule }) => rule)).toEqual(expect.arrayContaining(['R4', 'A9', 'A2']));
    // What the requester would have had to write otherwise comes after that: approvals are void then (A7).
    expect(near.map(({ rule }) => rule)).not.toContain('R6');
  });

  it('say nothing of a rule that speaks already', () => {
    const two = facts({ scope: { guests: 2 } });
    expect(nearRules(ruleSet, two).near.map(({ rule, effect }) => `${rule} ${effect}`)).not.toContain(
      'A9 adds-roles',
    );
  });
});
