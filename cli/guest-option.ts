import { SUBJECT_KINDS } from '../shared/domain/access-request.ts';
import { BadInputError } from './failure.ts';

/** `KIND:VALUE` of an option such as `--guest`. Throws BadInputError. */
export function guestOf(text: string, option = '--guest'): { kind: string; value: string } {
  const at = text.indexOf(':');
  const kind = text.slice(0, at);
  if (at < 1 || !SUBJECT_KINDS.some((known) => known === kind) || at === text.length - 1) {
    throw new BadInputError('a guest is KIND:VALUE', option, `KIND is one of ${SUBJECT_KINDS.join(', ')}`);
  }
  return { kind, value: text.slice(at + 1) };
}
