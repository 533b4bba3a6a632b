import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { runDualkey } from '../run-dualkey.ts';

async function badInput(...arguments_: string[]): Promise<string> {
  const { code, stdout } = await runDualkey(['provider-request', ...arguments_, '--json']);
  expect(code).toBe(2);
  return stdout;
}

describe('dualkey provider-request', () => {
  it('says which option is wrong before anything is sent', async () => {
    const draft = ['create', 'req_1', '--provider', '携程', '--platform'];
    expect(await badInput(...draft, 'ctrip', '--due-days', '91')).toContain('--due-days');
    expect(await badInput(...draft, 'ctrip', '--due-days', 'soon')).toContain('--due-days');
    expect(await badInput(...draft, 'tripp', '--due-days', '7')).toContain('--platform');
  });

  it('reads records of an answer only where their source is named', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'answer-'));
    const file = join(folder, 'answer.csv');
    writeFileSync(file, '订单号\n1\n');
    try {
      expect(await badInput('answer', 'prq_1', file, '--timezone', 'Asia/Shanghai')).toContain('--source');
      expect(await badInput('answer', 'prq_1', join(folder, 'none.csv'))).toContain('none.csv');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
