import { domainToASCII } from 'node:url';
import { isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js';
import { HOTEL_NUMBERING } from '../domain/identifier-issuer.ts';
import { isPlaceholder } from '../domain/placeholder.ts';
import type { Identifier } from '../domain/record.ts';

/** Where an identifier was written down: some mean something in one hotel only, and phones may lack their country (ISO 3166). */
export type IdentifierPlace = { hotel: string; country: string };

/** An identifier in its one form, and the scope in which that form means one guest (empty: the whole region). */
export type NormalisedIdentifier = { value: string; scope: string };

/**
 * One form for everything that people write for the same identifier; null where it can't be one of its kind, or stands
 * for none (shared/domain/placeholder.ts). `name-and-room` is `NAME / ROOM / YYYY-MM-DD`, the date a night of the stay:
 * scoped by hotel and date. Numbers that systems give are scoped by hotel and by who gave them, a document's by the
 * country that issued it, where that is known.
 */
export function normaliseIdentifier(
  { kind, value, issuer }: Identifier,
  { hotel, country }: IdentifierPlace,
): NormalisedIdentifier | null {
  const text = value.normalize('NFKC').trim();
  if (isPlaceholder({ kind, value })) return null;
  // The hotel's own numbering is the one that needs no name.
  const numbering = issuer === undefined || issuer === HOTEL_NUMBERING ? hotel : `${hotel}/${issuer}`;
  switch (kind) {
    case 'phone': {
      const phone = parsePhoneNumberFromString(text, isSupportedCountry(country) ? country : undefined);
      if (phone?.isPossible() !== true || /^(.)\1*$/.test(phone.nationalNumber)) return null;
      return { value: phone.number, scope: '' };
    }
    case 'email': {
      const parts = /^([^@\s]+)@([^@\s]+)$/.exec(text.toLowerCase());
      const domain = domainToASCII(parts?.[2] ?? '');
      return domain === '' ? null : { value: `${parts?.[1]}@${domain}`, scope: '' };
    }
    case 'booking': {
      const compact = text.toUpperCase().replaceAll(/[\s-]/g, '');
      return compact === '' ? null : { value: compact, scope: numbering };
    }
    case 'document': {
      const compact = text.toUpperCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
      return compact === '' ? null : { value: compact, scope: issuer ?? '' };
    }
    case 'name-and-room': {
      const parts = /^([^/]+)\/([^/]+)\/\s*(\d{4}-\d{2}-\d{2})$/.exec(text);
      if (parts === null) return null;
      const [, name = '', room = '', date = ''] = parts;
      const plainName = name.toLowerCase().replaceAll(/\s+/g, ' ').trim();
      const plainRoom = room.toUpperCase().replaceAll(/\s/g, '');
      if (plainName === '' || plainRoom === '' || Number.isNaN(Date.parse(date))) return null;
      return { value: `${plainName}/${plainRoom}`, scope: `${hotel}/${date}` };
    }
    // Ids that platforms give are case-sensitive: they stay as they are.
    case 'wecom':
    case 'wechat':
    case 'weibo':
    case 'line':
      return text === '' || /\s/.test(text) ? null : { value: text, scope: '' };
    // An account as the directory has it, with its platform.
    case 'employee':
      return /^[a-z][a-z-]*:\S+$/.test(text) ? { value: text, scope: '' } : null;
    case 'crm':
    case 'ticket':
    case 'card':
      return text === '' ? null : { value: text, scope: numbering };
  }
}
