import { S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it } from '@jest/globals';
import { type BatchBody, batchBodySchema } from '../../../functions/receive/batch-body.ts';
import { beginBatch } from '../../../functions/receive/begin-batch.ts';
import { completeBatch } from '../../../functions/receive/complete-batch.ts';
import { showBatch } from '../../../functions/receive/show-batch.ts';
import { batchTable } from '../../../shared/aws/batches.ts';
import { custodyLog } from '../../../shared/aws/custody-log.ts';
import { inboxBucket } from '../../../shared/aws/inbox.ts';
import { partLinks } from '../../../shared/aws/part-links.ts';
import { LIMITS } from '../../../shared/domain/limits.ts';
import { hotelsOfEveryRegion } from '../../../shared/runtime/region.ts';
import { inMemoryAws } from '../../fakes/in-memory-aws/in-memory-aws.ts';
import { inMemoryProviderStore } from '../../fakes/in-memory-provider-store.ts';
import { clerk, person, REGION } from '../../shared/policy/staff.ts';

const now = new Date('2026-06-01T00:00:00.000Z');
const it_ = person('it', 'it-ops');

function world() {
  const aws = inMemoryAws();
  const { dynamo, s3 } = aws.aProcess();
  const custody = custodyLog('events', dynamo);
  const signing = new S3Client({
    region: 'cn-north-1',
    credentials: { accessKeyId: 'signer', secretAccessKey: 'signer' },
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
  });
  return {
    aws,
    custody,
    batches: batchTable('records', dynamo, custody),
    inbox: inboxBucket('inbox', s3),
    links: partLinks('inbox', signing),
    region: REGION,
    chain: hotelsOfEveryRegion(),
    bases: async () => [],
    providers: inMemoryProviderStore(),
    /** What a holder of the link can do, by the in-memory bucket. */
    put(url: string, body: string): string {
      const { pathname, searchParams } = new URL(url);
      const [, bucket = '', ...key] = pathname.split('/');
      const answer = aws.buckets.call({
        method: 'PUT',
        bucket,
        key: key.join('/'),
        query: Object.fromEntries(searchParams),
        headers: {},
        body: Buffer.from(body),
      });
      return answer.headers?.['etag'] ?? '';
    },
  };
}

function body(changes: Record<string, unknown> = {}): BatchBody {
  return batchBodySchema.parse({ source: 'wecom', hotel: 'SHA01', bytes: 5, parts: 1, ...changes });
}

async function begun(parts: ReturnType<typeof world>, changes: Record<string, unknown> = {}) {
  const result = await beginBatch({ person: it_, body: body(changes), now }, parts);
  return {
    status: result.status,
    ...batchAnswer(result.body),
  };
}

function batchAnswer(answer: object): {
  batchId: string;
  parts: { number: number; bytes: number; url: string }[];
} {
  if (!('batchId' in answer) || typeof answer.batchId !== 'string') throw new Error('No batch');
  const parts = 'parts' in answer && Array.isArray(answer.parts) ? answer.parts : [];
  return { batchId: answer.batchId, parts };
}

