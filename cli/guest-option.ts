import { IDENTIFIER_KINDS } from '../shared/domain/record.ts';
import { BadInputError } from './failure.ts';

/** `KIND:VALUE` of an option such as `--guest`. Throws BadInputError. */
export function guestOf(text: string, option = '--guest'): { kind: string; value: string; issuer?: string } {
  const at = text.indexOf(':');
  const [kind = '', issuer] = text.slice(0, at).split('@');
  if (at < 1 || !IDENTIFIER_KINDS.some((known) => known === kind) || at === text.length - 1) {
    throw new BadInputError(
      '客人写作 种类:值 a guest is KIND:VALUE',
      option,
      `种类为 KIND is one of ${IDENTIFIER_KINDS.join(', ')}`,
    );
  }
  return { kind, value: text.slice(at + 1), ...(issuer === undefined ? {} : { issuer }) };
}
