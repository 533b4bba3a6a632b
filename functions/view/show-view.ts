import { normaliseIdentifier } from '../../shared/crypto/normalise-identifier.ts';
import { sha256 } from '../../shared/domain/digest.ts';
import { hotelDays } from '../../shared/domain/expiry-period.ts';
import { newId } from '../../shared/domain/identifiers.ts';
import { LIMITS } from '../../shared/domain/limits.ts';
import type { Person } from '../../shared/domain/person.ts';
import type { Identifier } from '../../shared/domain/record.ts';
import type { Role } from '../../shared/domain/roles.ts';
import type { Verdict } from '../../shared/domain/verdict.ts';
import { currentRuleSet } from '../../shared/facts/rule-sets-in-force.ts';
import { decideView } from '../../shared/policy/decide-view.ts';
import type { Span, ViewFacts } from '../../shared/policy/facts.ts';
import { UNWRITTEN_REASON } from '../../shared/policy/reasons.ts';
import { badInput, conflict, done, type HttpResult, refused } from '../../shared/runtime/http-result.ts';
import { BlockMissingError } from '../../shared/view/decrypt-scope.ts';
import { type MaskedRecords, maskedRecords, type ViewedRecord } from '../../shared/view/masked-records.ts';
import { viewWatermark } from '../../shared/view/view-watermark.ts';
import { type FoundForView, findForView } from './find-for-view.ts';
import { simulatedConversations } from './simulated-conversations.ts';
import type { ViewBody } from './view-body.ts';
import type { ViewDependencies } from './view-dependencies.ts';
import { type Looking, viewFacts, viewingRoles } from './view-facts.ts';

const MINUTE_MS = 60_000;

/** Nobody without a role looks at anything. */
const NOTHING_PERMITS: Verdict = { outcome: 'deny', reasons: [UNWRITTEN_REASON], rules: [], route: [] };

/**
 * A routine view: facts, policy, decrypt, mask, event, show. What can't be recorded is not shown. Nothing is kept of what
 * was shown but ids, counts and a digest, and nothing is written anywhere that could be read.
 * Throws what reading blocks throws, and where the event can't be written.
 */
export async function showView(
  { viewer, body, device, now }: { viewer: Person; body: ViewBody; device: string; now: Date },
  dependencies: ViewDependencies,
): Promise<HttpResult> {
  const shared = body.kind === 'shared' ? await dependencies.views.read(body.view) : null;
  const hotel = (body.kind === 'shared' ? shared?.hotel : body.hotel) ?? viewer.hotel;
  const place = dependencies.region.hotels.find(({ code }) => code === hotel);
  if (place === undefined) {
    return badInput({ zh: '本区域没有这家酒店', en: 'this region has no such hotel' }, 'body.hotel', {
      zh: '写本区域的酒店',
      en: 'name a hotel of this region',
    });
  }
  const filed = body.kind === 'ticket' ? await dependencies.cases.read('ticket', body.ticket) : null;
  const ticket = filed?.hotels.includes(hotel) ? filed : null;
  const looking: Looking = { viewer, now, place, kind: body.kind, ticket, shared };
  const guest = 'guest' in body ? (body.guest ?? null) : null;
  if (guest !== null && normaliseIdentifier(guest, { hotel, country: place.country }) === null) {
    return badInput(
      { zh: `该值不是 ${guest.kind}`, en: `this can't be a ${guest.kind}` },
      'body.guest.value',
      { zh: '按平台或酒店的写法填写', en: 'write it as the platform or the hotel has it' },
    );
  }

  const decided = await decide(looking, guest, dependencies);
  if ('refused' in decided) {
    return refused(decided.refused, { kind: body.kind, hotel, device, role: decided.role });
  }
  const { facts, verdict, found } = decided;
  let content: MaskedRecords;
  try {
    content = await contentOf(body, found, dependencies);
  } catch (error) {
    if (!(error instanceof BlockMissingError)) throw error;
    // The block was merged into another since its row was read: the rows are read again.
    const again = await findForView(looking, guest, facts, dependencies);
    content = await contentOf(body, again, dependencies);
  }
  // Retention is at work on them.
  if ('unreadable' in content) return conflict('A7', 'records-changed');

  const { records, more } = content;
  const viewId = newId('view', now);
  const mentor = shared === null ? {} : { mentor: shared.viewer };
  const watermark = viewWatermark(viewer, { viewId, at: now, hotel, ...mentor });
  const openUntil = new Date(now.getTime() + LIMITS.openViewMinutes * MINUTE_MS).toISOString();
  const window = spanText(found?.window);
  const guests = found?.guests ?? [];
  await dependencies.views.record(
    {
      ...{ viewId, viewer: viewer.personId, role: facts.role, hotel, kind: body.kind, guests, ...window },
      recordIds: records.map(({ recordId }) => recordId),
      at: now.toISOString(),
      // Nobody looks into a view of a view.
      openUntil: shared === null ? openUntil : now.toISOString(),
    },
    hotelDays(now, now, place.zone)[0] ?? '',
    {
      at: now,
      actor: viewer.personId,
      data: {
        ...{ view: viewId, kind: body.kind, hotel, role: facts.role, device, guests, ...window },
        rules: verdict.rules,
        records: records.length,
        conversations: new Set(records.map(({ conversationId }) => conversationId)).size,
        more,
        shown: shownDigest(records),
        ...(shared === null ? {} : { sharedView: shared.viewId, ...mentor }),
        ...(ticket === null ? {} : { ticket: ticket.reference }),
        ...basisOf(found),
      },
    },
  );
  dependencies.shown();
  return done({
    ...{ viewId, role: facts.role, rules: verdict.rules, hotel, ...window },
    records,
    more,
    waiting: found?.waiting ?? 0,
    openUntil,
    watermark,
  });
}

