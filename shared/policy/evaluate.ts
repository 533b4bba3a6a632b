import {
  type Context,
  type EntityJson,
  statefulIsAuthorized,
  type TypeAndId,
} from '@cedar-policy/cedar-wasm/nodejs';
import type { Verdict } from '../domain/verdict.ts';
import type { DeviceAct, Duty, ProviderAct } from './facts.ts';
import { UNWRITTEN_REASON } from './reasons.ts';
import type { PolicyNote, RuleSet } from './rule-set.ts';

/** Acts that the rulebook is asked about, as in its schema. */
export type Act =
  | 'request'
  | 'route'
  | 'approve'
  | 'deny'
  | 'rely'
  | 'provision'
  | 'open'
  | 'withdraw'
  | 'close'
  | 'revoke'
  | 'see'
  | 'read-free-text'
  | 'guest-right'
  | ProviderAct
  | DeviceAct
  | Duty;

export type Question = {
  principal: TypeAndId;
  act: Act;
  resource: TypeAndId;
  context: Context;
  entities: EntityJson[];
};

/** The rulebook could not be asked: facts that its schema doesn't know, or a policy that fails. Never a refusal. */
export class RulebookFailedError extends Error {
  override name = 'RulebookFailedError';
}

/**
 * What the rulebook says: with a denial every forbidding policy that applies speaks, with a permission every
 * permitting one, in the order of files and lines. Where nothing permits, the answer is a denial that says so.
 * @throws RulebookFailedError
 */
export function evaluate(ruleSet: RuleSet, question: Question): Verdict {
  const answer = statefulIsAuthorized({
    principal: question.principal,
    action: { type: 'Action', id: question.act },
    resource: question.resource,
    context: question.context,
    entities: question.entities,
    preparsedSchemaName: ruleSet.digest,
    preparsedPolicySetId: ruleSet.digest,
    validateRequest: true,
  });
  if (answer.type === 'failure') throw failed(question.act, answer.errors);
  const { decision, diagnostics } = answer.response;
  // A forbid that fails to evaluate would be skipped, and its act allowed.
  if (diagnostics.errors.length > 0) {
    throw failed(
      question.act,
      diagnostics.errors.map(({ error }) => error),
    );
  }
  const speaking = [...ruleSet.notes.values()].filter(({ id }) => diagnostics.reason.includes(id));
  if (speaking.length === 0) {
    return { outcome: decision, reasons: [UNWRITTEN_REASON], rules: [], route: [] };
  }
  return verdictOf(decision, speaking);
}

function verdictOf(outcome: Verdict['outcome'], speaking: PolicyNote[]): Verdict {
  return {
    outcome,
    reasons: speaking.map(({ reason }) => reason),
    rules: [...new Set(speaking.map(({ rule }) => rule))],
    route: outcome === 'allow' ? [...new Set(speaking.flatMap(({ route }) => route))] : [],
  };
}

function failed(act: Act, errors: { message: string }[]): RulebookFailedError {
  return new RulebookFailedError(
    `The rulebook could not be asked about "${act}": ${errors.map(({ message }) => message).join('; ')}`,
  );
}
