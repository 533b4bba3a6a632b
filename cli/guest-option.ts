import { getCountries } from 'libphonenumber-js';
import { normaliseIdentifier } from '../shared/crypto/normalise-identifier.ts';
import { IDENTIFIER_KINDS, type Identifier } from '../shared/domain/record.ts';
import { BadInputError } from './failure.ts';

/** Kinds whose form isn't evident. */
const HOW_TO_WRITE: Partial<Record<Identifier['kind'], { zh: string; en: string }>> = {
  phone: {
    zh: '写完整号码,如 phone:+8613800138000',
    en: 'write the whole number, such as phone:+8613800138000',
  },
  email: { zh: '写完整地址,如 email:wang@example.com', en: 'write it whole, such as email:wang@example.com' },
  'name-and-room': {
    zh: '写作 name-and-room:姓名/房号/YYYY-MM-DD(入住期间任一晚)',
    en: 'write name-and-room:NAME/ROOM/YYYY-MM-DD, the date a night of the stay',
  },
  employee: {
    zh: '写作 employee:平台:账号,与人员目录一致',
    en: 'write employee:PLATFORM:ACCOUNT as the directory has it',
  },
};
const AS_IT_IS = {
  zh: '按平台或酒店的写法填写',
  en: 'write it as the platform or the hotel has it',
};

/**
 * `KIND:VALUE` of an option such as `--guest`, or `KIND@ISSUER:VALUE`. Throws BadInputError, also for a value that can't
 * be of its kind in any country; the value is not repeated.
 */
export function guestOf(text: string, option = '--guest'): Identifier {
  const at = text.indexOf(':');
  const [named = '', issuer] = text.slice(0, at).split('@');
  const kind = IDENTIFIER_KINDS.find((known) => known === named);
  if (at < 1 || kind === undefined || at === text.length - 1) {
    throw new BadInputError({ zh: '客人写作 种类:值', en: 'a guest is KIND:VALUE' }, option, {
      zh: `种类为 ${IDENTIFIER_KINDS.join(', ')} 之一`,
      en: `KIND is one of ${IDENTIFIER_KINDS.join(', ')}`,
    });
  }
  const identifier = { kind, value: text.slice(at + 1), ...(issuer === undefined ? {} : { issuer }) };
  if (!isOfItsKind(identifier)) {
    const remedy = HOW_TO_WRITE[kind] ?? AS_IT_IS;
    throw new BadInputError({ zh: `该值不是 ${kind}`, en: `the value can't be a ${kind}` }, option, remedy);
  }
  return identifier;
}

/** In some country at least: which one the hotel is in, the deployment knows. */
function isOfItsKind(identifier: Identifier): boolean {
  const countries = identifier.kind === 'phone' ? getCountries() : [''];
  return countries.some((country) => normaliseIdentifier(identifier, { hotel: '', country }) !== null);
}
