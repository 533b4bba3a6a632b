import { isLetter, type Search } from './masked-span.ts';

/** A view in which names of fields are read as words; `places` says where each of its characters stands in the view. */
export type FieldWords = { text: string; places: Uint32Array };

/**
 * Names of fields as words, `passportNumber`, `passport_number`, `passport.number` as `passport number`: so whole objects of
 * a platform are shown, and a label within such a name is a label. Null where no name is written so.
 */
export function fieldWords(search: Search, original: string): FieldWords | null {
  const { text, starts } = search.view;
  const parts: string[] = [];
  const places: number[] = [];
  let split = false;
  search.steps += text.length;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charAt(at);
    if (beginsWord(at)) {
      parts.push(' ');
      places.push(at);
      split = true;
    }
    const joins =
      (unit === '_' || unit === '.') && isLetter(text.charAt(at - 1)) && isLetter(text.charAt(at + 1));
    split ||= joins;
    parts.push(joins ? ' ' : unit);
    places.push(at);
  }
  return split ? { text: parts.join(''), places: Uint32Array.from(places) } : null;

  /** Whether a capital here begins a word within a name: `cardNumber`, `IDNumber`. */
  function beginsWord(at: number): boolean {
    if (at === 0 || !isLetter(text.charAt(at)) || !isLetter(text.charAt(at - 1)) || !isCapital(at))
      return false;
    return !isCapital(at - 1) || (isLetter(text.charAt(at + 1)) && !isCapital(at + 1));
  }
  function isCapital(at: number): boolean {
    // Full-width letters have capitals too.
    return /^\p{Lu}$/u.test(original.charAt(starts[at] ?? 0));
  }
}
