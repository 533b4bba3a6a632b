import type { Identifier } from './record.ts';

/** What people and systems write where there is nothing to write, in lower case, letters and digits alone. */
const WORDS: ReadonlySet<string> = new Set([
  ...[
    'na',
    'nan',
    'no',
    'none',
    'null',
    'nil',
    'nothing',
    'unknown',
    'undefined',
    'unavailable',
    'anonymous',
  ],
  ...[
    'tbd',
    'tba',
    'xx',
    'xxx',
    'test',
    'dummy',
    '无',
    '没有',
    '未知',
    '不详',
    '暂无',
    '空',
    '匿名',
    '待定',
    '未填',
    '测试',
  ],
]);
/** Before the `@` of addresses that nobody has. */
const MAILBOXES: ReadonlySet<string> = new Set([
  ...WORDS,
  ...['noemail', 'nomail', 'noreply', 'donotreply', 'mailerdaemon'],
]);
/** Names under which everybody stays. */
const NAMES: ReadonlySet<string> = new Set([
  ...WORDS,
  'guest',
  'walkin',
  '客人',
  '宾客',
  '住客',
  '散客',
  '先生',
  '女士',
]);

/**
 * Whether a value stands for "nothing" (`0`, `N/A`, `-`, `unknown`, `000000`): every guest of whom nothing is known has
 * it, so it is nobody's identifier.
 */
export function isPlaceholder({ kind, value }: Pick<Identifier, 'kind' | 'value'>): boolean {
  const text = value.normalize('NFKC').trim().toLowerCase();
  switch (kind) {
    case 'email':
      return text === '' || MAILBOXES.has(bareOf(text.split('@')[0] ?? '')) || isPlaceholderText(text);
    case 'name-and-room':
      return NAMES.has(bareOf(text.split('/')[0] ?? ''));
    case 'employee':
      return false;
    default:
      return isPlaceholderText(text);
  }
}

/** As for an identifier whose kind has no form of its own. Salesforce ends an empty id on `AAA`; Zendesk's `-1` is nobody. */
export function isPlaceholderText(value: string): boolean {
  const text = value.normalize('NFKC').trim().toLowerCase();
  const bare = bareOf(text);
  return (
    bare === '' || text === '-1' || WORDS.has(bare) || /^0+(?:aaa)?$/.test(bare) || /^(.)\1{5,}$/u.test(bare)
  );
}

function bareOf(text: string): string {
  return text.replaceAll(/[^\p{L}\p{N}]/gu, '');
}
