import type { Words } from '../shared/domain/words.ts';
import { BadInputError } from './failure.ts';

/** What commander says of a command line, and the same in both languages; the first group is what it names. */
const KNOWN: readonly { said: RegExp; what(named: string): Words }[] = [
  {
    said: /^unknown command '(.*)'/,
    what: (named) => ({ zh: `没有命令 ${named}`, en: `unknown command ${named}` }),
  },
  {
    said: /^unknown option '(.*)'/,
    what: (named) => ({ zh: `没有选项 ${named}`, en: `unknown option ${named}` }),
  },
  {
    said: /^required option '(.*)' not specified/,
    what: (named) => ({ zh: `缺少必需的选项 ${named}`, en: `the option ${named} is needed` }),
  },
  {
    said: /^option '(.*)' argument missing/,
    what: (named) => ({ zh: `选项 ${named} 未给出值`, en: `the option ${named} has no value` }),
  },
  {
    said: /^missing required argument '(.*)'/,
    what: (named) => ({ zh: `缺少参数 <${named}>`, en: `the argument <${named}> is missing` }),
  },
  {
    said: /^too many arguments.*Expected (\d+) /,
    what: (named) => ({ zh: `参数过多,应为 ${named} 个`, en: `too many arguments: ${named} are expected` }),
  },
  {
    said: /^option '(.*)' argument '.*' is invalid\. Allowed choices are/,
    what: (named) => ({
      zh: `选项 ${named} 的值不在可选之列`,
      en: `the option ${named} has none of its values`,
    }),
  },
];

/** What is wrong with the command line itself, told as every other bad input. */
export function usageFault(message: string): BadInputError {
  const said = message.replace(/^error: /, '').trim();
  const option = /'(?:-\w, )?(--?[\w-]+)/.exec(said)?.[1];
  const choices = choicesIn(said);
  return new BadInputError(whatOf(said), option ?? 'dualkey', {
    zh: `${choices === null ? '' : `可选:${choices};`}见用法:npx dualkey --help`,
    en: `${choices === null ? '' : `one of: ${choices}; `}see the usage: npx dualkey --help`,
  });
}

function whatOf(said: string): Words {
  if (said === '' || said === '(outputHelp)') return { zh: '没有写命令', en: 'no command is named' };
  for (const { said: form, what } of KNOWN) {
    const found = form.exec(said);
    if (found !== null) return what(found[1] ?? '');
  }
  return { zh: `命令行有误(${said})`, en: said };
}

/** The values that an option may have, and what was probably meant. */
function choicesIn(said: string): string | null {
  const choices = /Allowed choices are (.*)\.$/.exec(said)?.[1];
  const meant = /Did you mean (?:one of )?(.*)\?\)/.exec(said)?.[1];
  return choices ?? meant ?? null;
}
