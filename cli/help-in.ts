import { type Command, Help, type HelpConfiguration } from 'commander';
import { inLanguages, type Languages } from '../shared/policy/matrix-document.ts';

const TITLES: Readonly<Record<string, string>> = {
  'Usage:': '用法:',
  'Options:': '选项:',
  'Commands:': '命令:',
  'Arguments:': '参数:',
};
/** Descriptions are written `中文 English`: Chinese ends with its last character. */
const BOTH = /^(.*\p{Script=Han}[^A-Za-z\s]*)\s+([A-Za-z].*)$/su;

/** Help in the languages that were asked for; they are known before the rest of the command line is read. */
export function helpIn(languages: () => Languages): HelpConfiguration {
  const usual = new Help();
  const inOne = (text: string) => {
    const [, zh, en] = BOTH.exec(text) ?? [];
    return zh === undefined || en === undefined ? text : inLanguages(languages(), zh, en);
  };
  return {
    styleTitle: (title) => inLanguages(languages(), TITLES[title] ?? title, title),
    commandDescription: (command: Command) => inOne(usual.commandDescription(command)),
    subcommandDescription: (command) => inOne(usual.subcommandDescription(command)),
    optionDescription: (option) => inOne(usual.optionDescription(option)),
    argumentDescription: (argument) => inOne(usual.argumentDescription(argument)),
  };
}
