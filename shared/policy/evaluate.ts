import {
  type AuthorizationAnswer,
  type Context,
  type EntityJson,
  statefulIsAuthorized,
  type TypeAndId,
} from '@cedar-policy/cedar-wasm/nodejs';
import type { Verdict } from '../domain/verdict.ts';
import type { DeviceAct, Duty, EmergencyAct, PrintAct, ProviderAct } from './facts.ts';
import { knownFacts } from './known-facts.ts';
import type { PolicyNote } from './policy-notes.ts';
import { SCREEN_ID, sliceFor } from './policy-slices.ts';
import { UNWRITTEN_REASON } from './reasons.ts';
import type { RuleSet } from './rule-set.ts';

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
  | 'view'
  | 'guest-right'
  | EmergencyAct
  | 'open-emergency'
  | 'follow-up'
  | ProviderAct
  | DeviceAct
  | PrintAct
  | 'unlock-account'
  | Duty;

export type Question<Name extends string = Act> = {
  principal: TypeAndId;
  act: Name;
  resource: TypeAndId;
  context: Context;
  entities: EntityJson[];
};

/** The rulebook could not be asked: facts that its schema doesn't know, or a policy that fails. Never a refusal. */
export class RulebookFailedError extends Error {
  override name = 'RulebookFailedError';
  /** Ids of the policies that fail, where it is theirs. */
  readonly policies: readonly string[];
  /** What Cedar says of each fault, in its own words. */
  readonly faults: readonly string[];

  constructor(message: string, policies: readonly string[] = [], faults: readonly string[] = []) {
    super(message);
    this.policies = policies;
    this.faults = faults;
  }
}

/**
 * What the rulebook says: with a denial every forbidding policy that applies speaks, with a permission every
 * permitting one, in the order of files and lines. Where nothing permits, the answer is a denial that says so; and a
 * chain's own policies permit nothing by themselves, whatever their text says: they add roles to a route.
 * @throws RulebookFailedError
 */
export function evaluate(ruleSet: RuleSet, question: Question<string>): Verdict {
  const { decision, reason } = asked(ruleSet, question);
  const spoke = new Set(reason);
  const speaking = [...ruleSet.notes.values()].filter(({ id }) => spoke.has(id));
  const permits = question.act === 'route' || speaking.some(({ chain }) => !chain);
  if (speaking.length === 0 || (decision === 'allow' && !permits)) {
    return { outcome: 'deny', reasons: [UNWRITTEN_REASON], rules: [], route: [] };
  }
  return verdictOf(decision, speaking);
}

/** Policies that speak, of those that can on this act. */
function asked(
  ruleSet: RuleSet,
  question: Question<string>,
): { decision: Verdict['outcome']; reason: string[] } {
  const { screen, whole } = sliceFor(ruleSet, question.act);
  const screened = screen === null ? null : answered(ruleSet, screen, question);
  const isPlain = screened !== null && screened.errors.length === 0 && !screened.reason.some(isJoined);
  const { errors, ...answer } = isPlain ? screened : answered(ruleSet, whole(), question);
  if (errors.length === 0) return answer;
  // A forbid that fails to evaluate would be skipped, and its act allowed.
  throw failed(
    question.act,
    errors.map(({ policyId, error }) => ({ message: `${policyId}: ${error.message}` })),
    errors.map(({ policyId }) => policyId),
  );
}

function isJoined(policyId: string): boolean {
  return policyId.startsWith(SCREEN_ID);
}

function answered({ digest, document }: RuleSet, policies: string, question: Question<string>) {
  const first = authorized(digest, policies, question);
  const known = first.type === 'failure' ? knownFacts(document.schema, question) : null;
  const answer = known === null ? first : authorized(digest, policies, known);
  if (answer.type === 'failure') throw failed(question.act, answer.errors);
  const { decision, diagnostics } = answer.response;
  return { decision, reason: diagnostics.reason, errors: diagnostics.errors };
}

function authorized(
  schema: string,
  policies: string,
  { principal, act, resource, context, entities }: Question<string>,
): AuthorizationAnswer {
  return statefulIsAuthorized({
    principal,
    action: { type: 'Action', id: act },
    resource,
    context,
    entities,
    preparsedSchemaName: schema,
    preparsedPolicySetId: policies,
    validateRequest: true,
  });
}

function verdictOf(outcome: Verdict['outcome'], speaking: PolicyNote[]): Verdict {
  return {
    outcome,
    reasons: speaking.map(({ reason }) => reason),
    rules: [...new Set(speaking.map(({ rule }) => rule))],
    route: outcome === 'allow' ? [...new Set(speaking.flatMap(({ route }) => route))] : [],
  };
}

function failed(act: string, errors: { message: string }[], policies: string[] = []): RulebookFailedError {
  return new RulebookFailedError(
    `The rulebook could not be asked about "${act}": ${errors.map(({ message }) => message).join('; ')}`,
    policies,
    errors.map(({ message }) => message),
  );
}
