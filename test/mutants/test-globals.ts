import { expect as bareExpect } from 'expect';

/**
 * What stands in for `@jest/globals` where mutants are tried (policy-test-runner.ts): the part of it that tests of
 * shared/policy use. A test file that is imported leaves its steps here, in the order in which jest would take them.
 */
type Step = { name: string; kind: keyof typeof RANK; run: () => unknown };
type Body = (...given: never[]) => unknown;

/** What is set up in a block comes before its tests, and what clears it after them, wherever they are written. */
const RANK = { 'set-up': 0, test: 1, clearing: 2 } as const;

let steps: Step[] = [];
let within: readonly string[] = [];

/** The steps of a test file: everything that is described while it is imported. */
export async function stepsOf(importing: () => Promise<unknown>): Promise<readonly Step[]> {
  steps = [];
  await importing();
  return steps;
}

export const expect = bareExpect;

export function describe(name: string, body: () => void): void {
  const outer = { steps, within };
  steps = [];
  within = [...within, name];
  body();
  const own = [...steps].sort((one, other) => RANK[one.kind] - RANK[other.kind]);
  within = outer.within;
  steps = [...outer.steps, ...own];
}

export function it(name: string, run: () => unknown): void {
  steps.push({ name: [...within, name].join(' › '), kind: 'test', run });
}

it.each =
  (rows: readonly unknown[]) =>
  (name: string, body: Body): void => {
    for (const [index, row] of rows.entries()) {
      const given = Array.isArray(row) ? row : [row];
      it(`${name} (${index + 1})`, () => Reflect.apply(body, undefined, given));
    }
  };

export function beforeAll(run: () => unknown): void {
  steps.push({ name: [...within, 'set up'].join(' › '), kind: 'set-up', run });
}

export function afterAll(run: () => unknown): void {
  steps.push({ name: [...within, 'clear'].join(' › '), kind: 'clearing', run });
}
