import { searchIndexesOf, sharedIndexesOf } from '../../shared/crypto/blind-index.ts';
import { areSeveral } from '../../shared/custody-in/are-several.ts';
import { guestUnder } from '../../shared/custody-in/guest-under.ts';
import type { CaseEntry } from '../../shared/domain/case-entry.ts';
import { isIssuedBySystems } from '../../shared/domain/identifier-issuer.ts';
import { LIMITS } from '../../shared/domain/limits.ts';
import type { Words } from '../../shared/domain/words.ts';
import type { HttpResult } from '../../shared/runtime/http-result.ts';
import type { CaseDependencies } from './case-dependencies.ts';
import { faulty } from './faulty-cases.ts';

type Fault = { path: (string | number)[]; message: Words };
/** Guests who are known, or the index under which somebody is to become one. */
type Looked = { known: string[] } | { fresh: string } | { fault: Words };

/**
 * The guest ids of each entry. Somebody who isn't known yet becomes a guest by this identifier, so that records that come
 * later find the case: a dispute keeps them back from their first hour. All are looked up before anybody is made.
 */
export async function resolveGuests(
  entries: readonly CaseEntry[],
  now: Date,
  dependencies: CaseDependencies,
): Promise<string[][] | HttpResult> {
  const key = entries.some(({ guests }) => guests.length > 0)
    ? await dependencies.indexKey.forIngest()
    : null;
  const looked: Looked[][] = [];
  const faults: Fault[] = [];
  for (const [position, entry] of entries.entries()) {
    const found: Looked[] = [];
    for (const [index, identifier] of entry.guests.entries()) {
      const one: Looked = key === null ? { known: [] } : await lookUp(entry, identifier, key, dependencies);
      if ('fault' in one) faults.push({ path: [position, 'guests', index], message: one.fault });
      found.push(one);
    }
    looked.push(found);
  }
  if (faults.length > 0) return faulty(faults);

  const resolved: string[][] = [];
  for (const [position, found] of looked.entries()) {
    const ids: string[] = [];
    for (const one of found) {
      if ('known' in one) ids.push(...one.known);
      if ('fresh' in one) ids.push(await guestUnder(one.fresh, now, dependencies.identifiers));
    }
    const each = [...new Set(ids)].sort();
    if (each.length > LIMITS.guestIdsPerCase) {
      return faulty([{ path: [position, 'guests'], message: { zh: '客人过多', en: 'too many guests' } }]);
    }
    resolved.push(each);
  }
  return resolved;
}

async function lookUp(
  { filed }: CaseEntry,
  identifier: CaseEntry['guests'][number],
  key: Uint8Array,
  { region, identifiers }: CaseDependencies,
): Promise<Looked> {
  const places = region.hotels
    .filter(({ code }) => filed.hotels.includes(code))
    .map(({ code, country }) => ({ hotel: code, country }));
  const indexes = places.flatMap((place) => searchIndexesOf(key, identifier, place));
  if (indexes.length === 0) {
    return { fault: { zh: `该值不是 ${identifier.kind}`, en: `this can't be a ${identifier.kind}` } };
  }
  const known = [...new Set((await identifiers.guestsOf(indexes)).values())];
  // A ticket lets its assignee see its guests: of a number that leads to several persons, nobody knows whose it is.
  if (filed.kind === 'ticket' && (await areSeveral(known, identifiers))) {
    return {
      fault: {
        zh: '这个号码指向多位客人:请写明由谁编号',
        en: 'this number leads to several guests: name its issuer',
      },
    };
  }
  if (known.length > 0) return { known };
  if (identifier.issuer === undefined && isIssuedBySystems(identifier.kind)) {
    return {
      fault: {
        zh: '尚无此客人:请写明由谁编号(booking@hotel:…)',
        en: 'nobody is known by this number yet: name its issuer (booking@hotel:…)',
      },
    };
  }
  const [fresh] = places.flatMap((place) => sharedIndexesOf(key, identifier, place));
  return fresh === undefined ? { known: [] } : { fresh };
}
