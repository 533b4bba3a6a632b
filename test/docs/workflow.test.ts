import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { FINAL_STATES, REQUEST_STATES, TRANSITIONS } from '../../shared/domain/request-states.ts';

// Mermaid's names of states have no hyphens.
const document = readFileSync(new URL('../../docs/workflow.md', import.meta.url), 'utf8').replaceAll(
  '_',
  '-',
);

describe('docs/workflow.md', () => {
  it('draws every transition of the table, and no other', () => {
    const drawn = [...document.matchAll(/^ {2}([a-z-]+) --> ([a-z-]+): ([a-z]+)$/gm)].map(
      ([, from, to, name]) => `${from} ${name} ${to}`,
    );
    const table = Object.entries(TRANSITIONS).flatMap(([name, { from, to }]) =>
      from.map((prior) => `${prior} ${name} ${to}`),
    );
    expect(drawn.sort()).toEqual(table.sort());
  });

  it('draws every state, and its ends as ends', () => {
    for (const state of REQUEST_STATES) expect(document).toContain(`> ${state}`);
    const ends = [...document.matchAll(/^ {2}([a-z-]+) --> \[\*\]$/gm)].map(([, state]) => state);
    expect(ends.sort()).toEqual([...FINAL_STATES].sort());
  });

  it('names every transition’s event', () => {
    for (const [name, { event }] of Object.entries(TRANSITIONS)) {
      expect(document).toMatch(new RegExp(`^\\| ${name} \\|.*\`${event}\``, 'm'));
    }
  });
});
