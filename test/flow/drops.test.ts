import { ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { describe, expect, it } from '@jest/globals';
import { eventually } from './support/eventually.ts';
import { daysAgo, newGuest, request, requestFor } from './support/retrieval.ts';
import { s3, stack } from './support/stack.ts';

async function put(Key: string, Body: string): Promise<void> {
  await s3.send(new PutObjectCommand({ Bucket: stack.buckets.inbox, Key, Body }));
}

async function left(prefix: string): Promise<number> {
  const { Contents = [] } = await s3.send(
    new ListObjectsV2Command({ Bucket: stack.buckets.inbox, Prefix: prefix }),
  );
  return Contents.length;
}

describe('a file dropped into the inbox', () => {
  it('is taken into custody, found, and gone; put again, it changes nothing', async () => {
    const guest = newGuest();
    const at = daysAgo(2).toISOString();
    const table = [
      'message_id,at,conversation,from_role,text,phone',
      `1,${at},c-${guest.phone},guest,请问几点可以入住?,${guest.phone}`,
    ].join('\n');
    const asked = requestFor(guest, {
      platforms: ['internal'],
      subject: { kind: 'phone', value: guest.phone },
    });
    for (const name of ['first.csv', 'second.csv']) {
      await put(`drop/SHA01/internal/${name}`, table);
      await eventually(
        async () => (await left('drop/')) + (await left('SHA01/internal/')),
        (count) => count === 0,
      );
    }
    expect(await request(asked)).toMatchObject({
      state: 'awaiting-approval',
      scope: { conversations: 1, records: 1 },
    });
  });

  it('is deleted where its name may say who it is about, and nothing of it is taken into custody', async () => {
    const guest = newGuest();
    const table = [
      'message_id,at,conversation,from_role,text,phone',
      `1,${daysAgo(2).toISOString()},c-${guest.phone},guest,请问几点可以入住?,${guest.phone}`,
    ].join('\n');
    await put('drop/SHA01/internal/13800138000 王女士.csv', table);
    expect(
      await eventually(
        async () => (await left('drop/')) + (await left('SHA01/internal/')),
        (count) => count === 0,
      ),
    ).toBe(0);
    const asked = requestFor(guest, {
      platforms: ['internal'],
      subject: { kind: 'phone', value: guest.phone },
    });
    expect(await request(asked)).toMatchObject({ state: 'refused' });
  });
});
