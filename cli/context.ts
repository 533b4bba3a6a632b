import type { Command } from 'commander';
import { z } from 'zod';
import { ROLES } from '../shared/domain/roles.ts';
import type { Languages, Words } from '../shared/domain/words.ts';
import { type Api, signedIn, withToken } from './api.ts';
import { type Console, terminal } from './console.ts';
import { demoUser } from './deployment.ts';
import { BadInputError, inWords } from './failure.ts';
import { languagesOf, named, type Say, speaking } from './language.ts';

const globals = z.object({
  json: z.boolean().default(false),
  as: z.string().optional(),
  lang: z.string().optional(),
});

/** What every command gets: where and in which languages to write, and the API in the name of `--as`. */
export type Context = {
  console: Console;
  json: boolean;
  languages: Languages;
  say: Say;
  /** Progress, in those languages. */
  tell(words: Words): void;
  api(otherwise?: { role: string; hotel?: string }): Promise<Api>;
};

export function contextOf(command: Command): Context {
  const options = globals.parse(command.optsWithGlobals());
  const console = terminal(options.json);
  const languages = languagesOf(options.lang, process.env);
  const say = speaking(languages);
  return {
    console,
    json: options.json,
    languages,
    say,
    tell: (words) => console.progress(inWords(words, languages)),
    async api(otherwise) {
      if (options.as !== undefined) return signedIn(options.as);
      // In an account people sign in with their own provider; the command takes the access token it gave.
      const token = process.env['DUALKEY_TOKEN'];
      if (token !== undefined && token !== '') return withToken(token);
      if (otherwise === undefined) {
        throw new BadInputError({ zh: '由谁操作?', en: 'who acts?' }, '--as', {
          zh: '写明用户,如 .local/users.json 中之一,或以 DUALKEY_TOKEN 给出访问令牌',
          en: 'name a user, such as one of .local/users.json, or set DUALKEY_TOKEN to an access token',
        });
      }
      const username = await demoUser(otherwise.role, otherwise.hotel);
      console.progress(
        `${say(`以 ${username} 的身份`, `as ${username}`)} (${named(say, ROLES, otherwise.role)})`,
      );
      return signedIn(username);
    },
  };
}
