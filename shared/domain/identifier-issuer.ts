import { getCountries } from 'libphonenumber-js';
import { z } from 'zod';
import { type Identifier, type IdentifierKind, SOURCES, type Source } from './record.ts';

/**
 * Who gave a number out, where its kind alone doesn't say: the same digits are somebody else's with another issuer.
 * `hotel` is the hotel's one numbering, which its own systems share (the PMS confirmation number above all); otherwise it
 * is the source whose system counts for itself, and of a document the country that issued it (ISO 3166, two letters).
 */
export type Issuer = string;

/** The numbering that the hotel's own systems share. */
export const HOTEL_NUMBERING: Issuer = 'hotel';

/** Kinds whose values are numbers that a system gives: they mean one guest with one issuer in one hotel. */
const ISSUED_BY_SYSTEMS: readonly IdentifierKind[] = ['booking', 'crm', 'ticket', 'card'];
/** Agencies that number reservations of every hotel themselves. */
const AGENCIES: readonly Source[] = ['booking', 'expedia', 'ctrip'];

/** An issuer as a call may name it. */
export const issuerSchema = z.enum([HOTEL_NUMBERING, ...SOURCES, ...getCountries()]);

export function isIssuedBySystems(kind: IdentifierKind): boolean {
  return ISSUED_BY_SYSTEMS.includes(kind);
}

/**
 * An identifier of a source's row with its issuer. Where the importer names none: an agency's booking is the agency's,
 * everybody else's the hotel's; other numbers are the source's own. Resident identity numbers say who issued them.
 */
export function withIssuer(source: Source, identifier: Identifier): Identifier {
  const { kind, value, issuer } = identifier;
  if (kind === 'document') return isResidentNumber(value) ? { kind, value, issuer: 'CN' } : identifier;
  if (issuer !== undefined || !isIssuedBySystems(kind)) return identifier;
  const own = kind !== 'booking' || AGENCIES.includes(source);
  return { kind, value, issuer: own ? source : HOTEL_NUMBERING };
}

/** Every issuer whose number a value may be that somebody typed; undefined where there is no issuer to tell apart. */
export function possibleIssuers(kind: IdentifierKind): readonly (Issuer | undefined)[] {
  if (isIssuedBySystems(kind)) return [HOTEL_NUMBERING, ...SOURCES];
  return kind === 'document' ? [undefined, ...getCountries()] : [undefined];
}

/**
 * Whether an identifier says enough to make two guests one: the number of a document is another person's in another
 * country. Such a number finds its guests, and joins nobody.
 */
export function isWeak({ kind, issuer }: Identifier): boolean {
  return kind === 'document' && issuer === undefined;
}

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKS = '10X98765432';

/** A resident identity number of the PRC, 18 characters with a date of birth and their check character (GB 11643-1999). */
export function isResidentNumber(value: string): boolean {
  const compact = value.normalize('NFKC').toUpperCase().replaceAll(/[\s-]/g, '');
  if (!/^[1-9]\d{5}(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dX]$/.test(compact))
    return false;
  const sum = WEIGHTS.reduce((total, weight, place) => total + weight * Number(compact[place]), 0);
  return CHECKS[sum % 11] === compact[17];
}
