import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';

const MODULE = fileURLToPath(new URL('../../bench/peak-memory.ts', import.meta.url));
const HELD_BYTES = 300_000_000;

it('the memory that a measured process states is its own, however much the process that started it holds', () => {
  const held = Buffer.alloc(HELD_BYTES, 1);
  const { stdout } = spawnSync(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `import { peakMemory } from ${JSON.stringify(MODULE)}; console.log(peakMemory());`,
    ],
    { encoding: 'utf8', env: {} },
  );
  expect(Number(stdout)).toBeGreaterThan(0);
  expect(Number(stdout)).toBeLessThan(held.length);
});
