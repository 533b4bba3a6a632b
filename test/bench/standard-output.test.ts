import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';

const BENCH = fileURLToPath(new URL('../../bench/bench.ts', import.meta.url));
const MEASURE = 'approve-aws-calls';

it('a bench prints one line of JSON a measure and nothing else, though the code that it runs logs', () => {
  const { stdout } = spawnSync(process.execPath, [BENCH, '--only', MEASURE], { encoding: 'utf8' });
  const lines = stdout.split('\n');
  expect(lines.pop()).toBe('');
  expect(lines.map((line): unknown => JSON.parse(line))).toEqual([
    { measure: MEASURE, value: expect.any(Number), unit: 'calls', limit: 6, ok: expect.any(Boolean) },
  ]);
});
