import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { eventually } from './support/eventually.ts';
import { failing } from './support/faults.ts';
import { invoke } from './support/invoke.ts';
import { deadLetters, keysIn, leftovers, NOTHING_LEFT } from './support/leftovers.ts';
import { expectState } from './support/reading.ts';
import {
  as,
  conversation,
  decide,
  type Guest,
  ingest,
  newGuest,
  openGrant,
  openOnce,
  reached,
  request,
  requestFor,
} from './support/retrieval.ts';
import { stack } from './support/stack.ts';

let guest: Guest;
beforeAll(async () => {
  guest = newGuest();
  await ingest(conversation(guest, 4));
});

const later = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();

async function approvedByBoth() {
  const shown = await request(requestFor(guest));
  await decide(shown, 'privacy-officer');
  await decide(shown, 'infosec-director');
  return shown;
}

describe('a crash anywhere is finished or cleared', () => {
  it('between the request’s row and its execution: the reconciler starts it', async () => {
    const api = await as('legal');
    const idempotencyKey = randomUUID();
    const created = z.object({ requestId: z.string() });
    await failing('request', ['states:StartExecution'], async () => {
      await api.post('/requests', { ...requestFor(guest), idempotencyKey }, created).catch(() => null);
    });
    const { requests } = await api.get(
      '/requests',
      z.object({ requests: z.array(z.object({ requestId: z.string(), state: z.string() })) }),
    );
    const waiting = requests.find(({ state }) => state === 'requested');
    expect(waiting).toBeDefined();
    await invoke('reconcile', { asOf: later(2) });
    await reached(waiting?.requestId ?? '', 'awaiting-approval');
  });

  it('between a decision and its callback: the reconciler repeats the callback', async () => {
    const shown = await request(requestFor(guest));
    await failing('approve', ['states:SendTaskSuccess'], async () => {
      await decide(shown, 'privacy-officer').catch(() => null);
      await decide(shown, 'infosec-director').catch(() => null);
    });
    await invoke('reconcile', {});
    expect((await reached(shown.requestId, 'open')).approvals).toHaveLength(2);
  });

  const PROVISION_EFFECTS: [string, string[], string?][] = [
    ['reading the scope', ['s3:GetObject'], `arn:aws:s3:::${stack.buckets.evidence}/scopes/*`],
    ['unwrapping keys', ['kms:Decrypt', 'kms:GenerateDataKey', 'kms:Encrypt']],
    ['reading blocks', ['s3:GetObject'], `arn:aws:s3:::${stack.buckets.vault}/*`],
    ['staging', ['s3:PutObject']],
    ['opening the grant', ['dynamodb:TransactWriteItems', 'dynamodb:PutItem']],
  ];
  for (const [effect, actions, resource] of PROVISION_EFFECTS) {
    it(`in provision at ${effect}: the grant fails, nothing is readable, nothing is left`, async () => {
      const shown = await failing(
        'provision',
        actions,
        async () => {
          const approved = await approvedByBoth();
          await reached(approved.requestId, 'failed');
          return approved;
        },
        resource,
      );
      await expect(openOnce(shown.requestId)).rejects.toMatchObject({ name: 'RefusedError' });
      expect(await leftovers(shown.requestId)).toEqual(NOTHING_LEFT);
    });
  }

  it('in provision for a moment only: the retry finishes it', async () => {
    const shown = await failing('provision', ['s3:PutObject'], async () => {
      const approved = await approvedByBoth();
      await reached(approved.requestId, 'provisioning');
      return approved;
    });
    expect((await reached(shown.requestId, 'open', 'failed')).state).toBe('open');
  });

  const OPEN_EFFECTS: [string, string, string[]][] = [
    ['rendering: the copy', 'render', ['s3:PutObject']],
    ['rendering: the signature', 'render', ['kms:Sign']],
    ['preparing its row', 'open', ['dynamodb:PutItem', 'dynamodb:TransactWriteItems']],
    ['signing the link', 'open', ['sts:AssumeRole']],
  ];
  for (const [effect, role, actions] of OPEN_EFFECTS) {
    it(`in open at ${effect}: no link, and the same key goes on without burning another`, async () => {
      const { shown } = await openGrant(4, { opens: 1 });
      const key = randomUUID();
      await failing(role, actions, async () => {
        await expect(openOnce(shown.requestId, key)).rejects.toMatchObject({ name: 'FailedError' });
      });
      expect(await openOnce(shown.requestId, key)).toMatchObject({ opensLeft: 0 });
      expect(await keysIn('delivery', `copies/${shown.requestId}`)).toHaveLength(1);
    });
  }

  const ARCHIVE_EFFECTS: [string, string[]][] = [
    ['signing', ['kms:Sign']],
    ['writing', ['s3:PutObject']],
    ['closing the row', ['dynamodb:TransactWriteItems', 'dynamodb:PutItem']],
  ];
  for (const [effect, actions] of ARCHIVE_EFFECTS) {
    it(`in archive at ${effect}: nothing is readable meanwhile, and the reconciler archives`, async () => {
      const { shown } = await openGrant();
      await openOnce(shown.requestId);
      await failing('archive', actions, async () => {
        await (await as('legal')).post(`/requests/${shown.requestId}/close`, {}, expectState('closed'));
        await eventually(
          () => leftovers(shown.requestId),
          ({ staged, copies }) => staged.length === 0 && copies.length === 0,
        );
      });
      await eventually(
        async () => {
          await invoke('reconcile', { asOf: later(60) }).catch(() => null);
          return (await reached(shown.requestId, 'closed', 'archived')).state;
        },
        (state) => state === 'archived',
      );
      expect(await leftovers(shown.requestId)).toEqual(NOTHING_LEFT);
    });
  }

  it('in ingest at each effect: the batch is finished later, nothing lost or doubled', async () => {
    const effects: [string[], string?][] = [
      [['s3:PutObject']],
      [['dynamodb:TransactWriteItems', 'dynamodb:PutItem']],
      [['kms:Decrypt', 'kms:GenerateDataKey', 'kms:Encrypt']],
      [['s3:DeleteObject']],
    ];
    for (const [actions] of effects) {
      const who = newGuest();
      const upload = failing('ingest', actions, async () => {
        const begun = ingest(conversation(who, 5));
        // The fault stands while the first invocation runs into it.
        await eventually(
          () => keysIn('inbox'),
          (keys) => keys.length > 0,
        ).catch(() => null);
        return { begun };
      });
      const { begun } = await upload;
      await invoke('reconcile', { asOf: later(30) }).catch(() => null);
      expect(await begun).toMatchObject({ accepted: 5, duplicates: 0 });
      expect((await request(requestFor(who))).scope).toMatchObject({ records: 5 });
    }
    await eventually(
      () => keysIn('inbox'),
      (keys) => keys.length === 0,
    );
  });

  it('leaves no dead letter behind', async () => {
    expect(await deadLetters()).toEqual({});
  });
});