type Decided =
  | { facts: ViewFacts; verdict: Verdict; found: FoundForView | null }
  | { refused: Verdict; role: Role | null };

/** In each role that the viewer may look in: asked without what is found, and again with it. The first that may, does. */
async function decide(
  looking: Looking,
  guest: Identifier | null,
  dependencies: ViewDependencies,
): Promise<Decided> {
  const { viewer, place, kind, now } = looking;
  const [ruleSet, common] = await Promise.all([
    currentRuleSet(dependencies.ruleSets),
    viewFacts(looking, dependencies),
  ]);
  let denied: Decided = { refused: NOTHING_PERMITS, role: null };
  for (const role of viewingRoles(viewer, place.code, kind, now)) {
    const facts: ViewFacts = { ...common, role };
    const asked = decideView(ruleSet, facts);
    if (asked.outcome === 'deny') {
      denied = { refused: asked, role };
      continue;
    }
    if (kind === 'simulated') return { facts, verdict: asked, found: null };
    const found = await findForView(looking, guest, facts, dependencies);
    const verdict = decideView(ruleSet, { ...facts, found: found.facts });
    if (verdict.outcome === 'allow') return { facts, verdict, found };
    denied = { refused: verdict, role };
  }
  return denied;
}

async function contentOf(
  { kind }: ViewBody,
  found: FoundForView | null,
  dependencies: ViewDependencies,
): Promise<MaskedRecords> {
  if (found === null) return { records: simulatedConversations(), more: false };
  const content = await maskedRecords(found.blocks, LIMITS.viewRecords, dependencies);
  if (kind !== 'system' || 'unreadable' in content) return content;
  // T4: whatever a system's own records hold of a guest is not shown at all.
  return { ...content, records: content.records.filter(hasNoGuestData) };
}

function hasNoGuestData({ from, redactions }: ViewedRecord): boolean {
  return from.role !== 'guest' && redactions.length === 0;
}

/** R8: where consent doesn't stand, the rulebook allowed it as service of the guest's own contract. */
function basisOf(found: FoundForView | null): { basis?: string; withoutConsent?: string[] } {
  const withoutConsent = found?.facts.scope.withoutConsent ?? [];
  return withoutConsent.length === 0 ? {} : { basis: 'contract', withoutConsent };
}

/** The event says by it what was on the screen, without a word of it. */
function shownDigest(records: readonly ViewedRecord[]): string {
  return sha256(JSON.stringify(records));
}

function spanText(span: Span | undefined): { from: string | null; to: string | null } {
  return { from: span?.from.toISOString() ?? null, to: span?.to.toISOString() ?? null };
}
