import { S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ingestBatch } from '../../../functions/ingest/ingest-batch.ts';
import { batchBodySchema } from '../../../functions/receive/batch-body.ts';
import { beginBatch } from '../../../functions/receive/begin-batch.ts';
import { completeBatch } from '../../../functions/receive/complete-batch.ts';
import { batchTable } from '../../../shared/aws/batches.ts';
import { blockWriter } from '../../../shared/aws/block-writer.ts';
import { custodyKeys } from '../../../shared/aws/custody-keys.ts';
import { custodyLog } from '../../../shared/aws/custody-log.ts';
import { identifierIndex } from '../../../shared/aws/identifier-index.ts';
import { inboxBucket } from '../../../shared/aws/inbox.ts';
import { indexKey } from '../../../shared/aws/index-key.ts';
import { objectStore } from '../../../shared/aws/object-store.ts';
import { partLinks } from '../../../shared/aws/part-links.ts';
import { recordsIndex } from '../../../shared/aws/records-index.ts';
import { blindIndexOf } from '../../../shared/crypto/blind-index.ts';
import { openRecords } from '../../../shared/crypto/record-block.ts';
import { hotelsOfEveryRegion, regionConfig, regionFacts } from '../../../shared/runtime/region.ts';
import { person } from '../../shared/policy/staff.ts';
import { type EmbeddedAwsOfTest, embeddedAwsOfTest } from '../../support/embedded-aws-of-test.ts';
import { GUEST, message } from './ingest-world.ts';

const clock = () => new Date('2026-06-01T00:00:00.000Z');
const uploader = person('it', 'it-ops');

let aws: EmbeddedAwsOfTest;

beforeAll(async () => {
  aws = await embeddedAwsOfTest();
}, 300_000);
afterAll(() => aws.stop());

async function deployment() {
  const [records, keys, events] = [await aws.table(), await aws.table(), await aws.table()];
  const [inboxName, vaultName] = [await aws.bucket(), await aws.bucket()];
  const custody = custodyLog(events, aws.dynamo);
  const vault = objectStore(vaultName, aws.s3);
  const inboxObjects = objectStore(inboxName, aws.s3);
  const hierarchy = custodyKeys(keys, aws.dynamo, aws.kms, await aws.key(), clock);
  const region = regionConfig('cn-north-1');
  const continued: string[] = [];
  const signing = new S3Client({
    ...aws.place,
    forcePathStyle: true,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    requestChecksumCalculation: 'WHEN_REQUIRED',
  });
  const parts = {
    batches: batchTable(records, aws.dynamo, custody),
    identifiers: identifierIndex(records, aws.dynamo, custody),
    records: recordsIndex(records, aws.dynamo),
    blocks: blockWriter({ records, keys }, aws.dynamo, vault, hierarchy),
    evidence: objectStore(await aws.bucket(), aws.s3),
    quarantined: async function* () {},
    inbox: inboxBucket(inboxName, aws.s3),
    indexKey: indexKey(keys, aws.dynamo, aws.kms, await aws.key(), clock),
    vault,
    region,
    clock,
    directory: { withAccounts: async () => [] },
    consents: { bases: async () => [], record: async () => 'recorded' as const },
    remaining: () => 900_000,
    continueLater: async (batchId: string) => {
      continued.push(batchId);
    },
    progress: () => undefined,
  };
  const receiving = {
    ...parts,
    links: partLinks(inboxName, signing),
    region: regionFacts(region),
    chain: hotelsOfEveryRegion(),
    bases: async () => [],
    providers: { read: async () => null },
  };

  async function received(text: string, source: 'wecom' | 'internal'): Promise<string> {
    const body = batchBodySchema.parse({ source, hotel: 'SHA01', bytes: Buffer.byteLength(text), parts: 1 });
    const begun = await beginBatch({ person: uploader, body, now: clock() }, receiving);
    const { batchId, url } = linkIn(begun.body);
    const put = await fetch(url, { method: 'PUT', body: text });
    expect(put.status).toBe(200);
    const completion = { parts: [{ number: 1, etag: put.headers.get('etag') ?? '' }] };
    const completed = await completeBatch(
      { batchId, person: uploader, body: completion, now: clock() },
      receiving,
    );
    expect(completed.status).toBe(202);
    return batchId;
  }

  async function textsOf(value: string, kind: 'wecom' | 'phone'): Promise<string[]> {
    const key = await parts.indexKey.forIngest();
    const index = blindIndexOf(key, { kind, value }, { hotel: 'SHA01', country: 'CN' });
    const texts: string[] = [];
    for (const guestId of await parts.records.guestsOf([index ?? ''])) {
      for (const row of await parts.records.blocksOf(guestId, new Date(0), new Date('9999-01-01'))) {
        const [sealed, guestKey] = [await vault.get(row.objectKey), await hierarchy.forReading(row, guestId)];
        if (sealed === null || guestKey.state !== 'active') throw new Error('The block can’t be read');
        const place = { ...row, keyId: guestKey.keyId, keyVersion: guestKey.version };
        texts.push(
          ...openRecords({ key: guestKey.key, place, index: row.index, sealed }).map(({ text }) => text),
        );
      }
    }
    return texts.sort();
  }

  return { parts, receiving, continued, received, textsOf, inboxObjects, vault };
}

