import { openText, sealText } from '../../shared/crypto/sealed-text.ts';
import type { AccessGrant } from '../../shared/domain/access-grant.ts';
import { newId } from '../../shared/domain/identifiers.ts';
import { LIMITS } from '../../shared/domain/limits.ts';
import type { Person } from '../../shared/domain/person.ts';
import type { ProviderRequest } from '../../shared/domain/provider-request.ts';
import { currentRuleSet } from '../../shared/facts/rule-sets-in-force.ts';
import { evidenceKeyOf } from '../../shared/loop/evidence-key.ts';
import { requestTexts } from '../../shared/loop/request-texts.ts';
import { decideProvider } from '../../shared/policy/decide-provider.ts';
import { badInput, conflict, done, type HttpResult, notFound, ok } from '../../shared/runtime/http-result.ts';
import { refusalOf } from '../../shared/runtime/refusal-of.ts';
import { regionFacts } from '../../shared/runtime/region.ts';
import type { DraftBody } from './provider-body.ts';
import type { ProviderDependencies } from './provider-dependencies.ts';
import { shownProviderRequest } from './shown-provider-request.ts';

export type DraftCall = { requestId: string; actor: Person; body: DraftBody; now: Date };
type Dependencies = Pick<ProviderDependencies, 'region' | 'ruleSets' | 'store' | 'providers' | 'keys'>;

/**
 * Drafts a provider request on an approved access request. The same draft asked for again (after a crash, or twice) is
 * the one that stands: nothing is doubled.
 */
export async function draftProviderRequest(
  { requestId, actor, body, now }: DraftCall,
  { region, ruleSets, store, providers, keys }: Dependencies,
): Promise<HttpResult> {
  const grant = await store.read(requestId);
  if (grant === null) return notFound({ zh: '没有这份申请', en: 'no such request' }, 'path.id');
  const { platform, dueDays, hotels = hotelsHere(grant), categories = [] } = body;
  const facts = { region: regionFacts(region), grant, actor, act: 'ask-provider' as const, platform, hotels };
  const verdict = decideProvider(await currentRuleSet(ruleSets), facts);
  if (verdict.outcome === 'deny') return refusalOf(verdict);

  // A request without categories is about all of them.
  const beyond = categories.filter((one) => grant.categories.length > 0 && !grant.categories.includes(one));
  if (beyond.length > 0) {
    return badInput(
      {
        zh: `申请未批准这些类别:${beyond.join(', ')}`,
        en: `not among the categories that were approved: ${beyond.join(', ')}`,
      },
      'body.categories',
      { zh: `写其中的:${grant.categories.join(', ')}`, en: `name some of ${grant.categories.join(', ')}` },
    );
  }

  const key = await evidenceKeyOf(keys, requestId);
  const texts = { provider: body.provider, address: body.address ?? null, replyTo: body.replyTo ?? null };
  for (;;) {
    const there = await providers.ofRequest(requestId);
    const standing = there.find((row) =>
      isSameDraft(row, { actor, platform, dueDays, hotels, categories, texts }, key),
    );
    if (standing !== undefined) return ok(shownProviderRequest(standing, key));
    const number = there.reduce((highest, row) => Math.max(highest, row.number), 0) + 1;
    if (number > LIMITS.providerRequests) return conflict('L8', 'too-many-provider-requests');
    const providerRequestId = newId('prq', now);
    const letterNumber = `${grant.registerNumber}-P${String(number).padStart(2, '0')}`;
    const sealed = (what: 'provider' | 'address' | 'reply-to', text: string) =>
      sealText(key, requestTexts.provider(requestId, providerRequestId, what), text);
    const row = await providers.create(
      {
        providerRequestId,
        requestId,
        number,
        letterNumber,
        platform,
        hotels,
        categories,
        dueDays,
        provider: sealed('provider', texts.provider),
        address: texts.address === null ? null : sealed('address', texts.address),
        replyTo: texts.replyTo === null ? null : sealed('reply-to', texts.replyTo),
        drafted: { by: actor.personId, at: now.toISOString() },
        letters: [],
        answerBy: null,
        sent: null,
        overdueSince: null,
        refusal: null,
        withdrawal: null,
        answers: [],
      },
      {
        at: now,
        actor: actor.personId,
        data: {
          requestId,
          requestDigest: grant.requestDigest,
          letterNumber,
          platform,
          hotels,
          categories,
          dueDays,
        },
      },
    );
    // Somebody else's draft took the number: look at what stands, and take the next.
    if (row !== 'number-taken') return done(shownProviderRequest(row, key));
  }
}

function isSameDraft(
  row: ProviderRequest,
  asked: {
    actor: Person;
    platform: string;
    dueDays: number;
    hotels: readonly string[];
    categories: readonly string[];
    texts: { provider: string; address: string | null; replyTo: string | null };
  },
  key: Uint8Array,
): boolean {
  const { requestId, providerRequestId, state, drafted, platform, dueDays, hotels, categories } = row;
  const opened = (what: 'provider' | 'address' | 'reply-to', sealed: string | null) =>
    sealed === null ? null : openText(key, requestTexts.provider(requestId, providerRequestId, what), sealed);
  return (
    state === 'drafted' &&
    drafted.by === asked.actor.personId &&
    platform === asked.platform &&
    dueDays === asked.dueDays &&
    isSameSet(hotels, asked.hotels) &&
    isSameSet(categories, asked.categories) &&
    opened('provider', row.provider) === asked.texts.provider &&
    opened('address', row.address) === asked.texts.address &&
    opened('reply-to', row.replyTo) === asked.texts.replyTo
  );
}

function isSameSet(ones: readonly string[], others: readonly string[]): boolean {
  return [...ones].sort().join() === [...others].sort().join();
}

/** A letter goes out for this region's hotels; the others are written about from their own region (A3). */
function hotelsHere({ hotels, hotelsElsewhere = [] }: AccessGrant): string[] {
  return hotels.filter((hotel) => !hotelsElsewhere.includes(hotel));
}
