import { digestOf } from '../domain/digest.ts';
import type { RuleSetDocument } from '../domain/rule-set-document.ts';
import type { Verdict } from '../domain/verdict.ts';
import type { Words } from '../domain/words.ts';
import { evaluate, type Question, RulebookFailedError } from './evaluate.ts';
import { type FloorRow, floorTable } from './floor-table.ts';
import { OUT_OF_A_CHAINS_REACH } from './out-of-a-chains-reach.ts';
import type { PolicyNote } from './policy-notes.ts';
import { actionGroups, actsOf } from './policy-text.ts';
import { type RuleSet, readyRuleSet } from './rule-set.ts';
import { RuleSetInvalidError } from './rule-set-invalid-error.ts';
import type { Supposition } from './supposed-request.ts';

/** A chain's forbid that names an act which it can't reach: it would do nothing, and its author thinks otherwise. */
function refuseBarring({ document, policies }: RuleSet): void {
  const groups = actionGroups(document.schema);
  for (const policy of policies) {
    const { note } = policy;
    if (!note.chain || note.effect !== 'forbid') continue;
    const barred = [...(actsOf(policy, groups) ?? [])].filter((act) => OUT_OF_A_CHAINS_REACH.includes(act));
    if (barred.length === 0) continue;
    const what =
      barred[0] === 'route'
        ? {
            zh: '会从审批路线上去掉角色:集团只能以对 route 的 permit 增加角色',
            en: 'takes roles off the route: a chain adds roles, by permits on route',
          }
        : protective(barred.join(', '));
    throw new RuleSetInvalidError(note.file, note.line, named(note.id, what));
  }
}

type Fault = { ids: readonly string[]; what: Words };

function named(id: string, { zh, en }: Words, row?: Words): Words {
  return row === undefined
    ? { zh: `${id} ${zh}`, en: `${id} ${en}` }
    : { zh: `${id} ${zh},例如 ${row.zh}`, en: `${id} ${en}, as with ${row.en}` };
}

function protective(acts: string): Words {
  return {
    zh: `会阻止保护客人或权利的操作 (${acts})`,
    en: `refuses what protects a guest or a right (${acts})`,
  };
}

/** A changed set, the rulebook that is in it, and the permits of either, where the chain has any. */
type Compared = { ruleSet: RuleSet; base: RuleSet; permits: { chain: RuleSet; base: RuleSet } | null };

/**
 * Refuses a set in which a chain's own policies loosen the rulebook, by evaluating both on every row of the floor table:
 * what the rulebook refuses stays refused, nothing is permitted but by its own permits, nobody who may end, deny or delete is
 * barred from it, no role leaves a route, and every policy can be evaluated on every row. Much of that holds by how questions
 * are asked already (evaluate.ts, policy-slices.ts); `ask` lets a test see that this finds it without.
 * @throws RuleSetInvalidError with the file and line of a policy, and the request that shows it.
 */
export function refuseLoosening(
  ruleSet: RuleSet,
  supposition: Supposition,
  table: Iterable<FloorRow> = floorTable(supposition, ruleSet.document.schema),
  ask: typeof evaluate = evaluate,
): void {
  const own = [...ruleSet.notes.values()].filter(({ chain }) => chain);
  if (own.length === 0) return;
  refuseBarring(ruleSet);
  const base = partOf(ruleSet, ({ chain }) => !chain);
  const permits = own.some(({ effect }) => effect === 'permit')
    ? {
        chain: partOf(ruleSet, ({ chain, effect }) => chain && effect === 'permit'),
        base: partOf(ruleSet, ({ chain, effect }) => !chain && effect === 'permit'),
      }
    : null;
  for (const { name, question, next } of table) {
    const fault = faultOf({ ruleSet, base, permits }, ask, question, next);
    if (fault === null) continue;
    const note = own.find(({ id }) => fault.ids.includes(id)) ?? own[0];
    if (note === undefined) return;
    throw new RuleSetInvalidError(note.file, note.line, named(note.id, fault.what, name));
  }
}

function faultOf(
  { ruleSet, base, permits }: Compared,
  ask: typeof evaluate,
  question: Question<string>,
  next?: Question<string>,
): Fault | null {
  const changed = answered(ruleSet, ask, question);
  if ('what' in changed) return changed;
  const speaking = [...ruleSet.notes.values()]
    .filter(({ chain, reason }) => chain && changed.reasons.includes(reason))
    .map(({ id }) => id);
  // Where none of the chain's speaks, the answer is the rulebook's own.
  const loosened = speaking.length === 0 ? null : loosening(question, ask(base, question), changed);
  if (loosened !== null) return { ids: speaking, what: loosened };
  const permitted = permits && permitting(question, ask, permits);
  if (permitted !== null) return permitted;
  return next === undefined || changed.outcome === 'deny'
    ? null
    : faultOf({ ruleSet, base, permits: null }, ask, next);
}

/** A policy that fails is skipped, and what a forbid would have refused is allowed. */
function answered(ruleSet: RuleSet, ask: typeof evaluate, question: Question<string>): Verdict | Fault {
  try {
    return ask(ruleSet, question);
  } catch (error) {
    if (!(error instanceof RulebookFailedError)) throw error;
    return {
      ids: error.policies,
      what: notEvaluated(error),
    };
  }
}

/** Cedar's own words are English alone: in Chinese they are quoted, after what they mean. */
function notEvaluated({ message, faults }: RulebookFailedError): Words {
  const overflows = faults.some((fault) => fault.includes('overflow'));
  return {
    zh: `无法评估:${overflows ? '整数溢出' : '评估出错'}(Cedar:${faults.map((fault) => `“${fault}”`).join('、')})`,
    en: `can't be evaluated (${message})`,
  };
}

function loosening({ act }: Question<string>, base: Verdict, changed: Verdict): Words | null {
  if (OUT_OF_A_CHAINS_REACH.includes(act) && base.outcome === 'allow' && changed.outcome === 'deny') {
    return protective(act);
  }
  if (act !== 'route' && base.outcome === 'deny' && changed.outcome === 'allow') {
    return { zh: '准许规则所不准的事', en: 'allows what the rulebook refuses' };
  }
  return null;
}

/** Whether a permit of the chain speaks where none of the rulebook's does; on `route` it adds roles, and permits nothing. */
function permitting(
  question: Question<string>,
  ask: typeof evaluate,
  permits: NonNullable<Compared['permits']>,
): Fault | null {
  const given = answered(permits.chain, ask, question);
  if ('what' in given) return given;
  if (given.outcome === 'deny' || ask(permits.base, question).outcome === 'allow') return null;
  const ids = [...permits.chain.notes.values()]
    .filter(({ reason }) => given.reasons.includes(reason))
    .map(({ id }) => id);
  return {
    ids,
    what: { zh: '准许任何规则都不准许的事', en: 'permits what no policy of the rulebook permits' },
  };
}

/** Some policies of a set as a set of their own, in which none counts as a chain's. */
function partOf({ document, policies }: RuleSet, isPart: (note: PolicyNote) => boolean): RuleSet {
  const part: RuleSetDocument = {
    version: 1,
    schema: document.schema,
    policies: [
      {
        file: 'part.cedar',
        text: policies
          .filter(({ note }) => isPart(note))
          .map(({ text }) => text)
          .join('\n'),
      },
    ],
  };
  return readyRuleSet({ digest: digestOf(part), document: part });
}
