#!/usr/bin/env node
import { type Command, CommanderError } from 'commander';
import { reportFailure, terminal } from './console.ts';
import { contextOf } from './context.ts';
import { BadInputError, EXIT, RejectedCallError } from './failure.ts';
import { languagesAhead } from './language.ts';
import { namedPlaces } from './named-places.ts';
import { dualkeyProgram } from './program.ts';
import { usageFault } from './usage-fault.ts';

// What the command line itself gets wrong is told before its options are known.
let languages = languagesAhead(process.argv, process.env);

const program = dualkeyProgram(() => languages);

/** The command that is carried out. */
let acting: Command = program;
program.hook('preAction', (_, action) => {
  acting = action;
  languages = contextOf(action).languages;
});

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.badInput;
    if (error.exitCode !== 0 && process.argv.includes('--json'))
      terminal(true).result({ error: usageFault(error.message).toldIn(languages) }, []);
  } else {
    const json = process.argv.includes('--json');
    process.exitCode = reportFailure(inWordsOf(acting, error), terminal(json), { json, languages });
  }
}

/** What the deployment found wrong, at the places that the command line knows. */
function inWordsOf(command: Command, error: unknown): unknown {
  if (!(error instanceof RejectedCallError)) return error;
  const { what, where, remedy } = error;
  return new BadInputError(what, namedPlaces(where, command), remedy, { cause: error });
}
