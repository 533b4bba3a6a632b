import { type Command, Help, type HelpConfiguration } from 'commander';
import { inLanguages, type Languages, type Words, wordsOf } from '../shared/domain/words.ts';

const TITLES: Readonly<Record<string, Words>> = {
  'Usage:': { zh: '用法:', en: 'Usage:' },
  'Options:': { zh: '选项:', en: 'Options:' },
  'Commands:': { zh: '命令:', en: 'Commands:' },
  'Arguments:': { zh: '参数:', en: 'Arguments:' },
};
/** Help in the languages that were asked for; they are known before the rest of the command line is read. */
export function helpIn(languages: () => Languages): HelpConfiguration {
  const usual = new Help();
  const inOne = (text: string) => {
    const words = wordsOf(text);
    return words === null ? text : inLanguages(languages(), words.zh, words.en);
  };
  return {
    styleTitle: (title) => {
      const { zh, en } = TITLES[title] ?? { zh: title, en: title };
      return inLanguages(languages(), zh, en);
    },
    commandDescription: (command: Command) => inOne(usual.commandDescription(command)),
    subcommandDescription: (command) => inOne(usual.subcommandDescription(command)),
    optionDescription: (option) => inOne(usual.optionDescription(option)),
    argumentDescription: (argument) => inOne(usual.argumentDescription(argument)),
  };
}
