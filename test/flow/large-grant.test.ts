import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { localFolder } from '../../cli/deployment.ts';
import { runDualkey } from '../cli/run-dualkey.ts';
import { keysIn, leftovers, NOTHING_LEFT } from './support/leftovers.ts';
import { expectState } from './support/reading.ts';
import { as, openGrant, reached, signedOpening } from './support/retrieval.ts';
import { userOf } from './support/stack.ts';

const RECORDS = 3_000;
const preparing = z.object({ state: z.literal('preparing'), openingId: z.string() });

describe('a grant of more records than are rendered while the caller waits', () => {
  it('is prepared in the background, however often it is asked for, and opens once as a package that verifies', async () => {
    const { shown } = await openGrant(RECORDS, { opens: 1 });
    const { requestId } = shown;
    const legal = await as('legal');
    const key = randomUUID();
    const asked = await Promise.all(
      [key, key].map(async (same) => {
        const stepUp = await signedOpening(legal, requestId);
        return legal.post(`/requests/${requestId}/openings`, { key: same, stepUp }, preparing);
      }),
    );
    expect(new Set(asked.map(({ openingId }) => openingId)).size).toBe(1);
    await expect(
      legal.post(
        `/requests/${requestId}/openings`,
        { key: randomUUID(), stepUp: await signedOpening(legal, requestId) },
        preparing,
      ),
    ).rejects.toMatchObject({ name: 'RefusedError', verdict: { reasons: ['no-openings-left'] } });

    const folder = mkdtempSync(join(tmpdir(), 'large-'));
    try {
      const out = join(folder, 'package.zip');
      const options = ['--out', out, '--key', key, '--as', userOf('legal'), '--json'];
      const opened = await runDualkey(['open', requestId, ...options]);
      expect(opened).toMatchObject({ code: 0 });
      expect(JSON.parse(opened.stdout)).toMatchObject({ openingId: asked[0]?.openingId, opensLeft: 0 });
      const keys = resolve(localFolder(), 'keys.json');
      const verified = await runDualkey(['verify', out, '--keys', keys, '--json']);
      expect(verified).toMatchObject({ code: 0 });
      expect(JSON.parse(verified.stdout)).toMatchObject({ ok: true, package: { records: RECORDS } });
    } finally {
      rmSync(folder, { recursive: true });
    }
    expect(await keysIn('delivery', `copies/${requestId}`)).toHaveLength(1);
    await legal.post(`/requests/${requestId}/close`, {}, expectState('closed'));
    await reached(requestId, 'archived');
    expect(await leftovers(requestId)).toEqual(NOTHING_LEFT);
  });
});
