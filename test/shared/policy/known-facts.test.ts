import type { CedarValueJson } from '@cedar-policy/cedar-wasm/nodejs';
import { describe, expect, it } from '@jest/globals';
import { digestOf } from '../../../shared/domain/digest.ts';
import { decideRequest } from '../../../shared/policy/decide-request.ts';
import { evaluate, RulebookFailedError } from '../../../shared/policy/evaluate.ts';
import { knownFacts, vocabularyOf } from '../../../shared/policy/known-facts.ts';
import { bundledRuleSet, readyRuleSet } from '../../../shared/policy/rule-set.ts';
import { requestFacts } from './staff.ts';

const base = bundledRuleSet();

const SCHEMA = `
type Span = { from: datetime, open: Bool };
entity Person = { active: Bool };
entity Thing;
action ask appliesTo { principal: Person, resource: Thing, context: {
  named: Span, many: Set<{ a: Long }>, who: Person, optional?: String } };
action bare;`;

const question = {
  principal: { type: 'Person', id: 'p' },
  act: 'ask',
  resource: { type: 'Thing', id: 't' },
  context: {
    named: { from: { __extn: { fn: 'datetime', arg: '2026-01-01' } }, open: true, later: 1 },
    many: [{ a: 1, later: 2 }, { a: 2 }],
    who: { __entity: { type: 'Person', id: 'p' } },
    later: { whole: true },
  },
  entities: [
    { uid: { type: 'Person', id: 'p' }, attrs: { active: true, later: 'x' }, parents: [] },
    { uid: { __entity: { type: 'Thing', id: 't' } }, attrs: { later: 1 }, parents: [] },
    { uid: { type: 'Later', id: 'l' }, attrs: {}, parents: [] },
  ],
};

describe('facts that a schema knows', () => {
  it('are those it declares, at every depth; of entities, those of its types', () => {
    expect(knownFacts(SCHEMA, question)).toEqual({
      ...question,
      context: {
        named: { from: { __extn: { fn: 'datetime', arg: '2026-01-01' } }, open: true },
        many: [{ a: 1 }, { a: 2 }],
        who: { __entity: { type: 'Person', id: 'p' } },
      },
      entities: [
        { uid: { type: 'Person', id: 'p' }, attrs: { active: true }, parents: [] },
        { uid: { __entity: { type: 'Thing', id: 't' } }, attrs: {}, parents: [] },
      ],
    });
  });

  it('are as they come where they are not of the kind that it declares: Cedar says so when it is asked', () => {
    const of = (context: typeof question.context | Record<string, CedarValueJson>) =>
      knownFacts(SCHEMA, { ...question, context })?.context;
    const unlike: Record<string, CedarValueJson>[] = [
      { named: null },
      { named: 'text' },
      { named: { __entity: { type: 'Person', id: 'p' } } },
      { named: { __extn: { fn: 'datetime', arg: '2026-01-01' } } },
      { optional: { whole: true } },
      { optional: [{ whole: true }, 1] },
      { many: { a: 1, later: 2 } },
    ];
    for (const context of unlike) expect(of(context)).toEqual(context);
  });

  it('are none of the context where it has not that act', () => {
    expect(knownFacts(SCHEMA, { ...question, act: 'bare' })?.context).toEqual({});
    expect(knownFacts(SCHEMA, { ...question, act: 'other' })?.context).toEqual({});
  });

  it('are not to be had of what is no schema', () => {
    expect(knownFacts('entity', question)).toBeNull();
    expect(vocabularyOf('entity')).toBeNull();
    expect(vocabularyOf(SCHEMA)).toBe(vocabularyOf(SCHEMA));
  });
});

describe('a rule set of before a change of the schema', () => {
  /** As published when the schema had not yet this fact. */
  function earlier(...cuts: [string, string][]) {
    const document = cuts.reduce(
      ({ schema, ...rest }, [from, to]) => ({ ...rest, schema: schema.replace(from, to) }),
      {
        ...base.document,
        policies: base.document.policies.filter(({ file }) => file === 't-who-may-ask.cedar'),
      },
    );
    return readyRuleSet({ digest: digestOf(document), document });
  }

  it('is still asked, with the facts that it knew', () => {
    const old = earlier(
      ['  retrievals: Long,', ''],
      ['  lock: String,', ''],
      ['  disputeOrMajorComplaint: Bool,', ''],
    );
    expect(decideRequest(old, requestFacts())).toMatchObject({
      outcome: 'allow',
      route: ['infosec-director', 'privacy-officer'],
    });
  });

  it('is not asked where a fact that it needs is no longer gathered', () => {
    const old = earlier(['  retrievals: Long,', '  retrievals: Long, moon: String,']);
    expect(() => decideRequest(old, requestFacts())).toThrow(RulebookFailedError);
  });

  it('is not asked about an act that it had not', () => {
    const old = earlier(['action request, route appliesTo', 'action ask, route appliesTo']);
    expect(() => decideRequest(old, requestFacts())).toThrow(/"request"/);
    expect(() => evaluate(old, { ...question })).toThrow(RulebookFailedError);
  });
});