describe('beginning a batch', () => {
  it('gives links by which exactly its parts may be put, and nothing else', async () => {
    const parts = world();
    const {
      status,
      batchId,
      parts: links,
    } = await begun(parts, { bytes: 2 * LIMITS.uploadPartBytes + 1, parts: 3 });
    expect(status).toBe(202);
    expect(links.map(({ number }) => number)).toEqual([1, 2, 3]);
    for (const { number, url } of links) {
      const { pathname, searchParams } = new URL(url);
      expect(pathname).toBe(`/inbox/SHA01/wecom/${batchId}`);
      expect(searchParams.get('partNumber')).toBe(String(number));
      expect(searchParams.get('X-Amz-Expires')).toBe('21600');
      // A checksum of the empty body, signed in, would make every part be refused.
      expect(url).not.toMatch(/checksum/i);
    }
    expect(await parts.batches.read(batchId)).toMatchObject({
      state: 'uploading',
      by: 'p_it',
      category: 'enquiry',
    });
  });

  it.each([
    ['says nothing of its end', undefined, '2026-06-01T06:00:00.000Z'],
    ['ends later', new Date('2026-06-01T12:00:00.000Z'), '2026-06-01T06:00:00.000Z'],
    ['ends earlier', new Date('2026-06-01T01:00:00.000Z'), '2026-06-01T01:00:00.000Z'],
  ])('promises no link beyond the session that signs it: one that %s', async (_, expiration, expiresAt) => {
    const signing = new S3Client({
      region: 'cn-north-1',
      credentials: {
        accessKeyId: 'signer',
        secretAccessKey: 'signer',
        ...(expiration === undefined ? {} : { expiration }),
      },
      forcePathStyle: true,
    });
    const parts = { ...world(), links: partLinks('inbox', signing) };
    const { body: answer } = await beginBatch({ person: it_, body: body(), now }, parts);
    expect(answer).toMatchObject({ expiresAt });
  });

  it.each([
    [{ hotel: 'XXX99' }, 'body.hotel', /SHA01.*SIN01.*FRA01/],
    [{ source: 'telegraph' }, 'body.source', /a source that can be ingested/],
    [{ timezone: 'Mars/Olympus' }, 'body.timezone', /IANA/],
    [{ parts: 2 }, 'body.parts', /cut the file/],
  ])('refuses %j as bad input, and says where', async (changes, where, remedy) => {
    const parts = world();
    const result = await beginBatch({ person: it_, body: body(changes), now }, parts);
    expect(result).toMatchObject({
      status: 400,
      body: { error: { where, remedy: expect.stringMatching(remedy) } },
    });
    expect(parts.aws.tables.rows('records')).toEqual([]);
  });

  it.each([
    [{ bytes: 0 }],
    [{ bytes: LIMITS.uploadBytes + 1 }],
    [{ sha256: 'xyz' }],
    [{ category: 'gossip' }],
    [{ by: 'p_boss' }],
    [{ parts: 0 }],
  ])('takes no body with %j', (changes) => {
    expect(() => body(changes)).toThrow();
  });

  it('refuses a hotel of another region under A3, a role that may not, and employees’ talk under R7', async () => {
    const parts = world();
    for (const [who, changes, rule] of [
      [it_, { hotel: 'SIN01' }, 'A3'],
      [clerk, {}, 'T1'],
      [it_, { category: 'employee' }, 'R7'],
    ] as const) {
      const result = await beginBatch({ person: who, body: body(changes), now }, parts);
      expect(result).toMatchObject({ status: 403, body: { verdict: { outcome: 'deny', rules: [rule] } } });
    }
    expect(parts.aws.tables.rows('records')).toEqual([]);
  });
});

