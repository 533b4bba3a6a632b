import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LIMITS } from '../../../../shared/domain/limits.ts';
import { childrenNamed, readXml } from '../../../../shared/sources/xml/xml-elements.ts';

function rootOf(text: string) {
  const xml = readXml(text);
  if (!xml.ok) throw new Error(`The XML was refused: ${xml.reason}`);
  return xml.root;
}

describe('one XML document', () => {
  it('gives names as written, attributes, children, text and CDATA', () => {
    const root = rootOf(
      '<?xml version="1.0" encoding="UTF-8"?><!-- a --><r xmlns:s="urn:s" n="1 &amp; 2"><s:e>你好<![CDATA[ <b> & ]]>&#x1F600;</s:e><e/></r>',
    );
    expect(root).toEqual({
      name: 'r',
      localName: 'r',
      attributes: { 'xmlns:s': 'urn:s', n: '1 & 2' },
      text: '',
      children: [
        { name: 's:e', localName: 'e', attributes: {}, text: '你好 <b> & 😀', children: [] },
        { name: 'e', localName: 'e', attributes: {}, text: '', children: [] },
      ],
    });
    expect(childrenNamed(root, 'e')).toHaveLength(2);
  });

  it('keeps attributes whose names objects have by themselves, and finds none that is not there', () => {
    const { attributes } = rootOf('<r hasOwnProperty="1" constructor="2" __proto__="3"/>');
    expect(Object.entries(attributes)).toEqual([
      ['hasOwnProperty', '1'],
      ['constructor', '2'],
      ['__proto__', '3'],
    ]);
    expect(rootOf('<r/>').attributes['toString']).toBeUndefined();
  });

  it.each([
    ['<!DOCTYPE r><r/>', 'xml-doctype'],
    ['<!doctype r [<!ENTITY a "b">]><r>&a;</r>', 'xml-doctype'],
    ['<r>&a;</r>', 'xml-unknown-entity'],
    ['<r>&nbsp;</r>', 'xml-unknown-entity'],
    ['<r>&constructor;</r>', 'xml-unknown-entity'],
    ['<r>&#0;</r>', 'xml-unknown-entity'],
    ['<r>\0</r>', 'xml-invalid-character'],
    ['<r>\uD800</r>', 'xml-invalid-character'],
    ['<r a="1" a="2"/>', 'not-xml'],
    ['<r><!ELEMENT r ANY></r>', 'not-xml'],
    ['<r/><r/>', 'not-xml'],
    ['<r/>text', 'not-xml'],
    ['<r/><![CDATA[text]]>', 'not-xml'],
    ['<r><a></r></a>', 'not-xml'],
    ['<r', 'not-xml'],
    ['<!-- nothing -->', 'not-xml'],
    ['', 'not-xml'],
    [`${'<r>'.repeat(LIMITS.xmlNesting + 1)}${'</r>'.repeat(LIMITS.xmlNesting + 1)}`, 'nested-too-deep'],
    [`<r>${'<a/>'.repeat(LIMITS.xmlNodes)}</r>`, 'xml-too-many-nodes'],
  ])('refuses %.40j: %s', (text, reason) => {
    expect(readXml(text)).toEqual({ ok: false, reason });
  });

  it('takes text that looks like a declaration where it stands in CDATA or a comment', () => {
    expect(rootOf('<r><![CDATA[<!DOCTYPE r>]]><!-- <!DOCTYPE r> --></r>').text).toBe('<!DOCTYPE r>');
  });

  it('is harmed by no billion laughs', () => {
    const laughs = Array.from({ length: 9 }, (_, at) => `<!ENTITY l${at + 1} "${`&l${at};`.repeat(10)}">`);
    expect(readXml(`<!DOCTYPE r [<!ENTITY l0 "ha">${laughs.join('')}]><r>&l9;</r>`)).toEqual({
      ok: false,
      reason: 'xml-doctype',
    });
  });

  it.each([
    ['a declaration without end', `<r><!${'a'.repeat(1e6)}`],
    [
      'a declaration behind what only looks like its end',
      `<r><?x ??> <![CDATA[ ?> <!${'a'.repeat(1e6)} ]]></r>`,
    ],
    ['an entity without end', `<r>&${'a'.repeat(1e6)}`],
    ['tags that are closed in the wrong order', `${'<a>'.repeat(1e5)}${'</b>'.repeat(1e5)}`],
  ])('comes to an end with %s', (_name, text) => {
    expect(readXml(text).ok).toBe(false);
  });

  it('reads back whatever text is written', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        fc.pre(readXml(`<r>${text.replace(/[<&>]/g, '')}</r>`).ok);
        const escaped = text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
        expect(rootOf(`<r a="${escaped.replace(/"/g, '&quot;')}">${escaped}</r>`)).toMatchObject({
          attributes: { a: text },
          text,
        });
      }),
    );
  });

  it('never throws', () => {
    const piece = fc.constantFrom(
      '<',
      '>',
      '/',
      '<a',
      '</a>',
      '<a>',
      '"',
      "'",
      '=',
      ' b',
      '<![CDATA[',
      ']]>',
      '<!--',
      '-->',
      '<?',
      '?>',
      '&',
      'amp;',
      ';',
      '<!',
      'x',
      ']',
      '\n',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        readXml(pieces.join(''));
      }),
      { numRuns: 2_000 },
    );
  });
});
