import { hash, randomBytes } from 'node:crypto';

const CROCKFORD = '0123456789abcdefghjkmnpqrstvwxyz';

/** A new time-ordered id such as `req_01jd…`: prefix, 10 characters of milliseconds, 16 of randomness (Crockford base 32). */
export function newId(
  prefix: 'req' | 'prq' | 'bat' | 'hold' | 'gst' | 'crt' | 'att' | 'bas' | 'chg' | 'imp' | 'view' | 'p',
  now: Date,
): string {
  let time = now.getTime();
  let stamp = '';
  for (let digit = 0; digit < 10; digit += 1) {
    stamp = CROCKFORD.charAt(time % 32) + stamp;
    time = Math.floor(time / 32);
  }
  const random = [...randomBytes(16)].map((byte) => CROCKFORD.charAt(byte % 32)).join('');
  return `${prefix}_${stamp}${random}`;
}

/** An id that a retry of the same act yields again, so that a second run is harmless. */
export function derivedId(
  prefix: 'req' | 'opn' | 'blk' | 'med' | 'evt' | 'crt' | 'cns' | 'chg',
  ...parts: string[]
): string {
  return `${prefix}_${hash('sha256', parts.join('\n'), 'hex').slice(0, 32)}`;
}