function linkIn(body: object): { batchId: string; url: string } {
  const text = JSON.stringify(body);
  const [, batchId = ''] = /"batchId":"(\w+)"/.exec(text) ?? [];
  const [, url = ''] = /"url":"([^"]+)"/.exec(text) ?? [];
  return { batchId, url };
}

describe('custody in, on the embedded AWS', () => {
  it('signs the length of a part into its link: 30 kB can’t be put as a part of 10 bytes', async () => {
    const { receiving } = await deployment();
    const body = batchBodySchema.parse({ source: 'wecom', hotel: 'SHA01', bytes: 10, parts: 1 });
    const { url } = linkIn((await beginBatch({ person: uploader, body, now: clock() }, receiving)).body);
    expect(new URL(url).searchParams.get('X-Amz-SignedHeaders')).toBe('content-length;host');
    const exact = await fetch(url, { method: 'PUT', body: 'x'.repeat(10) });
    expect(exact.status).toBe(200);
    const longer = await fetch(url, { method: 'PUT', body: 'x'.repeat(30_000) });
    expect(longer.status).toBe(403);
    expect(await longer.text()).toContain('SignatureDoesNotMatch');
  });

  it('takes an archive and a table from a signed link into encrypted blocks, twice the same once', async () => {
    const { parts, received, textsOf, inboxObjects, continued } = await deployment();
    const archive = Array.from({ length: 40 }, (_, n) => message(String(n))).join('\n');
    const first = await received(archive, 'wecom');
    const table = [
      'message_id,at,conversation,from_role,text,phone,wecom',
      `1,2026-05-01T09:00:00Z,c1,guest,Hello,13800138000,${GUEST}`,
      '2,2026-05-01T09:00:00Z,c2,guest,Somebody else,13900139000,',
    ].join('\n');
    const other = await received(table, 'internal');
    expect(await Promise.all([first, other].map((batchId) => ingestBatch(batchId, parts)))).toEqual([
      'committed',
      'committed',
    ]);
    expect(await parts.batches.read(first)).toMatchObject({
      accepted: 40,
      duplicates: 0,
      conversations: 1,
      guests: 1,
    });
    expect(await parts.batches.read(other)).toMatchObject({ accepted: 2, conversations: 2, guests: 2 });
    expect(await textsOf(GUEST, 'wecom')).toHaveLength(41);
    expect(await textsOf('13800138000', 'phone')).toHaveLength(41);
    expect(await textsOf('13900139000', 'phone')).toEqual(['Somebody else']);

    const again = await received(archive, 'wecom');
    expect(await ingestBatch(again, parts)).toBe('committed');
    expect(await parts.batches.read(again)).toMatchObject({ accepted: 0, duplicates: 40 });
    expect(await inboxObjects.list('')).toEqual([]);
    expect(await parts.batches.stalled(new Date('2027-01-01'))).toEqual([]);
    expect(continued).toEqual([]);
  }, 60_000);

  it('fails a batch whose bytes are not the ones announced, and keeps nothing of it', async () => {
    const { parts, received, inboxObjects, vault } = await deployment();
    const batchId = await received(message('1'), 'wecom');
    const batch = await parts.batches.read(batchId);
    await inboxObjects.put(batch?.objectKey ?? '', Buffer.from(`${message('1')} `));
    expect(await ingestBatch(batchId, parts)).toBe('failed');
    expect(await parts.batches.read(batchId)).toMatchObject({ state: 'failed', failure: 'size-differs' });
    expect([await inboxObjects.list(''), await vault.list('')]).toEqual([[], []]);
  }, 60_000);

  it('lets one of two workers have a batch, and one of two batches its lane', async () => {
    const { parts, received, continued } = await deployment();
    const [one, two] = [await received(message('1'), 'wecom'), await received(message('1'), 'wecom')];
    const outcomes = await Promise.all([one, one, two].map((batchId) => ingestBatch(batchId, parts)));
    expect(outcomes.filter((outcome) => outcome === 'committed').length).toBeGreaterThanOrEqual(1);
    for (const batchId of [one, two, ...continued]) await ingestBatch(batchId, parts);
    const counts = await Promise.all([one, two].map((batchId) => parts.batches.read(batchId)));
    expect(counts.map((batch) => batch?.accepted).sort()).toEqual([0, 1]);
  }, 60_000);
});
