import { ROLES } from '../shared/domain/roles.ts';
import { inLanguages, type Languages, type Words } from '../shared/domain/words.ts';
import { BadInputError } from './failure.ts';

/**
 * The language that somebody asked for: by `--lang`, else by LANG's language where it is Chinese or English; both where
 * neither says.
 */
export function languagesOf(
  option: string | undefined,
  environment: Record<string, string | undefined>,
): Languages {
  if (option !== undefined) {
    if (option === 'zh' || option === 'en') return option;
    throw new BadInputError({ zh: `没有语言 "${option}"`, en: `no such language: "${option}"` }, '--lang', {
      zh: '写 zh 或 en',
      en: 'give zh or en',
    });
  }
  const [language] = (environment['LANG'] ?? '').split(/[_.@-]/);
  return language === 'zh' || language === 'en' ? language : 'both';
}

/** The same before the command line has been read: what it gets wrong itself is told in these. */
export function languagesAhead(
  commandLine: readonly string[],
  environment: Record<string, string | undefined>,
): Languages {
  const at = commandLine.findLastIndex((part) => part === '--lang' || part.startsWith('--lang='));
  const [, given] = (commandLine[at] ?? '').split('=');
  const asked = at < 0 ? undefined : (given ?? commandLine[at + 1]);
  return languagesOf(asked === 'zh' || asked === 'en' ? asked : undefined, environment);
}

/** What a rule says, in the languages that were asked for; a stroke between them where it is both. */
export function ruleWords(languages: Languages, { zh, en }: { zh: string; en: string }): string {
  return inLanguages(languages, zh, languages === 'both' ? `/ ${en}` : en);
}

export type Say = (zh: string, en: string) => string;

/** Says something in the languages that were asked for. */
export const speaking =
  (languages: Languages): Say =>
  (zh, en) =>
    inLanguages(languages, zh, en);

/** The word for a code; a code that has none (a chain's own, a later version's) stands as it is, nothing is a dash. */
export function named(
  say: Say,
  labels: Readonly<Record<string, Words>>,
  code: string | null | undefined,
): string {
  if (code == null) return '—';
  const words = Object.hasOwn(labels, code) ? labels[code] : undefined;
  return words === undefined ? code : say(words.zh, words.en);
}

/** Roles in words, as approvers of a route are joined. */
export function roleNames(say: Say, roles: readonly string[]): string {
  return roles.map((role) => named(say, ROLES, role)).join(' + ');
}
