const SEPARATED_DIGITS = /\d+(?:[xX](?![A-Za-z0-9]))?(?:[._/#-]+\d+(?:[xX](?![A-Za-z0-9]))?)*/g;

/** Numbers of phones as they are dialled in China, with or without its country code, and of others with a 00. */
const PHONES = [
  /^(?:00|0)?(?:86)?1[3-9]\d{9}$/,
  /^(?:00|0)?860?[1-9]\d{8,10}$/,
  /^0[1-9]\d{8,10}$/,
  /^00[1-9]\d{8,13}$/,
];
const GROUPED_PHONE = '3 3 4';
const IDENTITY =
  /^[1-9]\d{5}(?:(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dX]|\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3})$/;
/** `20260501123000`, with or without milliseconds. */
const TIMESTAMP =
  /^20[0-3]\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])[0-5]\d[0-5]\d(?:\d{3})?$/;
const CARD_LENGTHS = { least: 13, most: 19 };
const GROUPED_CARD = /^(?:(?:4 )+[1-4]|4 6 [45])$/;

/**
 * Whether a file's number has in it, whole or grouped by `. _ / # -`, what by its shape is a phone's, a Chinese identity
 * document's or a bank card's number. A shape is no proof: a file's number may be refused that looks like one. What
 * masks guests' words is shared/package/mask.ts, which looks harder.
 */
export function readsAsPersonalNumber(text: string): boolean {
  for (const [run] of text.matchAll(SEPARATED_DIGITS)) {
    const groups = run.split(/[._/#-]+/);
    for (let from = 0; from < groups.length; from += 1) {
      for (let to = from + 1; to <= groups.length; to += 1) {
        if (isPersonal(groups.slice(from, to))) return true;
      }
    }
  }
  return false;
}

function isPersonal(groups: string[]): boolean {
  const written = groups.join('').toUpperCase();
  const digits = written.replaceAll('X', '');
  const lengths = groups.map((group) => group.length).join(' ');
  if (IDENTITY.test(written) || PHONES.some((phone) => phone.test(digits))) return true;
  if (lengths === GROUPED_PHONE && /^[2-9]/.test(digits)) return true;
  const cardLike = groups.length === 1 || GROUPED_CARD.test(lengths);
  return cardLike && isCard(digits);
}

/** 13 to 19 digits that satisfy Luhn (ISO/IEC 7812), not one digit over and over, not the time of a system. */
function isCard(digits: string): boolean {
  if (digits.length < CARD_LENGTHS.least || digits.length > CARD_LENGTHS.most) return false;
  if (/^(\d)\1*$/.test(digits) || TIMESTAMP.test(digits)) return false;
  const sum = [...digits].reverse().reduce((total, digit, place) => {
    const value = place % 2 === 0 ? Number(digit) : Number(digit) * 2;
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}
