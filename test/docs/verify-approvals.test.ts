import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { buildPackage } from '../../shared/package/build-package.ts';
import { type Manifest, manifestSchema } from '../../shared/package/manifest.ts';
import { samplePackage, sampleZip } from '../shared/package/sample-package.ts';
import { verifiedApprovals } from '../support/unpacked.ts';

const SIGNED = 'custody/approvals.json';
type Approval = Manifest['approvals'][number];
const CHANGED_LISTS: [string, (approvals: Approval[]) => unknown[], string][] = [
  ['without approvals', () => [], 'fewer than two people'],
  ['with one approval', (approvals) => approvals.slice(0, 1), 'fewer than two people'],
  [
    'that says another role than the one that signed',
    ([one, two]) => [one, { ...two, role: one?.role }],
    'challenge',
  ],
  [
    'that somebody else is said to have approved',
    ([one, two]) => [one, { ...two, by: 'p_other' }],
    'challenge',
  ],
  [
    'with a third approval that nobody signed',
    ([one, two]) => [one, two, { ...two, role: 'gm', by: 'p_gm' }],
    'undefined',
  ],
];

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

  it.each(CHANGED_LISTS)('doesn’t take a package %s', async (_, changed, said) => {
    const { bytes } = await sampleZip();
    const { code, output } = await verifiedApprovals(bytes, (folder) => {
      const file = join(folder, 'manifest.json');
      const manifest = manifestSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
      writeFileSync(file, JSON.stringify({ ...manifest, approvals: changed(manifest.approvals) }));
    });
    expect(code).toBe(1);
    expect(output).toMatch(new RegExp(said));
  });

  it.each([
    ['role', 'privacy-officer', 'p_privacy2', 'fewer than two roles'],
    ['person', 'infosec-director', 'p_privacy1', 'fewer than two people'],
  ] as const)('doesn’t take two approvals of one %s, though both are signed', async (_, role, by, said) => {
    const approvers = [{ role: 'privacy-officer', by: 'p_privacy1' } as const, { role, by }];
    const bytes = await buildPackage(samplePackage(undefined, {}, undefined, approvers));
    const { code, output } = await verifiedApprovals(bytes);
    expect(code).toBe(1);
    expect(output.match(/^signed: /gm)).toHaveLength(2);
    expect(output).toContain(said);
  });

  it.each([
    ['without what the devices signed', () => '[]'],
    [
      'of which one approval is not signed',
      (text: string) => JSON.stringify(z.array(z.json()).parse(JSON.parse(text)).slice(0, 1)),
    ],
    [
      'with another signature',
      (text: string) =>
        text.replace(/"signature": "(.)/, (_, first) => `"signature": "${first === 'M' ? 'N' : 'M'}`),
    ],
  ])('doesn’t take a package %s', async (_, changed) => {
    const { bytes } = await sampleZip();
    const { code } = await verifiedApprovals(bytes, (folder) => {
      const file = join(folder, SIGNED);
      const text = readFileSync(file, 'utf8');
      expect(changed(text)).not.toBe(text);
      writeFileSync(file, changed(text));
    });
    expect(code).toBe(1);
  });

  it('has at most twenty lines', () => {
    const script = readFileSync(join(import.meta.dirname, '../../docs/formats/verify-approvals.mjs'), 'utf8');
    expect(script.trimEnd().split('\n').length).toBeLessThanOrEqual(20);
  });
});
