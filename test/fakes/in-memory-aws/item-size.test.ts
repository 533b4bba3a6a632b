import { describe, expect, it } from '@jest/globals';
import { itemSize } from './item-size.ts';

describe('the size of an item, by DynamoDB’s guide', () => {
  it.each([
    ['a text by its UTF-8 bytes', { S: '双钥' }, 6],
    ['bytes as they are, not as base64', { B: Buffer.from('four').toString('base64') }, 4],
    ['a number by a byte for two digits, and one more', { N: '12345' }, 4],
    ['no byte for the sign or point of a number', { N: '-1.5' }, 2],
    ['truth and nothing by one byte', { BOOL: true }, 1],
    [
      'a list by three bytes and one for each element',
      { L: [{ S: 'ab' }, { NULL: true }] },
      3 + 1 + 2 + 1 + 1,
    ],
    ['a map alike, with its names', { M: { ab: { S: 'c' } } }, 3 + 1 + 2 + 1],
    ['a set of texts as a list', { SS: ['a', 'bc'] }, 3 + 1 + 1 + 1 + 2],
    ['a set of bytes as a list', { BS: [Buffer.from('abc').toString('base64')] }, 3 + 1 + 3],
  ])('counts %s', (_, value, bytes) => {
    expect(itemSize({ name: value })).toBe('name'.length + bytes);
  });

  it('refuses a type that it doesn’t know', () => {
    expect(() => itemSize({ name: { NS: ['1'] } })).toThrow('The type NS is not known here');
  });
});
