import { describe, expect, it } from '@jest/globals';
import { decodeBlockIndex } from '../../../shared/crypto/block-index.ts';
import type { Category, Identifier, Source } from '../../../shared/domain/record.ts';
import { buildPackage } from '../../../shared/package/build-package.ts';
import { completenessSchema } from '../../../shared/package/completeness.ts';
import { ENTRIES } from '../../../shared/package/manifest.ts';
import type { FoundRecord } from '../../../shared/package/staged-records.ts';
import { verifyPackageBytes } from '../../../shared/package/verify-package.ts';
import { entriesOf } from '../../shared/package/raw-zip.ts';
import { samplePackage } from '../../shared/package/sample-package.ts';
import { ingestWorld } from '../ingest/ingest-world.ts';

const AGES = { from: new Date(0), to: new Date('9999-01-01T00:00:00Z') };

/** The package of all that is in custody for a guest after this file came in, and its transcript. */
async function packageOf(source: Source, file: string, subject: Identifier, categories: Category[]) {
  const world = ingestWorld();
  const batchId = await world.upload(file, { source, timezone: 'UTC' });
  expect(await world.run(batchId)).toMatchObject({ outcome: 'committed', error: null });
  expect((await world.batch(batchId)).rejected).toEqual([]);
  const found: FoundRecord[] = [];
  for (const guestId of await world.guestsOf(subject)) {
    for (const block of await world.reader.records.blocksOf(guestId, AGES.from, AGES.to)) {
      const index = decodeBlockIndex(block.index);
      for (const record of await world.opened(block)) {
        const commitment = index.find(({ recordId }) => recordId === record.recordId)?.commitment ?? '';
        found.push({ record, block, commitment });
      }
    }
  }
  const input = samplePackage(found, {
    ...{ masking: 'named', platforms: [source], categories },
    ...{ from: '2020-01-01T00:00:00+08:00', to: '2030-01-01T00:00:00+08:00' },
  });
  const zip = await buildPackage(input);
  expect(verifyPackageBytes(zip, null).checks.filter(({ ok }) => !ok)).toEqual([]);
  const entries = await entriesOf(zip);
  const textOf = (name: string) => entries.find((one) => one.name === name)?.bytes.toString('utf8') ?? '';
  const articles = [...textOf(ENTRIES.transcript).matchAll(/<article[\s\S]*?<\/article>/g)].map(
    ([html]) => html,
  );
  return {
    ...input,
    articles,
    completeness: completenessSchema.parse(JSON.parse(textOf(ENTRIES.completeness))),
  };
}

const NUMBER = '8613800138000';

function whatsappHook(...messages: object[]): string {
  const value = {
    messaging_product: 'whatsapp',
    metadata: { display_phone_number: '8610', phone_number_id: '2' },
    contacts: [{ wa_id: NUMBER, profile: { name: '王伟' } }],
    messages,
  };
  const entry = [{ id: '1', changes: [{ field: 'messages', value }] }];
  return JSON.stringify({ object: 'whatsapp_business_account', entry });
}

describe('what was changed after it was sent', () => {
  it('is shown beside what replaced it, each linked to the other, in order', async () => {
    const sent = { from: NUMBER, id: 'w1', timestamp: '1770000000', type: 'text', text: { body: '三点到' } };
    const edit = {
      ...{ from: NUMBER, id: 'w2', timestamp: '1770000000', type: 'edit' },
      edit: { original_message_id: 'w1', message: { type: 'text', text: { body: '五点到' } } },
    };
    const { records, articles, completeness } = await packageOf(
      'whatsapp',
      whatsappHook(edit, sent),
      { kind: 'phone', value: `+${NUMBER}` },
      ['enquiry'],
    );
    const [original, replacement] = records;
    expect(records).toMatchObject([
      { text: '三点到', edited: true, edits: null },
      { text: '五点到', edited: true, edits: original?.recordId.slice(0, 16) },
    ]);
    expect(articles).toHaveLength(2);
    expect(articles[0]).toContain('三点到');
    expect(articles[0]).toContain(`class="mark edited" href="#r-${replacement?.recordId}"`);
    expect(articles[0]).toContain('已编辑,原文保留 edited; the original is kept');
    expect(articles[1]).toContain('五点到');
    expect(articles[1]).toContain(`class="mark edit" href="#r-${original?.recordId}"`);
    expect(completeness).toMatchObject({ edited: 1, recalled: 0 });
  });

  it('is marked where the platform only says that it was changed', async () => {
    const message = {
      ...{ id: 'cx1', message: '已为您安排', sender: 'property', booking_id: 'b1' },
      ...{ inserted_at: '2026-05-01T09:30:00.000000', updated_at: '2026-05-01T09:45:00.000000' },
    };
    const page = {
      data: [
        {
          type: 'message',
          attributes: message,
          relationships: {
            message_thread: { data: { id: 't1', type: 'message_thread' } },
            booking: { data: { id: 'b1', type: 'booking' } },
          },
        },
      ],
    };
    const { records, articles, completeness } = await packageOf(
      'booking',
      JSON.stringify(page),
      { kind: 'booking', value: 'b1' },
      ['enquiry'],
    );
    expect(records).toMatchObject([{ text: '已为您安排', edited: true, edits: null }]);
    expect(articles[0]).toContain('<span class="mark edited">已编辑 edited</span>');
    expect(completeness).toMatchObject({ edited: 1 });
  });
});

describe('a note of staff to staff', () => {
  it('is told apart from what staff said to the guest', async () => {
    const comment = {
      ...{ type: 'Comment', html_body: '', attachments: [] },
      ...{ audit_id: 5, author_id: 77, created_at: '2026-05-01T01:35:00Z' },
    };
    const ticket = {
      ...{ id: 35436, subject: '漏水 leak', requester_id: 9, submitter_id: 9, status: 'open' },
      created_at: '2026-05-01T01:30:00Z',
      comments: [
        { ...comment, id: 1001, public: true, plain_body: '马上派人' },
        { ...comment, id: 1002, public: false, plain_body: '给客人免一晚' },
      ],
      users: [
        { id: 9, name: '王芳', email: 'wang@example.cn', role: 'end-user' },
        { id: 77, name: 'Lily', email: 'lily@example.cn', role: 'agent' },
      ],
    };
    const { records, articles } = await packageOf(
      'crm-zendesk',
      JSON.stringify(ticket),
      { kind: 'email', value: 'wang@example.cn' },
      ['enquiry', 'complaint-plan'],
    );
    const [said, noted] = ['马上派人', '给客人免一晚'].map((words) => ({
      record: records.find(({ text }) => text.includes(words)),
      html: articles.find((html) => html.includes(words)) ?? '',
    }));
    expect(said?.record?.internal).toBe(false);
    expect(said?.html).not.toContain('内部备注');
    expect(noted?.record).toMatchObject({ internal: true, from: { role: 'staff' } });
    expect(noted?.html).toContain('内部备注,不是对客人说的 internal note, not said to the guest');
    expect(noted?.html).toMatch(/^<article id="r-[0-9a-f]{32}" class="staff internal">/);
  });
});