describe('an upload', () => {
  it('can put exactly the announced bytes: each link has the length of its part among what is signed', async () => {
    const { parts: links } = await begun(world(), { bytes: LIMITS.uploadPartBytes + 10, parts: 2 });
    expect(links.map(({ bytes }) => bytes)).toEqual([LIMITS.uploadPartBytes, 10]);
    for (const { url } of links) {
      expect(new URL(url).searchParams.get('X-Amz-SignedHeaders')?.split(';')).toContain('content-length');
    }
  });

  it('is refused at its completion where what was put has another length than was announced', async () => {
    const parts = world();
    const { batchId, parts: links } = await begun(parts);
    const etag = parts.put(links[0]?.url ?? '', 'much more than hello');
    const result = await completeBatch(
      { batchId, person: it_, body: { parts: [{ number: 1, etag }] }, now },
      parts,
    );
    expect(result).toMatchObject({
      status: 400,
      body: {
        error: {
          what: '申报 5 字节,实际上传 20 字节 5 bytes were announced and 20 were put',
          where: 'body.parts',
        },
      },
    });
    expect(await parts.batches.read(batchId)).toMatchObject({ state: 'uploading' });
  });

  it('is refused while as many of the same person’s are open as there may be, even where they come at once', async () => {
    const parts = world();
    const tries = Array.from({ length: LIMITS.openBatchesPerPerson + 5 }, () =>
      beginBatch({ person: it_, body: body(), now }, parts),
    );
    const results = await Promise.all(tries);
    const refused = results.filter(({ status }) => status === 400);
    expect(refused).toHaveLength(5);
    expect(refused[0]).toMatchObject({
      body: { error: { en: { what: `you have ${LIMITS.openBatchesPerPerson} batches open already` } } },
    });
    const other = await beginBatch({ person: person('other', 'it-ops'), body: body(), now }, parts);
    expect(other.status).toBe(202);
    const { batchId } = batchAnswer(results.find(({ status }) => status === 202)?.body ?? {});
    const batch = await parts.batches.read(batchId);
    if (batch === null) throw new Error('No batch');
    await parts.batches.close(batch);
    expect((await beginBatch({ person: it_, body: body(), now }, parts)).status).toBe(202);
    // Closing it again doesn't give the place of another away.
    await parts.batches.close(batch);
    expect((await beginBatch({ person: it_, body: body(), now }, parts)).status).toBe(400);
  });
});

describe('what comes beside an export', () => {
  const companion = { bytes: 7, sha256: '0'.repeat(64), parts: 1 };
  function besideLinks(answer: object): string {
    const beside: unknown = 'companion' in answer ? answer.companion : null;
    const text = JSON.stringify(beside);
    return /"url":"([^"]+)"/.exec(text)?.[1] ?? '';
  }

  it('has links of its own, to one object beside the export’s', async () => {
    const parts = world();
    const result = await beginBatch({ person: it_, body: body({ companion }), now }, parts);
    const { batchId } = batchAnswer(result.body);
    expect(new URL(besideLinks(result.body)).pathname).toBe(`/inbox/SHA01/wecom/${batchId}.companion`);
    expect(await parts.batches.read(batchId)).toMatchObject({
      companion: { bytes: 7, announcedDigest: '0'.repeat(64), parts: 1, uploadId: expect.any(String) },
    });
  });

  it('is complete before the export is, whose arrival begins the ingest', async () => {
    const parts = world();
    const result = await beginBatch({ person: it_, body: body({ companion }), now }, parts);
    const { batchId, parts: links } = batchAnswer(result.body);
    const etag = parts.put(links[0]?.url ?? '', 'hello');
    const beside = parts.put(besideLinks(result.body), 'beside!');
    const completed: string[] = [];
    const inbox = {
      ...parts.inbox,
      complete: (key: string, ...rest: [string, { number: number; etag: string }[]]) => {
        completed.push(key);
        return parts.inbox.complete(key, ...rest);
      },
    };
    const answer = await completeBatch(
      {
        batchId,
        person: it_,
        body: { parts: [{ number: 1, etag }], companion: { parts: [{ number: 1, etag: beside }] } },
        now,
      },
      { ...parts, inbox },
    );
    expect(answer).toMatchObject({ status: 202, body: { state: 'received' } });
    expect(completed).toEqual([`SHA01/wecom/${batchId}.companion`, `SHA01/wecom/${batchId}`]);
    expect(parts.aws.buckets.objects.get(`inbox/SHA01/wecom/${batchId}.companion`)?.toString()).toBe(
      'beside!',
    );
  });

  it('is refused where it is another length, left out, or was not announced', async () => {
    const parts = world();
    const result = await beginBatch({ person: it_, body: body({ companion }), now }, parts);
    const { batchId, parts: links } = batchAnswer(result.body);
    const put = [{ number: 1, etag: parts.put(links[0]?.url ?? '', 'hello') }];
    const beside = [{ number: 1, etag: parts.put(besideLinks(result.body), 'much longer') }];
    const longer = { parts: put, companion: { parts: beside } };
    for (const wrong of [longer, { parts: put }]) {
      const answer = await completeBatch({ batchId, person: it_, body: wrong, now }, parts);
      expect(answer).toMatchObject({
        status: 400,
        body: { error: { where: expect.stringMatching(/^body\.companion/) } },
      });
    }
    const plain = await begun(parts);
    const answer = await completeBatch({ batchId: plain.batchId, person: it_, body: longer, now }, parts);
    expect(answer).toMatchObject({ status: 400, body: { error: { where: 'body.companion' } } });
    const cut = await beginBatch(
      { person: it_, body: body({ companion: { ...companion, parts: 2 } }), now },
      parts,
    );
    expect(cut).toMatchObject({ status: 400, body: { error: { where: 'body.companion.parts' } } });
  });
});

