import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { REJECTION_REASONS, rejectionText } from '../../../shared/sources/rejection-reasons.ts';
import { UNOPENED_REASONS } from '../../../shared/sources/wecom/wecom-envelope.ts';

const root = new URL('../../../', import.meta.url);
const document = readFileSync(new URL('docs/sources.md', root), 'utf8');

/** Codes that code states: `reason: 'not-json'`, `return 'no-guest'`, `missing-field:${…}`. */
function statedIn(text: string): string[] {
  const whole = text.matchAll(
    /(?:\b(?:reason|fault)\b[^'\n]{0,60}|\breturn )'([a-z0-9]+(?:-[a-z0-9]+)+(?::[^']*)?)'/g,
  );
  const begun = text.matchAll(/`([a-z]+(?:-[a-z]+)+:)\$\{/g);
  return [...whole, ...begun].map(([, code = '']) => code);
}

describe('reasons of rejected lines', () => {
  it('stand in docs/sources.md, word for word, and no others do', () => {
    const section = document.split('\n## Why a line is rejected')[1]?.split('\n## ')[0] ?? '';
    const rows = section.split('\n').filter((line) => line.startsWith('| `'));
    expect(rows).toEqual(
      Object.entries(REJECTION_REASONS).map(
        ([code, { zh, en, remedy }]) => `| \`${code}\` | ${zh} | ${en} | ${remedy.zh} · ${remedy.en} |`,
      ),
    );
  });

  it('know every code by which an importer or ingest rejects a line', () => {
    const files = globSync(['shared/sources/**/*.ts', 'shared/custody-in/*.ts'], { cwd: root });
    const stated = new Set(
      files.flatMap((file) => statedIn(readFileSync(new URL(String(file), root), 'utf8'))),
    );
    // Other answers of the same functions: names of sources, orders of days, prefixes of staff accounts, repairs of readers.
    const others = /^(ai|call|crm|pms|wechat)-|^(day|month)-first$|^utf-8$/;
    const codes = [...stated, ...UNOPENED_REASONS].filter((code) => !others.test(code));
    expect(codes.length).toBeGreaterThan(40);
    expect(codes.filter((code) => rejectionText(code) === null)).toEqual([]);
  });

  it('say in both languages which field a code means', () => {
    expect(rejectionText('missing-field:conversation_info.conversation_id')).toMatchObject({
      zh: '缺少字段 conversation_info.conversation_id',
      en: 'the field conversation_info.conversation_id is missing',
    });
    expect(rejectionText('platform-error:45009')?.en).toContain('45009');
    expect(rejectionText('invalid-field:$&')?.en).toContain('$&');
  });

  it.each(['other', 'never-heard-of', 'never:heard', 'missing-field', 'missing-field…', 'constructor', ''])(
    'are null for %j, which is none',
    (code) => {
      expect(rejectionText(code)).toBeNull();
    },
  );

  it('are each written in Chinese and English', () => {
    for (const { zh, en, remedy } of Object.values(REJECTION_REASONS)) {
      for (const text of [zh, remedy.zh]) expect(text).toMatch(/[\u4e00-\u9fff]/);
      for (const text of [en, remedy.en]) expect(text).not.toMatch(/[\u4e00-\u9fff]/);
    }
  });
});
