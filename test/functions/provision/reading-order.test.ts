import { describe, expect, it } from '@jest/globals';
import type { Batch } from '../../../shared/domain/batch.ts';
import type { Identifier } from '../../../shared/domain/record.ts';
import { type FoundRecord, stageRecords } from '../../../shared/package/staged-records.ts';
import { gatherWorld, WHATSAPP_SECRET } from '../gather/gather-world.ts';
import { type IngestWorld, ingestWorld } from '../ingest/ingest-world.ts';

const AGES = { from: new Date(0), to: new Date('9999-01-01T00:00:00Z') };
const HOTEL = 'Bund Hotel';
const PHONE = { kind: 'phone', value: '+8613800138000' } as const;

async function take(world: IngestWorld, file: string, changes: Partial<Batch>): Promise<void> {
  const batchId = await world.upload(file, { timezone: 'Asia/Shanghai', ...changes });
  expect(await world.run(batchId)).toMatchObject({ outcome: 'committed', error: null });
  expect((await world.batch(batchId)).rejected).toEqual([]);
}

/** The words of a guest's records as a package has them. */
async function readOf(world: IngestWorld, subject: Identifier): Promise<string[]> {
  const found: FoundRecord[] = [];
  for (const guestId of await world.guestsOf(subject)) {
    for (const block of await world.reader.records.blocksOf(guestId, AGES.from, AGES.to)) {
      for (const record of await world.opened(block)) found.push({ record, block, commitment: '' });
    }
  }
  return stageRecords(found, 'named').map(({ text }) => text);
}

const chatLine = (who: string, text: string, minute = 41) => `21/05/2026, 21:${minute} - ${who}: ${text}`;
const GUEST_NAME = '+86 138 0013 8000';

describe('what was said under one time', () => {
  it('is read in the order of its file: a chat of one minute', async () => {
    const world = ingestWorld([HOTEL]);
    const turns = [1, 2, 3, 4, 5, 6].flatMap((n) => [
      chatLine(GUEST_NAME, `Q${n}`),
      chatLine(HOTEL, `A${n}`),
    ]);
    await take(world, `${[...turns, chatLine(GUEST_NAME, 'bye', 42)].join('\n')}\n`, { source: 'whatsapp' });
    const said = [1, 2, 3, 4, 5, 6].flatMap((n) => [`Q${n}`, `A${n}`]);
    expect(await readOf(world, PHONE)).toEqual([...said, 'bye']);
  });

  it('is read in the order of its document, written on one line or on many: a turn of a bot', async () => {
    const turn = {
      messageVersion: '2.0',
      messages: [1, 2, 3, 4].map((n) => ({ contentType: 'PlainText', content: `answer ${n}` })),
      requestId: 'r-1',
      timestamp: '2026-05-01T01:30:00Z',
      sessionId: '+8613800138000',
      inputMode: 'Text',
      inputTranscript: 'question',
      bot: { id: 'B1', name: 'Bot' },
    };
    for (const space of [0, 2]) {
      const world = ingestWorld();
      await take(world, JSON.stringify(turn, null, space), { source: 'ai-lex' });
      expect(await readOf(world, PHONE)).toEqual(['question', ...[1, 2, 3, 4].map((n) => `answer ${n}`)]);
    }
  });

  it('is read in the order of its document: the comments of a ticket', async () => {
    const users = [
      { id: 11, name: '王芳', email: 'wang@example.cn', role: 'end-user' },
      { id: 12, name: 'Lily', email: 'lily@example.cn', role: 'agent' },
    ];
    const bodies = ['漏水', '马上来', '谢谢', '不客气', '再见'];
    const comments = bodies.map((body, index) => ({
      ...{ id: 100 + index, type: 'Comment', author_id: 11 + (index % 2), public: true, attachments: [] },
      ...{ body, plain_body: body, created_at: '2026-05-01T01:30:00Z' },
    }));
    const ticket = {
      ...{ id: 7, subject: '漏水', description: '漏水', requester_id: 11, submitter_id: 11, assignee_id: 12 },
      ...{ status: 'open', created_at: '2026-05-01T01:30:00Z', comments, users },
    };
    const world = ingestWorld();
    await take(world, JSON.stringify(ticket), { source: 'crm-zendesk' });
    expect(
      (await readOf(world, { kind: 'email', value: 'wang@example.cn' })).map((text) =>
        text.split('\n').at(-1),
      ),
    ).toEqual(['[工单 ticket #7] 漏水', ...bodies]);
  });

  it('is read batch by batch, in the order in which they were brought', async () => {
    const world = ingestWorld([HOTEL]);
    const first = ['1', '2', '3', '4'].map((text) => chatLine(GUEST_NAME, text));
    await take(world, `${first.join('\n')}\n`, { source: 'whatsapp' });
    world.pass(1);
    const more = ['5', '6', '7', '8'].map((text) => chatLine(GUEST_NAME, text));
    await take(world, `${[...first, ...more].slice(2).join('\n')}\n`, { source: 'whatsapp' });
    expect(await readOf(world, PHONE)).toEqual(['1', '2', '3', '4', '5', '6', '7', '8']);
  });

  it('is read in the order of arrival where it was pushed', async () => {
    const world = gatherWorld();
    await world.channel({ channel: 'whatsapp', secrets: { appSecret: WHATSAPP_SECRET, verifyToken: 'v' } });
    const words = [1, 2, 3, 4, 5, 6].map((n) => `第${n}句`);
    for (const [index, text] of words.entries()) {
      await world.whatsapp('8613800138000', `wamid.${index}`, text);
      // Within one second.
      world.pass(1 / 600);
    }
    await world.deliver();
    world.pass(12 * 60);
    await world.run({ kind: 'due' });
    const found: FoundRecord[] = [];
    for (const block of await world.reader.records.visible(await world.blocks())) {
      for (const record of await world.opened(block)) found.push({ record, block, commitment: '' });
    }
    expect(stageRecords(found, 'named').map(({ text }) => text)).toEqual(words);
  });
});
