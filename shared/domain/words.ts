/** What a person reads, in Chinese and in English. */
export type Words = { zh: string; en: string };

/** The languages in which something is said: both at once, or the one that was asked for. */
export type Languages = 'zh' | 'en' | 'both';

export function inLanguages(languages: Languages, zh: string, en: string): string {
  return languages === 'both' ? `${zh} ${en}` : languages === 'zh' ? zh : en;
}

const BETWEEN = ' · ';
const HAN = /\p{Script=Han}/u;
/** `中文 English`: Chinese ends with its last character and what stands right after it. */
const CHINESE_FIRST = /^(.*\p{Script=Han}[^A-Za-z\s]*)\s+([A-Za-z].*)$/su;

/** Both languages in one line, for readers of whom nobody knows which they read. */
export function inBoth({ zh, en }: Words): string {
  return `${zh} ${en}`;
}

/**
 * The two languages of a message that must be one text (a schema's own message, a command's description), written
 * `English · 中文`, `中文 · English` or `中文 English`. Null where it isn't written so.
 */
export function wordsOf(message: string): Words | null {
  const halves = message.split(BETWEEN);
  const [first = '', second = ''] = halves;
  if (halves.length === 2 && HAN.test(first) !== HAN.test(second)) {
    return HAN.test(first) ? { zh: first, en: second } : { zh: second, en: first };
  }
  const [, zh, en] = CHINESE_FIRST.exec(message) ?? [];
  return zh === undefined || en === undefined || HAN.test(en) ? null : { zh, en };
}

/** Several messages as one. */
export function joinWords(all: readonly Words[], between = '; '): Words {
  return {
    zh: all.map(({ zh }) => zh).join(between),
    en: all.map(({ en }) => en).join(between),
  };
}
