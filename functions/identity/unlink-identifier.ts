import type { IdentifierIndex } from '../../shared/aws/identifier-index.ts';
import { searchIndexesOf } from '../../shared/crypto/blind-index.ts';
import { newId } from '../../shared/domain/identifiers.ts';
import type { Person } from '../../shared/domain/person.ts';
import type { RegionConfig } from '../../shared/domain/region-config.ts';
import { currentRuleSet } from '../../shared/facts/rule-sets-in-force.ts';
import { decideDuty } from '../../shared/policy/decide-duty.ts';
import type { IndexKey } from '../../shared/ports/keys.ts';
import type { RuleSets } from '../../shared/ports/rule-sets.ts';
import { badInput, conflict, done, type HttpResult, ok, refused } from '../../shared/runtime/http-result.ts';
import { regionFacts } from '../../shared/runtime/region.ts';
import type { UnlinkBody } from './unlink-body.ts';

export type UnlinkDependencies = {
  region: RegionConfig;
  ruleSets: RuleSets;
  indexKey: Pick<IndexKey, 'forSearch'>;
  identifiers: Pick<IdentifierIndex, 'guestsOf' | 'unlink'>;
};

const ATTEMPTS = 5;

/**
 * Takes an identifier from a guest to whom an authoritative source linked it wrongly (a phone number that was given to
 * somebody else, a typing error in the CRM): a custody event, and no row joins the two again. Answers alike whether the
 * identifier is known or not, so that it tells nobody who is a guest; and where several systems gave this
 * number, until the call says whose number it is: another person's must stay.
 */
export async function unlinkIdentifier(
  { actor, body, now }: { actor: Person; body: UnlinkBody; now: Date },
  { region, ruleSets, indexKey, identifiers }: UnlinkDependencies,
): Promise<HttpResult> {
  const { hotel, identifier, reference } = body;
  const verdict = decideDuty(await currentRuleSet(ruleSets), {
    region: regionFacts(region),
    actor,
    duty: 'unlink-identifiers',
    hotels: [hotel],
  });
  if (verdict.outcome === 'deny') return refused(verdict);
  const place = region.hotels.find(({ code }) => code === hotel);
  const key = await indexKey.forSearch();
  if (key === null || place === undefined) return ok(NOTHING_LINKED);
  const indexes = searchIndexesOf(key, identifier, { hotel, country: place.country });
  if (indexes.length === 0) {
    return badInput(
      { zh: `该值不是 ${identifier.kind}`, en: `this can't be a ${identifier.kind}` },
      'body.identifier.value',
      { zh: '更正后重试', en: 'correct it and send again' },
    );
  }
  const [index, ...others] = (await identifiers.guestsOf(indexes)).keys();
  if (index === undefined || others.length > 0) return ok(NOTHING_LINKED);
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const result = await identifiers.unlink(index, newId('gst', now), {
      at: now,
      actor: actor.personId,
      data: { kind: identifier.kind, hotel, reference },
    });
    if (result.outcome === 'nothing-linked') return ok(NOTHING_LINKED);
    if (result.outcome === 'unlinked') return done({ unlinked: true });
  }
  return conflict('A7', 'row-keeps-changing');
}

const NOTHING_LINKED = { unlinked: false };
