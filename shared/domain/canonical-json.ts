import canonicalize from 'canonicalize';

/** Canonical JSON (RFC 8785). Throws where the value has no canonical form (undefined, a function, a lone surrogate). */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('This value has no canonical JSON form (RFC 8785)');
  return text;
}
