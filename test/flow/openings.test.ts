import { randomUUID } from 'node:crypto';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { describe, expect, it } from '@jest/globals';
import { custodyLog } from '../../shared/aws/custody-log.ts';
import { eventually } from './support/eventually.ts';
import { failing } from './support/faults.ts';
import { invoke } from './support/invoke.ts';
import { keysIn, leftovers, NOTHING_LEFT } from './support/leftovers.ts';
import { expectState } from './support/reading.ts';
import { as, openGrant, openOnce, reached, refusal } from './support/retrieval.ts';
import { dynamo, s3, stack, tableArn } from './support/stack.ts';

describe('openings on the deployed stack', () => {
  it('gives the last opening to exactly one of two racing calls', async () => {
    const { shown } = await openGrant(4, { opens: 1 });
    const race = await Promise.allSettled([openOnce(shown.requestId), openOnce(shown.requestId)]);
    const lost = race.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
    expect(lost).toEqual([expect.objectContaining({ name: 'RefusedError' })]);
    const after = await reached(shown.requestId, 'open');
    expect(after.openings.filter(({ state }) => state === 'issued')).toHaveLength(1);
  });

  it('gives the one opening to one of twelve keys at once: the others are refused under R11, none breaks', async () => {
    const { shown } = await openGrant(4, { opens: 1 });
    const race = await Promise.allSettled(Array.from({ length: 12 }, () => openOnce(shown.requestId)));
    const lost = race.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
    expect(lost).toHaveLength(11);
    for (const error of lost) {
      expect(error).toMatchObject({
        name: 'RefusedError',
        verdict: { outcome: 'deny', reasons: ['no-openings-left'], rules: ['R11'] },
      });
    }
    expect(await keysIn('delivery', `copies/${shown.requestId}`)).toHaveLength(1);
  });

  it('answers the same key with the same opening, and burns none', async () => {
    const { shown } = await openGrant(4, { opens: 2 });
    const key = randomUUID();
    const first = await openOnce(shown.requestId, key);
    const second = await openOnce(shown.requestId, key);
    expect(second.openingId).toBe(first.openingId);
    expect([first.opensLeft, second.opensLeft]).toEqual([1, 1]);
  });

  it('gives no link where the event can’t be written', async () => {
    const { shown } = await openGrant(4, { opens: 1 });
    const key = randomUUID();
    await failing(
      'open',
      ['dynamodb:PutItem'],
      async () => {
        await expect(openOnce(shown.requestId, key)).rejects.toMatchObject({ name: 'FailedError' });
      },
      tableArn('events'),
    );
    // It came as far as the event: the copy lies there, and nobody has a link to it.
    expect(await keysIn('delivery', `copies/${shown.requestId}`)).toHaveLength(1);
    expect(
      (await reached(shown.requestId, 'open')).openings.filter(({ state }) => state === 'issued'),
    ).toEqual([]);
    // The right given back, the same key opens: nothing was burnt.
    expect(await openOnce(shown.requestId, key)).toMatchObject({ opensLeft: 0 });
  });

  it('gives a link of at most five minutes, good for one object only', async () => {
    const { shown } = await openGrant();
    const { url, expiresAt } = await openOnce(shown.requestId);
    const link = new URL(url);
    expect(Number(link.searchParams.get('X-Amz-Expires'))).toBeLessThanOrEqual(300);
    expect(new Date(expiresAt).getTime() - Date.now()).toBeLessThanOrEqual(300_000);
    expect((await fetch(url)).status).toBe(200);

    const forged = new URL(url);
    const signature = forged.searchParams.get('X-Amz-Signature') ?? '';
    forged.searchParams.set(
      'X-Amz-Signature',
      signature.replace(/^./, signature.startsWith('0') ? '1' : '0'),
    );
    expect((await fetch(forged)).status).toBe(403);

    const other = new URL(url);
    other.pathname = other.pathname.replace(/copies\/.*/, `staged/${shown.requestId}`);
    expect((await fetch(other)).status).toBe(403);
  });

  it('refuses a link after its expiry', async () => {
    const { shown } = await openGrant();
    const key = randomUUID();
    const { expiresAt } = await openOnce(shown.requestId, key);
    // Asked again two seconds before its end by the injected clock, the link is signed for those two seconds.
    const asOf = new Date(new Date(expiresAt).getTime() - 2_000).toISOString();
    const { url } = await openOnce(shown.requestId, key, as('legal'), { asOf });
    expect(Number(new URL(url).searchParams.get('X-Amz-Expires'))).toBeLessThanOrEqual(2);
    await eventually(
      () => fetch(url).then(({ status }) => status),
      (status) => status === 403,
      15,
    );
    const over = new Date(new Date(expiresAt).getTime() + 1_000).toISOString();
    expect((await refusal(openOnce(shown.requestId, key, as('legal'), { asOf: over }))).rules).toContain(
      'R11',
    );
  });

  it('opens to the named recipient only (R11)', async () => {
    const { shown } = await openGrant();
    for (const role of ['privacy-officer', 'infosec-director', 'it-ops', 'sales']) {
      expect((await refusal(openOnce(shown.requestId, randomUUID(), as(role)))).outcome).toBe('deny');
    }
    expect((await refusal(openOnce(shown.requestId, randomUUID(), as('legal', 1)))).outcome).toBe('deny');
  });

  it('stops at once when revoked: copies gone, links dead', async () => {
    const { shown } = await openGrant();
    const { url } = await openOnce(shown.requestId);
    await (await as('privacy-officer')).post(
      `/requests/${shown.requestId}/revoke`,
      { reason: '误批 approved by mistake' },
      expectState('revoked'),
    );
    expect((await fetch(url)).status).not.toBe(200);
    expect((await refusal(openOnce(shown.requestId))).outcome).toBe('deny');
    await reached(shown.requestId, 'archived');
    expect(await leftovers(shown.requestId)).toEqual(NOTHING_LEFT);
  });

  it('never gives a copy again once it is deleted: a rendering sent again, or one that arrives after the archive', async () => {
    const { shown } = await openGrant();
    const { requestId } = shown;
    const { url, openingId } = await openOnce(requestId);
    const [copy] = await keysIn('delivery', `copies/${requestId}`);
    await (await as('privacy-officer')).post(
      `/requests/${requestId}/revoke`,
      { reason: '误批 approved by mistake' },
      expectState('revoked'),
    );
    await reached(requestId, 'archived');
    expect(await invoke('render', { requestId, openingId })).toMatchObject({ outcome: 'not-open' });
    expect((await fetch(url)).status).toBe(404);

    const late = `copies/${requestId}/${openingId}/late.zip`;
    expect(copy?.startsWith(`copies/${requestId}/${openingId}/`)).toBe(true);
    await s3.send(new PutObjectCommand({ Bucket: stack.buckets.delivery, Key: late, Body: 'late' }));
    await invoke('reconcile', { asOf: new Date(Date.now() + 15 * 60_000).toISOString() });
    expect(await leftovers(requestId)).toEqual(NOTHING_LEFT);
    const events = await custodyLog(stack.tables.events, dynamo).events(`copies/${requestId}`);
    expect(events.map(({ type, data }) => [type, data['openingId'], data['late']])).toEqual([
      ['copy-deleted', openingId, undefined],
      ['copy-deleted', openingId, 1],
    ]);
  });

  it('leaves nothing of a rendering that was cut off before its copy was bound, and the same key goes on', async () => {
    const { shown } = await openGrant(4, { opens: 1 });
    const key = randomUUID();
    await failing(
      'render',
      ['dynamodb:UpdateItem'],
      async () => {
        await expect(openOnce(shown.requestId, key)).rejects.toMatchObject({ name: 'FailedError' });
      },
      tableArn('grants'),
    );
    expect(await keysIn('delivery', `copies/${shown.requestId}`)).toHaveLength(1);
    const { url, openingId } = await openOnce(shown.requestId, key);
    expect((await fetch(url)).status).toBe(200);
    expect(await keysIn('delivery', `copies/${shown.requestId}/${openingId}`)).toHaveLength(2);
    await invoke('reconcile', { asOf: new Date(Date.now() + 11 * 60_000).toISOString() });
    expect(await keysIn('delivery', `copies/${shown.requestId}`)).toEqual([]);
  });

  it('ends by itself when its window has passed (R11)', async () => {
    const { shown } = await openGrant(4, { windowHours: 1 });
    await openOnce(shown.requestId);
    await invoke('reconcile', { asOf: new Date(Date.now() + 2 * 3_600_000).toISOString() });
    await reached(shown.requestId, 'archived');
    expect(await leftovers(shown.requestId)).toEqual(NOTHING_LEFT);
  });

  it('deletes a copy ten minutes after its opening, while the grant stays open', async () => {
    const { shown } = await openGrant();
    await openOnce(shown.requestId);
    expect(await keysIn('delivery', `copies/${shown.requestId}`)).toHaveLength(1);
    await invoke('reconcile', { asOf: new Date(Date.now() + 11 * 60_000).toISOString() });
    expect(await keysIn('delivery', `copies/${shown.requestId}`)).toEqual([]);
    expect(await reached(shown.requestId, 'open')).toMatchObject({ state: 'open' });
  });
});
