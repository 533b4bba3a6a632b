import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { spanBytes } from '../../../../shared/sources/bytes/span-bytes.ts';

const MARK = '\ufeff';

describe('the bytes of a span', () => {
  it('and its line are found in whatever order spans are asked for', () => {
    const texts = fc.array(fc.constantFrom('a', '\n', '值', '😀', '"'), { maxLength: 40 });
    const spans = fc.array(fc.tuple(fc.nat(40), fc.nat(40)), { maxLength: 10 });
    fc.assert(
      fc.property(texts, spans, fc.boolean(), (characters, asked, marked) => {
        const text = characters.join('');
        const locate = spanBytes(text, Buffer.from(`${marked ? MARK : ''}${text}`), 7);
        for (const [one, other] of asked) {
          // Spans begin and end with whole characters.
          const [start, end] = [one, other]
            .sort((a, b) => a - b)
            .map((count) => characters.slice(0, count).join('').length);
          const found = locate({ start: start ?? 0, end: end ?? 0 });
          expect(Buffer.from(found.bytes).toString()).toBe(text.slice(start, end));
          expect(found.line).toBe(7 + text.slice(0, start).split('\n').length - 1);
        }
      }),
    );
  });

  it('cost what lies between them, not what lies before them', () => {
    const tickets = 500;
    const ticket = `${'x'.repeat(90)}subject..\n`;
    const text = ticket.repeat(tickets);
    let counted = 0;
    const count = Buffer.byteLength;
    const spy = jest.spyOn(Buffer, 'byteLength').mockImplementation((value, encoding) => {
      counted += typeof value === 'string' ? value.length : 0;
      return count(value, encoding);
    });
    const locate = spanBytes(text, Buffer.from(text), 1);
    for (let at = 0; at < text.length; at += ticket.length) {
      // A ticket's subject first, then its comments, which stand before it.
      locate({ start: at + 90, end: at + 97 });
      locate({ start: at, end: at + 10 });
    }
    spy.mockRestore();
    expect(counted).toBeLessThan(5 * text.length);
  });
});
