import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { htmlLines, htmlText } from '../../../../shared/sources/text/html-lines.ts';

describe('the text of HTML', () => {
  it('has a line for each block, entities as characters, white space as one space', () => {
    expect(
      htmlText('<p>Hello\n  <b>world</b> &amp; &lt;all&gt;</p><div>第二行<br>third&nbsp;line</div>'),
    ).toBe('Hello world & <all>\n第二行\nthird\u00a0line');
  });

  it('keeps a script as words that nothing runs, and leaves styles out', () => {
    const text = htmlText(
      '<p>a<script>alert("<b>x</b>")</script></p><style>p { color: red }</style><p>b</p>',
    );
    expect(text).toBe('a alert("<b>x</b>")\nb');
  });

  it('marks what is quoted, however deep', () => {
    expect(
      htmlText('<p>mine</p><blockquote>theirs<blockquote>older</blockquote></blockquote><p>mine again</p>'),
    ).toBe('mine\n> theirs\n> older\nmine again');
  });

  it('knows no entities but HTML’s own', () => {
    const bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><p>&b;&b;</p>';
    expect(htmlText(bomb)).toContain('&b;&b;');
    expect(htmlText(bomb).length).toBeLessThan(bomb.length);
  });

  it('reads what is nested without end in time that grows with the length', () => {
    const deep = '<div><a>'.repeat(100_000) + '</b>'.repeat(100_000);
    expect(htmlText(`${deep}end`)).toBe('end');
  });

  it('knows where each line stands in the markup', () => {
    const html = '<p align="center">Chat</p>( 1s ) A: <b>b</b> &amp; c<br>\n d ';
    expect(
      htmlLines(html, 'end-lines').map(({ text, start, end, centred }) => [
        text,
        html.slice(start, end),
        centred,
      ]),
    ).toEqual([
      ['Chat', 'Chat', true],
      ['( 1s ) A: b & c', '( 1s ) A: <b>b</b> &amp; c', false],
      ['d', 'd', false],
    ]);
  });

  it('never throws, and never has a line outside the markup', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.string(), fc.constantFrom('<p>', '</', '<!--', '&#x110000;', '<script', '>'))),
        (parts) => {
          const html = parts.join('');
          for (const { start, end } of htmlLines(html, 'end-lines')) {
            expect(start).toBeGreaterThanOrEqual(0);
            expect(end).toBeGreaterThanOrEqual(start);
            expect(end).toBeLessThanOrEqual(html.length);
          }
        },
      ),
    );
  });
});
