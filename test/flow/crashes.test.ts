import { randomUUID } from 'node:crypto';
import { QueryCommand } from '@aws-sdk/lib-dynamodb';
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
  daysAgo,
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
import { dynamo, objectArn, stack, tableArn } from './support/stack.ts';

let guest: Guest;
beforeAll(async () => {
  guest = newGuest();
  await ingest(conversation(guest, 4));
});

const later = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();

/** Batches that something is left to do for. */
async function openBatches(): Promise<string[]> {
  const { Items } = await dynamo.send(
    new QueryCommand({
      TableName: stack.tables.records,
      KeyConditionExpression: 'pk = :open',
      ExpressionAttributeValues: { ':open': 'BATCHES#OPEN' },
      ConsistentRead: true,
    }),
  );
  return (Items ?? []).map((item) => z.object({ batchId: z.string() }).parse(item).batchId);
}

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

  // Each fault is one action on one resource, so that everything before it is done and it alone fails.
  const PROVISION_EFFECTS: [string, string[], string][] = [
    ['reading the scope', ['s3:GetObject'], objectArn('evidence', 'scopes/*')],
    ['reading blocks', ['s3:GetObject'], objectArn('vault', '*')],
    ['making the grant’s key', ['kms:GenerateDataKey', 'kms:Encrypt'], '*'],
    ['staging', ['s3:PutObject'], objectArn('delivery', 'staged/*')],
    ['writing the event', ['dynamodb:PutItem'], tableArn('events')],
    ['opening the grant', ['dynamodb:PutItem'], tableArn('grants')],
  ];
  const AFTER_STAGING = ['writing the event', 'opening the grant'];
  for (const [effect, actions, resource] of PROVISION_EFFECTS) {
    it(`in provision at ${effect}: the grant fails, nothing is readable, nothing is left`, async () => {
      const shown = await failing(
        'provision',
        actions,
        async () => {
          const approved = await approvedByBoth();
          if (AFTER_STAGING.includes(effect)) {
            await eventually(
              () => keysIn('delivery', `staged/${approved.requestId}`),
              (keys) => keys.length === 1,
            );
          }
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

  const OPEN_EFFECTS: [string, string, string[], string][] = [
    ['preparing its row', 'open', ['dynamodb:PutItem'], tableArn('grants')],
    ['rendering: the copy', 'render', ['s3:PutObject'], objectArn('delivery', 'copies/*')],
    ['rendering: the signature', 'render', ['kms:Sign'], '*'],
    ['writing the event', 'open', ['dynamodb:PutItem'], tableArn('events')],
    ['signing the link', 'open', ['sts:AssumeRole'], '*'],
  ];
  for (const [effect, role, actions, resource] of OPEN_EFFECTS) {
    it(`in open at ${effect}: no link, and the same key goes on without burning another`, async () => {
      const { shown } = await openGrant(4, { opens: 1 });
      const key = randomUUID();
      await failing(
        role,
        actions,
        async () => {
          await expect(openOnce(shown.requestId, key)).rejects.toMatchObject({ name: 'FailedError' });
        },
        resource,
      );
      expect(await openOnce(shown.requestId, key)).toMatchObject({ opensLeft: 0 });
      expect(await keysIn('delivery', `copies/${shown.requestId}`)).toHaveLength(1);
    });
  }

  const ARCHIVE_EFFECTS: [string, string[], string][] = [
    ['signing', ['kms:Sign'], '*'],
    ['writing', ['s3:PutObject'], objectArn('evidence', 'archives/*')],
    ['writing the event', ['dynamodb:PutItem'], tableArn('events')],
    ['closing the row', ['dynamodb:PutItem'], tableArn('grants')],
  ];
  for (const [effect, actions, resource] of ARCHIVE_EFFECTS) {
    it(`in archive at ${effect}: nothing is readable meanwhile, and the reconciler archives`, async () => {
      const { shown } = await openGrant();
      await openOnce(shown.requestId);
      await failing(
        'archive',
        actions,
        async () => {
          await (await as('legal')).post(`/requests/${shown.requestId}/close`, {}, expectState('closed'));
          await eventually(
            () => leftovers(shown.requestId),
            ({ staged, copies }) => staged.length === 0 && copies.length === 0,
          );
        },
        resource,
      );
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

  const INGEST_EFFECTS: [string, string[], string][] = [
    ['making the period’s key', ['kms:GenerateDataKey', 'kms:Encrypt'], '*'],
    ['writing a block', ['s3:PutObject'], objectArn('vault', '*')],
    ['committing a block', ['dynamodb:ConditionCheckItem'], tableArn('keys')],
    ['committing the batch', ['dynamodb:PutItem'], tableArn('events')],
    ['emptying the inbox', ['s3:DeleteObject'], objectArn('inbox', '*')],
  ];
  for (const [index, [effect, actions, resource]] of INGEST_EFFECTS.entries()) {
    it(`in ingest at ${effect}: the batch is finished later, nothing lost or doubled`, async () => {
      const who = newGuest();
      // A month of its own: a key that was made and kept before would spare ingest the effect.
      const start = daysAgo(40 + 31 * index);
      const { begun } = await failing(
        'ingest',
        actions,
        async () => {
          const uploading = ingest(conversation(who, 5, start.toISOString()));
          const [batchId = ''] = await eventually(openBatches, (batches) => batches.length === 1);
          // The fault is met: whoever takes the batch breaks.
          await eventually(
            () => invoke('ingest', { batchId }).then(String, () => 'broken'),
            (outcome) => outcome === 'broken',
          );
          return { begun: uploading };
        },
        resource,
      );
      await invoke('reconcile', { asOf: later(30) });
      expect(await begun).toMatchObject({ accepted: 5, duplicates: 0 });
      const range = { from: start.toISOString(), to: daysAgo(0).toISOString() };
      expect((await request(requestFor(who, range))).scope).toMatchObject({ records: 5 });
      await eventually(
        () => keysIn('inbox'),
        (keys) => keys.length === 0,
      );
    });
  }

  it('leaves no dead letter behind', async () => {
    expect(await deadLetters()).toEqual({});
  });
});
