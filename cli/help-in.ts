import { type Command, Help, type HelpConfiguration } from 'commander';
import { wordsOf } from '../shared/domain/words.ts';
import { inLanguages, type Languages } from '../shared/policy/matrix-document.ts';

const TITLES: Readonly<Record<string, string>> = {
  'Usage:': '用法:',
  'Options:': '选项:',
  'Commands:': '命令:',
  'Arguments:': '参数:',
};
/** Help in the languages that were asked for; they are known before the rest of the command line is read. */
export function helpIn(languages: () => Languages): HelpConfiguration {
  const usual = new Help();
  const inOne = (text: string) => {
    const words = wordsOf(text);
    return words === null ? text : inLanguages(languages(), words.zh, words.en);
  };
  return {
    styleTitle: (title) => inLanguages(languages(), TITLES[title] ?? title, title),
    commandDescription: (command: Command) => inOne(usual.commandDescription(command)),
    subcommandDescription: (command) => inOne(usual.subcommandDescription(command)),
    optionDescription: (option) => inOne(usual.optionDescription(option)),
    argumentDescription: (argument) => inOne(usual.argumentDescription(argument)),
  };
}
