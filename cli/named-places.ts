import type { Command } from 'commander';
import { fieldPath } from './field-path.ts';

/** Fields of a call by the argument or option that they come from, where the names differ. */
const SAID_AS: Readonly<Record<string, readonly string[]>> = {
  person: ['user'],
  requestDigest: ['id'],
  credentialId: ['credential'],
};

/**
 * Where something is wrong with a call, in the words of whoever typed the command: `path.id` as its argument, a field of the
 * body or of the query as the argument or option of this name, else as a field of the file that was given. Places that are
 * said in those words already stay.
 */
export function namedPlaces(where: string, command: Command): string {
  const places = where.split(', ').map((place) => namedPlace(place, command));
  return [...new Set(places)].join(', ');
}

function namedPlace(place: string, command: Command): string {
  const [part, ...path] = place.split('.');
  if (part === 'path') return argumentOf(command, path[0] ?? '') ?? `<${path.join('.')}>`;
  if (part !== 'body' && part !== 'query') return place;
  const [field = ''] = path;
  const file = fileOf(command);
  return (
    optionOf(command, field) ??
    named(command, field) ??
    (file === null
      ? fieldPath(path) || `dualkey ${command.name()}`
      : `${file}${field && ': '}${fieldPath(path)}`)
  );
}

/** What a path names is the first argument, whatever it is called. */
function argumentOf(command: Command, name: string): string | null {
  const [first] = command.registeredArguments;
  return named(command, name) ?? (first === undefined ? null : `<${first.name()}>`);
}

function named(command: Command, field: string): string | null {
  const names = [field, ...(SAID_AS[field] ?? [])];
  const argument = command.registeredArguments.find((one) => names.includes(one.name()));
  return argument === undefined ? null : `<${argument.name()}>`;
}

/** The option of this name, whether its field has it in the plural or not. */
function optionOf(command: Command, field: string): string | null {
  const names = [field, ...(SAID_AS[field] ?? []), field.replace(/ies$/, 'y').replace(/s$/, '')];
  return command.options.find((one) => names.includes(one.attributeName()))?.long ?? null;
}

/** The file that was given, as an argument or by `--file`. */
function fileOf(command: Command): string | null {
  const at = command.registeredArguments.findIndex((one) => one.name() === 'file');
  const given: unknown = at < 0 ? command.opts()['file'] : command.args[at];
  return typeof given === 'string' ? given : null;
}
