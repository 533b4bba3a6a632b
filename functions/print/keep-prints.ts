import { openText, sealText, textCommitment } from '../../shared/crypto/sealed-text.ts';
import type { AccessGrant } from '../../shared/domain/access-grant.ts';
import { LIMITS } from '../../shared/domain/limits.ts';
import type { Person } from '../../shared/domain/person.ts';
import type { Print, PrintEnding } from '../../shared/domain/print.ts';
import { visibleText } from '../../shared/domain/visible-text.ts';
import { currentRuleSet } from '../../shared/facts/rule-sets-in-force.ts';
import { evidenceKeyOf } from '../../shared/loop/evidence-key.ts';
import { requestTexts } from '../../shared/loop/request-texts.ts';
import { decidePrint } from '../../shared/policy/decide-print.ts';
import { decideReadingFreeText } from '../../shared/policy/decide-reading-free-text.ts';
import { decideShowing } from '../../shared/policy/decide-showing.ts';
import type { PrintAct, RegionFacts } from '../../shared/policy/facts.ts';
import type { GrantStore } from '../../shared/ports/grant-store.ts';
import type { RequestKeys } from '../../shared/ports/keys.ts';
import type { PrintStore } from '../../shared/ports/print-store.ts';
import type { RuleSets } from '../../shared/ports/rule-sets.ts';
import { conflict, done, type HttpResult, notFound, ok, refused } from '../../shared/runtime/http-result.ts';

export type PrintDependencies = {
  grants: Pick<GrantStore, 'read'>;
  prints: PrintStore;
  keys: Pick<RequestKeys, 'read'>;
  ruleSets: RuleSets;
  region: RegionFacts;
};

type Call = { requestId: string; actor: Person; now: Date };

/** Two people may print at once: each gets a number of the own. */
const ATTEMPTS = 8;

/** Puts a print of what was opened on record under the next number, with its seal (R13). */
export async function addPrint(
  { seal, ...call }: Call & { seal: string },
  dependencies: PrintDependencies,
): Promise<HttpResult> {
  const { grants, prints } = dependencies;
  const grant = await grants.read(call.requestId);
  if (grant === null) return notFound({ zh: '没有这份申请', en: 'no such request' }, 'path.id');
  const refusal = await refusalFor(grant, call, 'number-print', dependencies);
  if (refusal !== null) return refusal;
  const { requestId, actor, now } = call;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const number = (await prints.ofRequest(requestId)).length + 1;
    if (number > LIMITS.prints) return conflict('R13', 'too-many-prints');
    const print: Print = {
      requestId,
      number,
      seal,
      state: 'out',
      by: actor.personId,
      at: now.toISOString(),
      ended: null,
    };
    const outcome = await prints.add(grant, print, {
      at: now,
      actor: actor.personId,
      data: { number, seal, opened: grant.opened },
    });
    if (outcome === 'seal-used') return conflict('R13', 'seal-used-already');
    if (outcome === 'added') return done(shown(print, null));
  }
  return conflict('A7', 'row-keeps-changing');
}

/** Puts on record that a print came back or was destroyed, with a reason that is kept sealed (R13). */
export async function endPrint(
  { number, ending, reason, ...call }: Call & { number: number; ending: PrintEnding; reason: string },
  dependencies: PrintDependencies,
): Promise<HttpResult> {
  const { grants, prints, keys } = dependencies;
  const { requestId, actor, now } = call;
  const grant = await grants.read(requestId);
  if (grant === null) return notFound({ zh: '没有这份申请', en: 'no such request' }, 'path.id');
  const refusal = await refusalFor(grant, call, 'end-print', dependencies);
  if (refusal !== null) return refusal;
  const print = (await prints.ofRequest(requestId)).find((one) => one.number === number);
  if (print === undefined)
    return notFound({ zh: '没有此编号的打印件', en: 'no print of this number' }, 'body.number');
  if (print.state === ending && print.ended?.by === actor.personId) return ok(shown(print, null));
  const key = await evidenceKeyOf(keys, requestId);
  const place = requestTexts.printReason(requestId, number);
  const ended = {
    by: actor.personId,
    at: now.toISOString(),
    reason: sealText(key, place, reason),
    reasonCommitment: textCommitment(key, place, reason),
  };
  const outcome = await prints.end(grant, print, ending, ended, {
    at: now,
    actor: actor.personId,
    data: { number, seal: print.seal, reasonCommitment: ended.reasonCommitment },
  });
  if (outcome === 'not-out') return conflict('R13', 'print-ended-already');
  return done(shown({ ...print, state: ending, ended }, null));
}

/** The prints of a request, to those who may see it; reasons to those who may read its free text (T18). */
export async function listPrints(
  { requestId, actor, now }: Call,
  { grants, prints, keys, ruleSets, region }: PrintDependencies,
): Promise<HttpResult> {
  const [grant, ruleSet] = await Promise.all([grants.read(requestId), currentRuleSet(ruleSets)]);
  if (grant === null) return notFound({ zh: '没有这份申请', en: 'no such request' }, 'path.id');
  const facts = { now, region, grant, actor };
  const verdict = decideShowing(ruleSet, facts);
  if (verdict.outcome === 'deny') return refused(verdict);
  const reads = decideReadingFreeText(ruleSet, facts).outcome === 'allow';
  const [found, key] = await Promise.all([
    prints.ofRequest(requestId),
    reads ? keys.read('evidence', requestId) : null,
  ]);
  return ok({
    requestId,
    out: found.filter(({ state }) => state === 'out').length,
    prints: found.map((print) => shown(print, key)),
  });
}

async function refusalFor(
  grant: AccessGrant,
  { actor, now }: Call,
  act: PrintAct,
  { ruleSets, region }: PrintDependencies,
): Promise<HttpResult | null> {
  const verdict = decidePrint(await currentRuleSet(ruleSets), { now, region, grant, actor, act });
  return verdict.outcome === 'deny' ? refused(verdict) : null;
}

function shown({ requestId, number, seal, state, by, at, ended }: Print, key: Uint8Array | null): object {
  return {
    requestId,
    number,
    seal,
    state,
    by,
    at,
    ended: ended && {
      by: ended.by,
      at: ended.at,
      reason: key && visibleText(openText(key, requestTexts.printReason(requestId, number), ended.reason)),
    },
  };
}
