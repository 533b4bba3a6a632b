import { searchIndexesOf } from '../../shared/crypto/blind-index.ts';
import { newId } from '../../shared/domain/identifiers.ts';
import type { LegalHold } from '../../shared/domain/legal-hold.ts';
import type { Person } from '../../shared/domain/person.ts';
import type { RegionConfig } from '../../shared/domain/region-config.ts';
import { deny } from '../../shared/domain/verdict.ts';
import { currentRuleSet } from '../../shared/facts/rule-sets-in-force.ts';
import { decideDuty } from '../../shared/policy/decide-duty.ts';
import type { IndexKey } from '../../shared/ports/keys.ts';
import type { RecordsIndex } from '../../shared/ports/records-index.ts';
import type { RuleSets } from '../../shared/ports/rule-sets.ts';
import { type HoldParts, putInPlace } from '../../shared/retention/settle-holds.ts';
import { badInput, done, type HttpResult, ok, refused } from '../../shared/runtime/http-result.ts';
import { regionFacts } from '../../shared/runtime/region.ts';
import type { StepUpSources } from '../../shared/step-up/take-step-up.ts';
import type { PlaceBody } from './hold-body.ts';

export type HoldDependencies = HoldParts & {
  stepUps: StepUpSources;
  region: RegionConfig;
  ruleSets: RuleSets;
  indexKey: Pick<IndexKey, 'forSearch'>;
  records: Pick<RecordsIndex, 'guestsOf'>;
};

export type PlaceCall = { actor: Person; body: PlaceBody; now: Date };

/**
 * Places a legal hold (D3) on every record of a guest at a hotel, those that come later too. The hold and its event
 * stand first; then each key of the guest gets it. The same matter on the same guest is the same hold.
 *
 * Refused alike, and recorded, where nobody is known by the identifier and where this hotel has no records of whoever
 * is: else a hold would tell who is a guest of the chain's other hotels.
 */
export async function placeHold(
  { actor, body, now }: PlaceCall,
  dependencies: HoldDependencies,
): Promise<HttpResult> {
  const { region, ruleSets, holds } = dependencies;
  const verdict = decideDuty(await currentRuleSet(ruleSets), {
    region: regionFacts(region),
    actor,
    duty: 'place-hold',
    hotels: [body.hotel],
  });
  if (verdict.outcome === 'deny') return refused(verdict);

  const guests = await guestsOf(body, dependencies);
  if (guests === 'no identifier') {
    return badInput(
      { zh: `该值不是 ${body.subject.kind}`, en: `this can't be a ${body.subject.kind}` },
      'body.subject.value',
      { zh: '按平台或酒店的写法填写', en: 'write it as the platform or the hotel has it' },
    );
  }
  if (guests.length === 0) return refused(deny('D3', 'no-records-to-hold'));
  const standing = await standingHold(body, guests, dependencies);
  const hold: LegalHold = standing ?? {
    holdId: newId('hold', now),
    matter: body.matter,
    hotel: body.hotel,
    subjectKind: body.subject.kind,
    guests,
    state: 'placing',
    placed: { by: actor.personId, at: now.toISOString() },
    release: null,
  };
  if (standing === null) {
    await holds.create(hold, {
      at: now,
      actor: actor.personId,
      data: { matter: hold.matter, hotel: hold.hotel, guests: hold.guests },
    });
  }
  const { keys, tooLate } = await putInPlace(hold, dependencies);
  const answered = standing === null ? done : ok;
  return answered({
    holdId: hold.holdId,
    matter: hold.matter,
    hotel: hold.hotel,
    state: 'active',
    guests: hold.guests.length,
    keys,
    tooLate,
  });
}

/** Those guests known by the identifier of whom this hotel has records. */
async function guestsOf(
  { subject, hotel }: PlaceBody,
  { region, indexKey, records, holdKeys }: HoldDependencies,
): Promise<string[] | 'no identifier'> {
  const place = region.hotels.find(({ code }) => code === hotel);
  const key = await indexKey.forSearch();
  if (key === null || place === undefined) return [];
  const indexes = searchIndexesOf(key, subject, { hotel, country: place.country });
  if (indexes.length === 0) return 'no identifier';
  const known = await records.guestsOf(indexes);
  const here = await Promise.all(known.map((guestId) => holdKeys.hasKeysAt(guestId, hotel)));
  return known.filter((_, position) => here[position]);
}

/** The hold of this matter that stands on these very guests already. */
async function standingHold(
  { matter, hotel }: PlaceBody,
  guests: string[],
  { holds }: HoldDependencies,
): Promise<LegalHold | null> {
  const [first = ''] = guests;
  const there = await holds.ofGuest(first);
  return (
    there.find(
      (hold) =>
        (hold.state === 'placing' || hold.state === 'active') &&
        hold.matter === matter &&
        hold.hotel === hotel &&
        guests.every((guestId) => hold.guests.includes(guestId)),
    ) ?? null
  );
}
