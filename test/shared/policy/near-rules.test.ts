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
import { smallRulebook } from './small-rulebook.ts';
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

const SPENT = { id: 'R4', when: 'context.retrievals >= context.numbers.retrievalsPerMonth' };
const NO_PURPOSE = { id: 'R6', when: '!(resource has purpose)' };
const CLOSED = { id: 'T2', when: 'context.cases has matter && !context.cases.matter.open' };

describe('a rule that nearly spoke', () => {
  it('is told with its id, its reason in both languages, what it would do, and the fact that differs', () => {
    expect(nearRules(smallRulebook(SPENT), facts())).toEqual({
      near: [
        {
          rule: 'R4',
          reason: 'r4-says',
          zh: 'R4 的理由',
          en: 'why R4',
          effect: 'refuses',
          if: {
            zh: `本月已获准调阅该客人 ${region.rules.retrievalsPerMonth} 次`,
            en: `${region.rules.retrievalsPerMonth} retrievals of the guest granted this month`,
          },
        },
      ],
      more: 0,
    });
  });

  it('adds roles, or allows, or refuses', () => {
    const effects = (...policies: Parameters<typeof smallRulebook>) =>
      nearRules(smallRulebook(...policies), facts({ scope: {} })).near.map(
        ({ rule, effect }) => `${rule} ${effect}`,
      );
    const severalGuests = 'context has scope && context.scope.guests > 1';
    expect(effects({ id: 'A9', route: 'gm', when: severalGuests })).toEqual(['A9 adds-roles']);
    expect(effects({ id: 'A9', route: '', when: severalGuests })).toEqual(['A9 allows']);
    expect(effects({ id: 'A9', when: severalGuests })).toEqual(['A9 refuses']);
  });

  it('is left out where it is a slip, where it takes somebody else to ask, or a time when nobody approves any more', () => {
    const said = (when: string, slip?: true) =>
      nearRules(smallRulebook({ id: 'R9', when, ...(slip && { slip }) }), facts());
    expect(said(NO_PURPOSE.when).near).toHaveLength(1);
    for (const left of [
      said(NO_PURPOSE.when, true),
      said('resource.requesterRole == "sales"'),
      said('!principal.roles.contains("legal")'),
      said('!principal.active'),
      said('context.now > datetime("2027-06-15")'),
    ]) {
      expect(left).toEqual({ near: [], more: 0 });
    }
  });

  it('is nearer the fewer facts differ, a list’s members one by one, and what happens by itself comes first', () => {
    const order = (...policies: Parameters<typeof smallRulebook>) =>
      nearRules(smallRulebook(...policies), facts({ scope: {} })).near.map(({ rule }) => rule);
    // Each differs in one fact, one of them in what the requester wrote.
    expect(order(NO_PURPOSE, SPENT)).toEqual(['R4', 'R6']);
    // An instrument on file is a whole row of facts.
    const instrument = { id: 'E1', when: 'context.cases has instrument' };
    expect(order(instrument, NO_PURPOSE, CLOSED)).toEqual(['T2', 'R6', 'E1']);
    // One category more is nearer than a range of other times, which is two.
    const category = { id: 'T9', when: 'resource.categories.contains("dispute")' };
    const range = { id: 'R8', when: 'resource has from && resource.from < datetime("2020-01-01")' };
    expect(order(range, category)).toEqual(['T9', 'R8']);
    // The list of platforms loses one and gets one: two, and the category, which is found too, one of each list.
    const platform = { id: 'T1', when: 'resource.platforms.contains("internal")' };
    const purpose = { id: 'T4', when: 'resource has purpose && resource.purpose == "complaint"' };
    expect(order(platform, purpose)).toEqual(['T4', 'T1']);
  });

  it('is told once, with the nearest of the changes that would make it speak', () => {
    const [near] = nearRules(
      smallRulebook({ id: 'R6', when: `${NO_PURPOSE.when} || ${SPENT.when} || !(resource has from)` }),
      facts(),
    ).near;
    expect(near?.if.en).toMatch(/retrievals of the guest/);
  });

  it('is among five at most: the others are counted', () => {
    const many = Array.from({ length: 7 }, (_, number) => ({ ...SPENT, id: `R${number}` }));
    const { near, more } = nearRules(smallRulebook(...many), facts());
    expect(near.map(({ rule }) => rule)).toEqual(['R0', 'R1', 'R2', 'R3', 'R4']);
    expect(more).toBe(2);
  });
});
