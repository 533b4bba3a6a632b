import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { EACH, spansOf } from '../../../../shared/sources/json/json-spans.ts';

describe('the places of elements in a JSON text', () => {
  it('are those that the path leads to, in their order', () => {
    const text = '{ "a": {"messages": [1, {"messages": [2]}, "]" ]}, "messages": [ "x" ] }';
    const found = spansOf(text, ['a', 'messages', EACH]).map(({ start, end }) => text.slice(start, end));
    expect(found).toEqual(['1', '{"messages": [2]}', '"]"']);
    expect(spansOf(text, ['nowhere', EACH])).toEqual([]);
    expect(spansOf(text, [])).toEqual([{ start: 0, end: text.length }]);
  });

  it('hold the same values as the parsed text, however it is written', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), fc.constantFrom(0, 1, 2), (list, indent) => {
        const text = JSON.stringify({ 'a"b': list }, null, indent);
        const values = spansOf(text, ['a"b', EACH]).map(({ start, end }) =>
          JSON.parse(text.slice(start, end)),
        );
        expect(values).toEqual(JSON.parse(JSON.stringify(list)));
      }),
    );
  });
});
