import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson } from '../../../shared/domain/canonical-json.ts';
import { digestOf, isDigest, sha256 } from '../../../shared/domain/digest.ts';

describe('canonical JSON', () => {
  it('writes one value in one way (RFC 8785)', () => {
    expect(canonicalJson({ b: [1.0, 1e21, 0.1], a: '€\u000f', ä: null })).toBe(
      '{"a":"€\\u000f","b":[1,1e+21,0.1],"ä":null}',
    );
  });

  it('does not depend on the order of keys', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const turned = Object.fromEntries(Object.entries(value).reverse());
        expect(digestOf(turned)).toBe(digestOf(value));
      }),
    );
  });

  it('reads back as what was written', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(canonicalJson(JSON.parse(canonicalJson(value)))).toBe(canonicalJson(value));
      }),
    );
  });

  it('refuses what has no form', () => {
    for (const value of [undefined, () => 1, Number.NaN, Number.POSITIVE_INFINITY, '\ud800']) {
      expect(() => canonicalJson(value)).toThrow();
    }
  });
});

describe('a digest', () => {
  it('is SHA-256 in lower-case hex with its name', () => {
    expect(sha256('')).toBe('sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    expect(isDigest(sha256('x'))).toBe(true);
    for (const text of [
      '',
      'sha256:',
      `sha256:${'A'.repeat(64)}`,
      `sha512:${'a'.repeat(64)}`,
      `sha256:${'a'.repeat(63)}`,
    ]) {
      expect(isDigest(text)).toBe(false);
    }
  });
});
