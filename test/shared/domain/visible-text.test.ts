import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { visibleText } from '../../../shared/domain/visible-text.ts';

describe('text as it is shown', () => {
  it('keeps what is visible, in both languages, and line ends', () => {
    expect(visibleText('房卡丢了,请调阅。\nLost key card: 12 €')).toBe(
      '房卡丢了,请调阅。\nLost key card: 12 €',
    );
    expect(visibleText('a\r\nb')).toBe('a\nb');
  });

  it.each([
    ['a terminal’s escape', '\u001b[2Jok', '⟨U+001B⟩[2Jok'],
    ['a bidirectional override', 'deny\u202eevorppa', 'deny⟨U+202E⟩evorppa'],
    ['an isolate', '\u2067x\u2069', '⟨U+2067⟩x⟨U+2069⟩'],
    ['a zero-width space', 'a\u200bb', 'a⟨U+200B⟩b'],
    ['a tag character', 'a\u{e0041}', 'a⟨U+E0041⟩'],
    ['a carriage return that would overwrite', 'no\rok', 'no⟨U+000D⟩ok'],
    ['a hangul filler', '\u3164x\uffa0', '⟨U+3164⟩x⟨U+FFA0⟩'],
    ['a blank braille pattern', '\u2800x', '⟨U+2800⟩x'],
    ['fillers of hangul syllables', '\u115f\u1160', '⟨U+115F⟩⟨U+1160⟩'],
    ['a joiner, which no requester needs', 'de\u200cny', 'de⟨U+200C⟩ny'],
    ['a tab', 'a\tb', 'a⟨U+0009⟩b'],
    ['a lone surrogate', 'a\ud800', 'a⟨U+D800⟩'],
  ])('shows %s by its code point', (_, text, shown) => {
    expect(visibleText(text)).toBe(shown);
  });

  it('lets no control or bidirectional character through, whatever was typed, and shows it once', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const shown = visibleText(text);
        expect(shown.replaceAll('\n', '')).not.toMatch(
          /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u115f\u1160\u2800\u3164\uffa0]/u,
        );
        expect(visibleText(shown)).toBe(shown);
      }),
    );
  });
});
