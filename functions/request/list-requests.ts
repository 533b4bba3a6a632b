import { z } from 'zod';
import type { AccessGrant } from '../../shared/domain/access-grant.ts';
import { EMERGENCY_OPENERS, isWaitingForOpener } from '../../shared/domain/break-glass.ts';
import { LIMITS } from '../../shared/domain/limits.ts';
import { type Person, rolesFor } from '../../shared/domain/person.ts';
import type { Role } from '../../shared/domain/roles.ts';
import { currentRuleSet } from '../../shared/facts/rule-sets-in-force.ts';
import { decideShowing } from '../../shared/policy/decide-showing.ts';
import type { RegionFacts } from '../../shared/policy/facts.ts';
import type { RuleSet } from '../../shared/policy/rule-set.ts';
import type { GrantStore, RegisterPlace } from '../../shared/ports/grant-store.ts';
import type { RuleSets } from '../../shared/ports/rule-sets.ts';
import { badInput, type HttpResult, ok } from '../../shared/runtime/http-result.ts';
import { summaryOf } from './shown-request.ts';

export type ListDependencies = {
  store: Pick<GrantStore, 'byRequester' | 'byHotel' | 'registerPage'>;
  ruleSets: RuleSets;
  region: RegionFacts;
};

export type ListCall = { actor: Person; query: Record<string, string>; now: Date };

const querySchema = z.strictObject({ show: z.enum(['own', 'awaiting', 'all']).default('all') });

/** Where a page of the register ends: `<requestedAt>#<requestId>`, as the page before gave it. */
const placeSchema = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T[\d:.]{8,12}Z#req_[A-Za-z0-9]{1,64}$/)
  .transform((place): RegisterPlace => {
    const at = place.indexOf('#');
    return { requestedAt: place.slice(0, at), requestId: place.slice(at + 1) };
  });
const registerQuerySchema = z.strictObject({
  hotel: z.string(),
  year: z
    .string()
    .regex(/^20\d\d$/)
    .transform(Number)
    .optional(),
  before: placeSchema.optional(),
});

/** No deadline is longer, so that nothing older still awaits anybody. */
const LONGEST_DEADLINE_MS = 168 * 60 * 60 * 1000;

/**
 * With `hotel`, the requests of that hotel and year (L7) that the person may see (T18). Else the person's own requests, and those that await a decision in a role that the person
 * holds. Newest first; metadata and counts.
 */
export async function listRequests(
  { actor, query, now }: ListCall,
  dependencies: ListDependencies,
): Promise<HttpResult> {
  if (query['hotel'] !== undefined) return listRegister({ actor, query, now }, dependencies);
  const { store, ruleSets, region } = dependencies;
  const parsed = querySchema.safeParse(query);
  if (!parsed.success)
    return badInput({ zh: '没有这种筛选', en: 'no such filter' }, 'query.show', {
      zh: '写 own、awaiting 或 all,或写一家酒店:hotel=SHA01',
      en: 'own, awaiting or all; or name a hotel: hotel=SHA01',
    });
  const { show } = parsed.data;
  const [own, awaiting] = await Promise.all([
    show === 'awaiting' ? [] : store.byRequester(actor.personId),
    show === 'own' ? [] : currentRuleSet(ruleSets).then(awaitingIn),
  ]);
  const byId = new Map([...own, ...awaiting].map((grant) => [grant.requestId, grant]));
  const requests = [...byId.values()]
    .sort((a, b) => (a.requestedAt < b.requestedAt ? 1 : -1))
    .slice(0, LIMITS.listedRequests)
    .map((grant) => ({ ...summaryOf(grant), awaitsYou: awaitsDecisionOf(grant, actor, now) }));
  return ok({ requests });

  async function awaitingIn(ruleSet: RuleSet): Promise<AccessGrant[]> {
    const years = new Set([
      now.getUTCFullYear(),
      new Date(now.getTime() - LONGEST_DEADLINE_MS).getUTCFullYear(),
    ]);
    const places = hotelsToApproveAt(ruleSet, actor, region, now).flatMap((hotel) =>
      [...years].map((year) => ({ hotel, year })),
    );
    const found = await Promise.all(places.map(({ hotel, year }) => store.byHotel(hotel, year)));
    return found
      .flat()
      .filter((grant) => awaitsDecisionOf(grant, actor, now))
      .filter((grant) => decideShowing(ruleSet, { now, region, grant, actor }).outcome === 'allow');
  }
}

/** A page of a hotel's register of one year: what of it the person may see. `next` is the rest's `before`. */
async function listRegister(
  { actor, query, now }: ListCall,
  { store, ruleSets, region }: ListDependencies,
): Promise<HttpResult> {
  const parsed = registerQuerySchema.safeParse(query);
  if (!parsed.success)
    return badInput({ zh: '没有这样的一页', en: 'no such page of the register' }, 'query', {
      zh: '写 hotel,可加 year(如 2026)与上一页给出的 before(next)',
      en: 'give hotel, and if need be year (such as 2026) and before, as the page before gave it (next)',
    });
  const { hotel, year = now.getUTCFullYear(), before = null } = parsed.data;
  if (!region.hotels.includes(hotel))
    return badInput({ zh: '本区域没有这家酒店', en: 'this region has no such hotel' }, 'query.hotel', {
      zh: '写明本区域一家酒店的代码,如 SHA01',
      en: 'name a hotel of this region by its code, such as SHA01',
    });
  const [ruleSet, page] = await Promise.all([
    currentRuleSet(ruleSets),
    store.registerPage(hotel, year, before),
  ]);
  return ok({
    requests: page.found
      .filter((grant) => decideShowing(ruleSet, { now, region, grant, actor }).outcome === 'allow')
      .map((grant) => ({ ...summaryOf(grant), awaitsYou: awaitsDecisionOf(grant, actor, now) })),
    next: page.next && `${page.next.requestedAt}#${page.next.requestId}`,
  });
}

/** Hotels of this region where the person holds a role that some rule asks to approve. */
function hotelsToApproveAt(ruleSet: RuleSet, actor: Person, region: RegionFacts, now: Date): string[] {
  const approving = new Set([...ruleSet.notes.values()].flatMap(({ route }) => route));
  return region.hotels.filter((hotel) => rolesFor(actor, [hotel], now).some((role) => approving.has(role)));
}

function awaitsDecisionOf(grant: AccessGrant, actor: Person, now: Date): boolean {
  const held = rolesFor(actor, grant.hotels, now);
  return (
    isForApprovers(grant) &&
    grant.requester !== actor.personId &&
    grant.approvals.every(({ by }) => by !== actor.personId) &&
    rolesAskedOf(grant).some(
      (role) => held.includes(role) && grant.approvals.every((approval) => approval.role !== role),
    )
  );
}

/** Break-glass waits for one approver, and once it is in use for the others (L5). */
function isForApprovers(grant: AccessGrant): boolean {
  return grant.state === 'awaiting-approval' || grant.state === 'emergency' || isWaitingForOpener(grant);
}

function rolesAskedOf(grant: AccessGrant): readonly Role[] {
  const openers: readonly Role[] = EMERGENCY_OPENERS;
  return isWaitingForOpener(grant) ? grant.route.filter((role) => openers.includes(role)) : grant.route;
}