describe('completing a batch', () => {
  it('puts the parts together and records the receipt once, however often it is asked', async () => {
    const parts = world();
    const { batchId, parts: links } = await begun(parts);
    const etag = parts.put(links[0]?.url ?? '', 'hello');
    const completion = { batchId, person: it_, body: { parts: [{ number: 1, etag }] }, now };
    expect(await completeBatch(completion, parts)).toMatchObject({
      status: 202,
      body: { state: 'received' },
    });
    expect(await completeBatch(completion, parts)).toMatchObject({
      status: 202,
      body: { state: 'received' },
    });
    expect(parts.aws.buckets.objects.get(`inbox/SHA01/wecom/${batchId}`)?.toString()).toBe('hello');
    const events = await parts.custody.events(`batch/${batchId}`);
    expect(events.map(({ type, actor }) => [type, actor])).toEqual([['batch-received', 'p_it']]);
  });

  it('finishes what a crash between the upload and its row left', async () => {
    const parts = world();
    const { batchId, parts: links } = await begun(parts);
    const etag = parts.put(links[0]?.url ?? '', 'hello');
    const batch = await parts.batches.read(batchId);
    await parts.inbox.complete(batch?.objectKey ?? '', batch?.uploadId ?? '', [{ number: 1, etag }]);
    const again = await completeBatch(
      { batchId, person: it_, body: { parts: [{ number: 1, etag }] }, now },
      parts,
    );
    expect(again).toMatchObject({ status: 202, body: { state: 'received' } });
  });

  it('refuses parts that were not put, or not these', async () => {
    const parts = world();
    const { batchId } = await begun(parts);
    for (const wrong of [[{ number: 1, etag: 'deadbeef' }], [{ number: 2, etag: 'x' }]]) {
      const result = await completeBatch({ batchId, person: it_, body: { parts: wrong }, now }, parts);
      expect(result).toMatchObject({ status: 400, body: { error: { where: 'body.parts' } } });
    }
    expect(await parts.batches.read(batchId)).toMatchObject({ state: 'uploading' });
  });
});

describe('a batch’s state', () => {
  it('is shown to whoever may bring in records of its hotel, and to nobody else', async () => {
    const parts = world();
    const { batchId } = await begun(parts);
    expect(await showBatch({ batchId, person: person('agent', 'agent') }, parts)).toMatchObject({
      status: 200,
      body: {
        batchId,
        state: 'uploading',
        accepted: 0,
        duplicates: 0,
        conflicts: 0,
        rejected: [],
        conversations: 0,
        guests: 0,
      },
    });
    expect(await showBatch({ batchId, person: clerk }, parts)).toMatchObject({ status: 403 });
    expect(await showBatch({ batchId: 'bat_none', person: it_ }, parts)).toMatchObject({ status: 404 });
    expect(
      await completeBatch({ batchId: 'bat_none', person: it_, body: { parts: [] }, now }, parts),
    ).toMatchObject({
      status: 404,
    });
  });
});
