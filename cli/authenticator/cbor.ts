/** What an authenticator has to say in CBOR (RFC 8949): integers, bytes, texts, and maps in the order given. */
export type CborValue = number | string | Uint8Array | ReadonlyMap<number | string, CborValue>;

const [UNSIGNED, NEGATIVE, BYTES, TEXT, MAP] = [0, 1, 2, 3, 5] as const;

export function cbor(value: CborValue): Buffer {
  if (typeof value === 'number') return value < 0 ? head(NEGATIVE, -1 - value) : head(UNSIGNED, value);
  if (typeof value === 'string') {
    const text = Buffer.from(value, 'utf8');
    return Buffer.concat([head(TEXT, text.length), text]);
  }
  if (value instanceof Uint8Array) return Buffer.concat([head(BYTES, value.length), value]);
  const members = [...value].flatMap(([key, member]) => [cbor(key), cbor(member)]);
  return Buffer.concat([head(MAP, value.size), ...members]);
}

function head(major: number, count: number): Buffer {
  if (count < 24) return Buffer.from([(major << 5) | count]);
  if (count < 0x1_00) return Buffer.from([(major << 5) | 24, count]);
  if (count > 0xff_ff) throw new RangeError(`${count} is more than an authenticator says`);
  return Buffer.from([(major << 5) | 25, count >> 8, count & 0xff]);
}
