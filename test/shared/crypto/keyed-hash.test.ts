import { createHmac, createSecretKey } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { keyedHash, keyedHashOf } from '../../../shared/crypto/keyed-hash.ts';
import { joinParts } from '../../../shared/crypto/keyed-parts.ts';

const keys = fc.uint8Array({ minLength: 1, maxLength: 200 });

describe('a keyed hash', () => {
  it('is HMAC-SHA-256 of the parts as they are joined, whatever they and the key are', () => {
    const part = fc.oneof(fc.string({ unit: 'binary', maxLength: 200 }), fc.constant('客'.repeat(3_000)));
    fc.assert(
      fc.property(keys, fc.array(part, { maxLength: 6 }), (key, parts) => {
        const expected = createHmac('sha256', key)
          .update(joinParts(...parts))
          .digest('hex');
        expect(keyedHash(key).ofParts(...parts)).toBe(expected);
        expect(keyedHashOf(createSecretKey(key)).ofParts(...parts)).toBe(expected);
        expect(Buffer.from(keyedHash(key).rawOfParts(parts), 'latin1').toString('hex')).toBe(expected);
      }),
    );
  });

  it('is the same behind parts that were written before, one list after another', () => {
    const part = fc.oneof(fc.string({ unit: 'binary', maxLength: 100 }), fc.constant('客'.repeat(2_000)));
    const parts = fc.array(part, { maxLength: 3 });
    fc.assert(
      fc.property(keys, parts, fc.array(parts, { maxLength: 4 }), (key, first, lists) => {
        const keyed = keyedHash(key);
        const behind = keyed.behind(first);
        for (const rest of lists) expect(behind(...rest)).toBe(keyed.rawOfParts([...first, ...rest]));
      }),
    );
  });

  it('is HMAC-SHA-256 of bytes, the same one after another', () => {
    fc.assert(
      fc.property(keys, fc.array(fc.uint8Array({ maxLength: 5_000 }), { maxLength: 4 }), (key, messages) => {
        const keyed = keyedHash(key);
        for (const message of messages) {
          expect(Buffer.from(keyed.ofBytes(message), 'latin1').toString('hex')).toBe(
            createHmac('sha256', key).update(message).digest('hex'),
          );
        }
      }),
    );
  });
});
