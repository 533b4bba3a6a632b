import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { zstdDecompressSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import type { Python } from '../../../local/python.ts';
import { runProgram } from '../../../local/run-program.ts';
import { cleanEnvironment } from '../../../local/settings.ts';
import { pythonOfTests } from '../../support/python-of-tests.ts';

const folder = fileURLToPath(new URL('./vectors/', import.meta.url));
const decrypter = fileURLToPath(new URL('./decrypt_block.py', import.meta.url));
const files = readdirSync(folder).map((file) => `${folder}${file}`);
const opened = z.object({
  length: z.number(),
  compressed: z.string().optional(),
  /** What stands before it, uncompressed. */
  asItIs: z.string().default(''),
  plaintext: z.string().optional(),
});
const dictionaries = z.object({ dictionary: z.string().optional() }).transform(({ dictionary }) => {
  return dictionary === undefined ? {} : { dictionary: Buffer.from(dictionary, 'hex') };
});
const plaintexts = z.union([
  z.object({ expected: z.object({ plaintext: z.string() }) }).transform((one) => one.expected.plaintext),
  z.object({ staged: z.object({ plaintext: z.string() }) }).transform((one) => one.staged.plaintext),
]);

describe('an independent decrypter in Python', () => {
  let python: Python;
  beforeAll(async () => {
    python = await pythonOfTests();
  }, 300_000);

  async function decrypt(...vectors: string[]) {
    const env = {
      ...cleanEnvironment(),
      ...(python.packages === null ? {} : { PYTHONPATH: python.packages }),
    };
    return runProgram(python.executable, [decrypter, ...vectors], { env });
  }

  it('opens every test vector from the format document alone', async () => {
    const result = await decrypt(...files);
    expect(result).toMatchObject({ code: 0 });
    const lines = result.stdout.trim().split('\n');
    expect(lines).toHaveLength(files.length);
    for (const [position, line] of lines.entries()) {
      const { asItIs, compressed, length, plaintext: whole = '' } = opened.parse(JSON.parse(line));
      const vector: unknown = JSON.parse(readFileSync(files[position] ?? '', 'utf8'));
      const expected = plaintexts.parse(vector);
      // zstd is in Python's library from 3.14 on only; what it decrypted is decompressed here.
      const plaintext =
        compressed === undefined
          ? Buffer.from(whole, 'hex')
          : Buffer.concat([
              Buffer.from(asItIs, 'hex'),
              zstdDecompressSync(Buffer.from(compressed, 'hex'), dictionaries.parse(vector)),
            ]);
      expect(plaintext.toString('hex')).toBe(expected);
      expect(plaintext).toHaveLength(length);
    }
  });

  it('refuses what is no vector, and says which file', async () => {
    const result = await decrypt(fileURLToPath(new URL('../../../package.json', import.meta.url)));
    expect(result.code).toBe(1);
    expect(result.output).toContain('package.json');
  });
});
