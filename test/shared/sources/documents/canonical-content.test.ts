import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalContent } from '../../../../shared/sources/documents/canonical-content.ts';
import { isJsonObject } from '../../../../shared/sources/json/json-value.ts';

/** Names that run against the order of an object's own: numbers come first there. */
const name = fc.oneof(fc.string({ unit: 'binary', maxLength: 4 }), fc.constantFrom('10', '2', '"', '客'));
const { message } = fc.letrec((tie) => ({
  message: fc.oneof(
    { maxDepth: 4 },
    fc.string({ unit: 'binary' }),
    fc.boolean(),
    fc.constant(null),
    fc.maxSafeInteger(),
    fc.array(tie('message'), { maxLength: 4 }),
    fc.array(fc.tuple(name, tie('message')), { maxLength: 5 }).map((members) => Object.fromEntries(members)),
  ),
}));

/** JSON with the members of every object in the order of their names. */
function spelled(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spelled).join(',')}]`;
  if (!isJsonObject(value)) return JSON.stringify(value);
  const members = Object.keys(value)
    .sort()
    .map((one) => `${JSON.stringify(one)}:${spelled(value[one])}`);
  return `{${members.join(',')}}`;
}

describe('the canonical content of a message', () => {
  it('is its JSON with members sorted by name, whatever messages came before', () => {
    fc.assert(
      fc.property(fc.array(message, { maxLength: 4 }), (messages) => {
        for (const one of [...messages, ...messages]) expect(canonicalContent(one)).toBe(spelled(one));
      }),
    );
  });

  it('has integers exactly, however long', () => {
    expect(canonicalContent({ b: 12345678901234567890n, a: [1] })).toBe('{"a":[1],"b":12345678901234567890}');
  });

  it('leaves out a member of the message itself, and none within it', () => {
    expect(canonicalContent({ seq: 1, b: { seq: 2 }, a: 0 }, 'seq')).toBe('{"a":0,"b":{"seq":2}}');
    expect(canonicalContent({ seq: 1 }, 'seq')).toBe('{}');
  });
});
