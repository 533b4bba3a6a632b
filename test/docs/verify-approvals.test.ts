import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { sampleZip } from '../shared/package/sample-package.ts';
import { verifiedApprovals } from '../support/unpacked.ts';

const SIGNED = 'custody/approvals.json';

describe('docs/formats/verify-approvals.mjs', () => {
  it('finds each approval of a package signed by a device', async () => {
    const { bytes } = await sampleZip();
    const { code, output } = await verifiedApprovals(bytes);
    expect(output.split('\n').filter((line) => line.startsWith('signed: '))).toHaveLength(2);
    expect(output).toContain('p_privacy1 as privacy-officer');
    expect(code).toBe(0);
  });

  it.each([
    ['a statement that was changed', '"action": "approve"', '"action": "open"'],
    ['another request', '"digest": "sha256:', '"digest": "sha256:0'],
    ['another reason', '"reason": "', '"reason": "0'],
  ])('doesn’t take %s', async (_, found, instead) => {
    const { bytes } = await sampleZip();
    const { code } = await verifiedApprovals(bytes, (folder) => {
      const file = join(folder, SIGNED);
      const text = readFileSync(file, 'utf8');
      expect(text).toContain(found);
      writeFileSync(file, text.replace(found, instead));
    });
    expect(code).toBe(1);
  });

  it('is short enough to be read', () => {
    const script = readFileSync(join(import.meta.dirname, '../../docs/formats/verify-approvals.mjs'), 'utf8');
    const lines = script.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('//'));
    expect(lines.length).toBeLessThanOrEqual(35);
  });
});
