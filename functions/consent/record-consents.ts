import type { IdentifierIndex } from '../../shared/aws/identifier-index.ts';
import { searchIndexesOf, sharedIndexesOf, staffIndexOf } from '../../shared/crypto/blind-index.ts';
import { areSeveral } from '../../shared/custody-in/are-several.ts';
import { guestUnder } from '../../shared/custody-in/guest-under.ts';
import type { ConsentFact } from '../../shared/domain/consent.ts';
import { hotelOf } from '../../shared/domain/hotel-of.ts';
import { withIssuer } from '../../shared/domain/identifier-issuer.ts';
import { derivedId } from '../../shared/domain/identifiers.ts';
import type { Person } from '../../shared/domain/person.ts';
import type { RegionConfig } from '../../shared/domain/region-config.ts';
import { currentRuleSet } from '../../shared/facts/rule-sets-in-force.ts';
import { inParallel } from '../../shared/loop/in-parallel.ts';
import { decideDuty } from '../../shared/policy/decide-duty.ts';
import type { ConsentStore } from '../../shared/ports/consent-store.ts';
import type { IndexKey } from '../../shared/ports/keys.ts';
import type { RuleSets } from '../../shared/ports/rule-sets.ts';
import { badInput, done, type HttpResult, ok, refused } from '../../shared/runtime/http-result.ts';
import { regionFacts } from '../../shared/runtime/region.ts';
import type { ConsentsBody } from './consent-body.ts';

export type ConsentDependencies = {
  region: RegionConfig;
  ruleSets: RuleSets;
  consents: ConsentStore;
  indexKey: Pick<IndexKey, 'forIngest'>;
  identifiers: Pick<IdentifierIndex, 'guestsOf' | 'members' | 'create'>;
};

const AT_ONCE = 8;

/**
 * Takes dated facts of consent on record (R8), each with its event. Somebody who isn't known yet becomes a guest by this
 * identifier, so that what comes later finds the consent. The same fact again changes nothing. Where a number leads to
 * several guests, it must say whose number it is: consent is one person's.
 */
export async function recordConsents(
  { actor, body, now }: { actor: Person; body: ConsentsBody; now: Date },
  dependencies: ConsentDependencies,
): Promise<HttpResult> {
  const { region, ruleSets, consents, indexKey, identifiers } = dependencies;
  const verdict = decideDuty(await currentRuleSet(ruleSets), {
    region: regionFacts(region),
    actor,
    duty: 'record-consent',
    hotels: [body.hotel],
  });
  if (verdict.outcome === 'deny') return refused(verdict);
  const place = hotelOf(region, body.hotel);

  const key = await indexKey.forIngest();
  const at = { hotel: place.code, country: place.country };
  const indexed = await inParallel(body.facts, AT_ONCE, async ({ subject, source }) => {
    const indexes = searchIndexesOf(key, subject, at);
    const known = await identifiers.guestsOf(indexes);
    const [own = null] = sharedIndexesOf(key, withIssuer(source, subject), at);
    return {
      index: [...known.keys()][0] ?? own,
      several: await areSeveral([...new Set(known.values())], identifiers),
    };
  });
  for (const [position, fact] of body.facts.entries()) {
    if (indexed[position]?.index === null) {
      return badInput(
        { zh: `该值不是 ${fact.subject.kind}`, en: `this can't be a ${fact.subject.kind}` },
        `body.facts.${position}.subject.value`,
        {
          zh: '更正后重试;本次未登记任何内容',
          en: 'correct it and send again; nothing of this call was recorded',
        },
      );
    }
    if (indexed[position]?.several === true) {
      return badInput(
        { zh: '这个号码指向多位客人', en: 'this number leads to several guests' },
        `body.facts.${position}.subject`,
        {
          zh: '写明由谁编号(issuer),或改用手机号等;本次未登记任何内容',
          en: 'state whose number it is (issuer), or use another identifier; nothing of this call was recorded',
        },
      );
    }
    if (Date.parse(fact.at) > now.getTime()) {
      return badInput(
        { zh: '这个时间尚未到来', en: 'this lies in the future' },
        `body.facts.${position}.at`,
        { zh: '写明表示的时间', en: 'state when it was said' },
      );
    }
  }

  const counts = { recorded: 0, thereAlready: 0 };
  for (const [position, said] of body.facts.entries()) {
    const guestId = await guestUnder(indexed[position]?.index ?? '', now, identifiers);
    const staff = said.staff === undefined ? null : staffIndexOf(key, said.staff);
    const saidAt = new Date(said.at).toISOString();
    // A fact that names no purpose keeps the id that it always had.
    const purpose = said.purpose === undefined || said.purpose === 'collection' ? [] : [said.purpose];
    const fact: ConsentFact = {
      factId: derivedId(
        'cns',
        guestId,
        said.source,
        said.state,
        saidAt,
        staff ?? '',
        said.reference,
        ...purpose,
      ),
      guestId,
      hotel: body.hotel,
      source: said.source,
      ...(said.purpose === undefined ? {} : { purpose: said.purpose }),
      state: said.state,
      at: saidAt,
      staff,
      evidence: { reference: said.reference },
      recordedAt: now.toISOString(),
      by: actor.personId,
    };
    const event = { at: now, actor: actor.personId, data: { reference: said.reference } };
    const outcome = await consents.record(fact, event);
    counts[outcome === 'recorded' ? 'recorded' : 'thereAlready'] += 1;
  }
  const answered = counts.recorded > 0 ? done : ok;
  return answered(counts);
}
