import { createHmac, type KeyObject } from 'node:crypto';
import { isWeak, possibleIssuers } from '../domain/identifier-issuer.ts';
import { LIMITS } from '../domain/limits.ts';
import type { Identifier } from '../domain/record.ts';
import { joinParts } from './keyed-parts.ts';
import { type IdentifierPlace, normaliseIdentifier } from './normalise-identifier.ts';

const LABEL = 'dualkey/blind-index';
/** Version of normalisation and key: two are searchable while a rotation runs. */
const VERSION = '1';

/**
 * By what a guest is found without the identifier standing anywhere: HMAC-SHA-256(index key, version ‖ kind ‖ scope ‖
 * normalised value), 64 lower-case hex digits; null where the value can't be of its kind. Pseudonymous, not anonymous:
 * never in logs, events or packages.
 */
export function blindIndexOf(
  indexKey: Uint8Array | KeyObject,
  identifier: Identifier,
  place: IdentifierPlace,
): string | null {
  const normalised = normaliseIdentifier(identifier, place);
  return normalised === null ? null : keyed(indexKey, identifier.kind, normalised.scope, normalised.value);
}

/**
 * Under which indexes a number that joins nobody leads to its guests, one each, in order; of any other identifier its one
 * index. Empty where the value can't be of its kind.
 */
export function sharedIndexesOf(
  indexKey: Uint8Array | KeyObject,
  identifier: Identifier,
  place: IdentifierPlace,
): string[] {
  const normalised = normaliseIdentifier(identifier, place);
  if (normalised === null) return [];
  const { scope, value } = normalised;
  const first = keyed(indexKey, identifier.kind, scope, value);
  if (!isWeak(identifier)) return [first];
  const others = Array.from({ length: LIMITS.guestsOfSharedNumber - 1 }, (_, other) =>
    keyed(indexKey, identifier.kind, `${scope}~${other + 2}`, value),
  );
  return [first, ...others];
}

/**
 * Every index that leads to whom somebody may mean by a value that they typed: people name no issuer, so each who may
 * have given this number is looked up. Empty where the value can't be of its kind.
 */
export function searchIndexesOf(
  indexKey: Uint8Array | KeyObject,
  { kind, value, issuer }: Identifier,
  place: IdentifierPlace,
): string[] {
  const issuers = issuer === undefined ? possibleIssuers(kind) : [issuer];
  return issuers.flatMap((one) =>
    sharedIndexesOf(indexKey, one === undefined ? { kind, value } : { kind, value, issuer: one }, place),
  );
}

/** By what a staff participant of a block is matched to people: `account` is `wecom:USERID`, as in the directory. */
export function staffIndexOf(indexKey: Uint8Array | KeyObject, account: string): string {
  return keyed(indexKey, 'staff', '', account.normalize('NFKC').trim());
}

function keyed(indexKey: Uint8Array | KeyObject, kind: string, scope: string, value: string): string {
  return createHmac('sha256', indexKey)
    .update(joinParts(LABEL, VERSION, kind, scope, value))
    .digest('hex');
}
