import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { InstrumenterContext } from '@stryker-mutator/api/core';
import { declareClassPlugin, PluginKind } from '@stryker-mutator/api/plugin';
import {
  type DryRunOptions,
  type DryRunResult,
  DryRunStatus,
  determineHitLimitReached,
  type MutantRunOptions,
  type MutantRunResult,
  type TestResult,
  type TestRunner,
  TestStatus,
  toMutantRunResult,
} from '@stryker-mutator/api/test-runner';
import fc from 'fast-check';
import { z } from 'zod';
import { freshModules } from './fresh-modules.ts';
import { stepsOf } from './test-globals.ts';

const TESTS = 'test/shared/policy/*.test.ts';
/** Models and whole tables: up to a minute each, of what other tests say case by case. */
const LEFT_OUT = /\.(model|table)\.test\.ts$/;
/** They ask hundreds of questions each, of what other tests say case by case: tried on the code they are named after alone. */
const OF_THEIR_OWN_ALONE = /\/(explain|matrix|near-rules|policy-slices|refuse-loosening|rule-set)\.test\.ts$/;
/** How long each test file took before anything was mutated: in the sandbox, for every process that tries mutants. */
const TIMES = 'test-times.json';
const timesSchema = z.record(z.string(), z.number());

/**
 * Runs the tests of shared/policy for Stryker in one process for many mutants, each on modules loaded anew: jest would
 * spend eight seconds on its worlds for each. What Stryker knows as a test is a test file here, for code that keeps what
 * it has read is covered by the test that comes first, whoever checks it; a mutant is killed by the first test that fails.
 */
class PolicyTestRunner implements TestRunner {
  #load = 0;
  /** A trap inside Cedar leaves it in an unknown state. */
  #isCedarBroken = false;
  readonly #files: readonly string[];
  readonly #importing: (file: string, load: number) => Promise<unknown>;

  constructor() {
    this.#files = globSync(TESTS)
      .filter((file) => !LEFT_OUT.test(file))
      .sort();
    this.#importing = freshModules(process.cwd());
    // The smallest counterexample is of no interest here.
    fc.configureGlobal({ endOnFailure: true });
  }

  capabilities(): { reloadEnvironment: boolean } {
    return { reloadEnvironment: true };
  }

  async dryRun({ testFiles }: DryRunOptions): Promise<DryRunResult> {
    const stryker = context();
    stryker.mutantCoverage = { static: {}, perTest: {} };
    const tests: TestResult[] = [];
    const asked = testFiles?.map((file) => path.relative(process.cwd(), path.resolve(file)));
    for (const file of this.#files.filter((one) => asked?.includes(one) ?? true)) {
      stryker.currentTestId = file;
      this.#load += 1;
      tests.push(await this.#ofFile(file));
    }
    delete stryker.currentTestId;
    writeFileSync(
      TIMES,
      JSON.stringify(Object.fromEntries(tests.map(({ id, timeSpentMs }) => [id, timeSpentMs]))),
    );
    return { status: DryRunStatus.Complete, tests, mutantCoverage: stryker.mutantCoverage };
  }

  /**
   * The mutant is alive while modules are loaded too. The test file named after the mutated one comes first, then the
   * quickest.
   */
  async mutantRun({ activeMutant, testFilter, hitLimit }: MutantRunOptions): Promise<MutantRunResult> {
    // Stryker tries it again in a new process.
    if (this.#isCedarBroken) throw new Error('Cedar failed on an earlier mutant');
    const stryker = context();
    stryker.activeMutant = activeMutant.id;
    if (hitLimit !== undefined) Object.assign(stryker, { hitLimit, hitCount: 0 });
    this.#load += 1;
    const tests: TestResult[] = [];
    const times = existsSync(TIMES) ? timesSchema.parse(JSON.parse(readFileSync(TIMES, 'utf8'))) : {};
    const own = `${path.basename(activeMutant.fileName, '.ts')}.test.ts`;
    const isOwn = (file: string) => path.basename(file) === own;
    const files = this.#files
      .filter((file) => testFilter?.includes(file) ?? true)
      .filter((file) => isOwn(file) || !OF_THEIR_OWN_ALONE.test(file))
      .sort(
        (one, other) => Number(isOwn(other)) - Number(isOwn(one)) || (times[one] ?? 0) - (times[other] ?? 0),
      );
    for (const file of files) {
      const result = await this.#ofFile(file);
      const tooOften = determineHitLimitReached(stryker.hitCount, hitLimit);
      if (tooOften !== undefined) return toMutantRunResult(tooOften);
      tests.push(result);
      if (result.status === TestStatus.Failed) break;
    }
    return toMutantRunResult({ status: DryRunStatus.Complete, tests });
  }

  async #ofFile(file: string): Promise<TestResult> {
    const started = performance.now();
    const failureMessage = await this.#failureIn(file);
    const timeSpentMs = performance.now() - started;
    return failureMessage === null
      ? { id: file, name: file, fileName: file, timeSpentMs, status: TestStatus.Success }
      : { id: file, name: file, fileName: file, timeSpentMs, status: TestStatus.Failed, failureMessage };
  }

  /** The first test of a file that fails; null where all pass. */
  async #failureIn(file: string): Promise<string | null> {
    let running = 'when loaded';
    try {
      for (const step of await stepsOf(() => this.#importing(file, this.#load))) {
        running = step.name;
        await step.run();
      }
      return null;
    } catch (error) {
      if (error instanceof Error && error.name === 'RuntimeError') this.#isCedarBroken = true;
      return `${running}: ${error instanceof Error ? error.message : String(error)}`;
    }
  }
}

/** Where instrumented code looks for the mutant that is alive, and counts what is run. */
function context(): InstrumenterContext {
  const known: unknown = Reflect.get(globalThis, '__stryker__');
  if (isContext(known)) return known;
  const made: InstrumenterContext = {};
  Reflect.set(globalThis, '__stryker__', made);
  return made;
}

function isContext(value: unknown): value is InstrumenterContext {
  return typeof value === 'object' && value !== null;
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, 'policy', PolicyTestRunner)];
