import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { messageOf } from '../../../shared/domain/message-of.ts';
import { buildPackage } from '../../../shared/package/build-package.ts';
import { ENTRIES } from '../../../shared/package/manifest.ts';
import { visibleHtml } from '../../../shared/package/visible-html.ts';
import { entriesOf } from './raw-zip.ts';
import { found, samplePackage, storedRecord } from './sample-package.ts';

async function transcriptOf(...records: Parameters<typeof storedRecord>[1][]): Promise<string> {
  const input = samplePackage(
    records.map((changes, index) => found(storedRecord(index, changes))),
    { masking: 'named' },
  );
  const entry = (await entriesOf(await buildPackage(input))).find(({ name }) => name === ENTRIES.transcript);
  return entry?.bytes.toString('utf8') ?? '';
}

describe('the transcript', () => {
  it('shows what a guest wrote as text, with its markup and unseen characters visible', async () => {
    const html = await transcriptOf({
      text: '<script>alert("1")</script><img src=x onerror=y> \u202egnp.exe\u202c \u0007',
    });
    expect(html).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;');
    for (const mark of ['U+202E', 'U+202C', 'U+0007'])
      expect(html).toContain(`<span class="unseen">${mark}</span>`);
    expect(html).not.toMatch(/<script|<img|\u202e|\u202c/);
  });

  it('says which hotels of other regions were not searched', async () => {
    const input = samplePackage();
    const completeness = { ...input.completeness, hotelsElsewhere: ['FRA01'] };
    const entries = await entriesOf(await buildPackage({ ...input, completeness }));
    const html = entries.find(({ name }) => name === ENTRIES.transcript)?.bytes.toString('utf8') ?? '';
    expect(visibleHtml(html)).toMatch(/Hotels in other regions[\s\S]*FRA01[\s\S]*were not searched here/);
    expect(await transcriptOf({})).not.toContain('other regions');
  });

  it('says which media came after the check and are not here, and which were brought later, by whom', async () => {
    const attachment = {
      name: null,
      mediaType: 'audio/amr',
      bytes: 3,
      digest: null,
      state: 'present' as const,
      mediaId: 'med_1',
      found: { bytes: 3, digest: `sha256:${'0'.repeat(64)}` },
      suppliedBy: 'bat_09',
    };
    const input = samplePackage([found(storedRecord(0, { attachments: [attachment] }))], {
      masking: 'masked',
    });
    const attachments = { ...input.completeness.attachments, later: 2 };
    const suppliers = [{ batchId: 'bat_09', by: 'p_it1', media: 1, undeclared: 1 }];
    const completeness = { ...input.completeness, attachments, suppliers };
    const entries = await entriesOf(await buildPackage({ ...input, completeness }));
    const html = entries.find(({ name }) => name === ENTRIES.transcript)?.bytes.toString('utf8') ?? '';
    expect(html).toMatch(/came after the request was checked<\/th><td>2 \(/);
    expect(html).toMatch(/brought after their records bat_09<\/th><td>1, 由 by p_it1 \(.*no digest declared/);
    expect(html).toMatch(/<p class="file">.*brought later by bat_09, 来源未声明摘要 no digest declared/);
    const plain = await transcriptOf({});
    expect(plain).not.toMatch(/brought later|brought after their records/);
  });

  it('holds no script, link outside, or anything that is fetched', async () => {
    const html = await transcriptOf({}, {});
    expect(html).not.toMatch(/<script|<link|<img|<iframe|<form|javascript:|url\(|@import| on\w+=|style="/i);
    expect([...html.matchAll(/(?:href|src)="([^"]*)"/g)].every(([, target]) => target?.startsWith('#'))).toBe(
      true,
    );
  });

  it('lets a browser apply its own style sheet and nothing else', async () => {
    const html = await transcriptOf({});
    const style = /<style>([\s\S]*)<\/style>/.exec(html)?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    expect(html).toContain(`content="default-src 'none'; style-src 'sha256-${hash}'"`);
    expect(html.indexOf('Content-Security-Policy')).toBeLessThan(html.indexOf('<style>'));
  });

  it('bears the watermark behind every page, in the page’s margin, and beside every record', async () => {
    const html = await transcriptOf({}, {}, {});
    const line = `p_legal1 · req_01k5a0000000000000000000 · opn_${'ab12'.repeat(8)} · #1 · 2026-06-01T04:00:00.000Z`;
    expect(html.split(`<aside>${line}</aside>`)).toHaveLength(4);
    expect(html).toContain(`@top-center { content: "${line}"`);
    expect(html).toMatch(/\.watermark \{ position: fixed/);
    expect(html.split(`<span>${line}</span>`).length).toBeGreaterThan(10);
  });

  it('gives times in the hotel’s zone with their offset', async () => {
    expect(await transcriptOf({ at: '2026-05-01T16:30:05.000Z' })).toContain(
      '<time>2026-05-02 00:30:05 +08:00</time>',
    );
  });

  it('says of a record without a time that it has none, and of its batch how many are so', async () => {
    const html = await transcriptOf({ at: '1970-01-01T00:00:00.000Z', timeKnown: false }, {});
    expect(html).toContain('<time>时间不明 time unknown</time>');
    expect(html).not.toContain('1970');
  });

  it('shows a recalled message and its recall, each with its mark', async () => {
    const taken = storedRecord(0).recordId;
    const html = await transcriptOf(
      { text: '发错了' },
      { text: '', recalls: messageOf(taken), sourceType: 'revoke' },
    );
    expect(html).toContain('发错了');
    expect(html).toContain('已撤回,原文保留');
    expect(html).toContain(`href="#r-${taken}"`);
  });

  it('marks versions of a message that differ, and names them where it says what is complete', async () => {
    const one = storedRecord(0).recordId;
    const other = `${messageOf(one)}${'0'.repeat(16)}`;
    const html = await transcriptOf({ text: '真' }, { text: '假', recordId: other }, {});
    expect(html.split('<span class="mark conflict">').length - 1).toBe(2);
    expect(html).toContain([one, other].sort().join(' ≠ '));
    expect(await transcriptOf({}, {})).not.toContain('class="mark conflict"');
  });

  it('says everything in Chinese and English', async () => {
    const html = await transcriptOf({});
    for (const words of [
      '申请人 Requester',
      '纠纷处理 dispute',
      '法务 legal',
      '客人 Guest',
      '咨询 enquiry',
      'This',
      '审批由',
    ]) {
      expect(html.toLowerCase()).toContain(words.toLowerCase());
    }
  });
});

describe('text made visible', () => {
  it('is never markup, whatever is written', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 100 }), (text) => {
        const html = visibleHtml(text).replaceAll(/<span class="unseen">U\+[0-9A-F]{4,6}<\/span>/g, '');
        expect(html).not.toMatch(/[<>"']|&(?!(?:amp|lt|gt|quot|#39);)/);
        expect(html).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]/);
        expect(html.isWellFormed()).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['a hangul filler', '\u3164', 'U+3164'],
    ['a half-width hangul filler', '\uffa0', 'U+FFA0'],
    ['a filler of a hangul syllable', '\u1160', 'U+1160'],
    ['a blank braille pattern', '\u2800', 'U+2800'],
    ['a zero-width space', '\u200b', 'U+200B'],
    ['a carriage return by itself', '\r', 'U+000D'],
  ])('shows %s, which a reader would not see, by its code point', (_, character, codePoint) => {
    expect(visibleHtml(`a${character}b`)).toBe(`a<span class="unseen">${codePoint}</span>b`);
  });

  it('leaves ordinary writing as it is', () => {
    for (const text of [
      '第一行\n第二行\tok',
      'a\r\nb',
      'می\u200cخواهم',
      '👨‍👩‍👧 family',
      'العربية',
      'नमस्ते',
      'é e\u0301',
    ])
      expect(visibleHtml(text)).toBe(text);
  });
});
