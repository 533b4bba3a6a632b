import { describe, expect, it } from '@jest/globals';
import { Command } from 'commander';
import { namedPlaces } from '../../cli/named-places.ts';
import { dualkeyProgram, everyCommand } from '../../cli/program.ts';

const COMMANDS = everyCommand(dualkeyProgram(() => 'both')).filter(({ commands }) => commands.length === 0);

function command(...names: string[]): Command {
  const found = COMMANDS.find((one) => nameOf(one) === names.join(' '));
  if (found === undefined) throw new Error(`There is no command ${names.join(' ')}`);
  return found;
}

function nameOf(one: Command): string {
  const { parent } = one;
  return parent === null || parent.parent === null ? one.name() : `${nameOf(parent)} ${one.name()}`;
}

describe('where something is wrong with a call', () => {
  it.each([
    ['path.id', ['open'], '<id>'],
    ['path.id', ['staff', 'show-import'], '<import>'],
    ['path.id', ['staff', 'confirm'], '<change>'],
    ['path.id', ['batch', 'show'], '<batch>'],
    ['query.user', ['staff', 'show'], '<user>'],
    ['query.hotel', ['batch', 'list'], '--hotel'],
    ['query.kind', ['case', 'list'], '--kind'],
    ['query.kind', ['case', 'show'], '<kind>'],
    ['query.reference', ['case', 'show'], '<reference>'],
    ['body.reason', ['approve'], '--reason'],
    ['body.requestDigest', ['approve'], '<id>'],
    ['body.person', ['device', 'confirm'], '<person>'],
    ['body.credentialId', ['device', 'revoke'], '<credential>'],
    ['body.person', ['unlock'], '<user>'],
    ['body.dueDays', ['provider-request', 'create'], '--due-days'],
    ['body.categories.0', ['provider-request', 'create'], '--category'],
    ['body.number', ['emergency', 'form'], '--number'],
    ['body.identifier.value', ['identity', 'unlink'], '--identifier'],
    ['body.asOf', ['retention', 'run'], '--as-of'],
  ])('%s of %j is %s', (where, names, said) => {
    expect(namedPlaces(where, command(...names))).toBe(said);
  });

  it('is a field of the file that was given', () => {
    const given = new Command('create').option('--file <file>').exitOverride();
    given.parse(['--file', 'r.json'], { from: 'user' });
    expect(namedPlaces('body.hotels.0, body', given)).toBe('r.json: hotels[0], r.json');
    const argued = new Command('import').argument('<file>').exitOverride();
    argued.parse(['cases.csv'], { from: 'user' });
    expect(namedPlaces('body.cases', argued)).toBe('cases.csv: cases');
  });

  it('stays where it is said in the user’s words already, and is said once', () => {
    expect(namedPlaces('--guest, query.show, --guest', command('request', 'list'))).toBe('--guest, show');
  });

  it.each(COMMANDS.map((one) => [nameOf(one), one] as const))('is no path of the API in %s', (_name, one) => {
    const places = [
      'path.id',
      'query.user',
      'body',
      'body.reason',
      'body.subject.value',
      'body.cases.0.kind',
    ];
    for (const place of places) {
      expect(namedPlaces(place, one)).not.toMatch(/^(?:path|query|body)(?:\.|$)/);
    }
  });
});
