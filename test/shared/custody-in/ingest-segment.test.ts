import { createSecretKey } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { type BroughtMedia, broughtMedia } from '../../../shared/custody-in/brought-media.ts';
import { ingestSegment, type SegmentResult } from '../../../shared/custody-in/ingest-segment.ts';
import { readQuarantine } from '../../../shared/custody-in/read-quarantine.ts';
import { LIMITS } from '../../../shared/domain/limits.ts';
import { regionConfig } from '../../../shared/runtime/region.ts';
import { BEGINNING, type DraftRecord, PLAIN_DRAFT } from '../../../shared/sources/importer.ts';
import { plainRow } from '../../fakes/in-memory-aws/plain-row.ts';
import { type IngestWorld, ingestWorld, message } from '../../functions/ingest/ingest-world.ts';

const NOW = new Date('2026-06-01T00:00:00.000Z');

function draftOf(id: string, changes: Partial<DraftRecord> = {}): DraftRecord {
  return {
    ...PLAIN_DRAFT,
    kind: 'record',
    line: 1,
    end: BEGINNING,
    sourceMessageId: id,
    placements: [{ conversation: 'c', identifiers: [{ kind: 'phone', value: '13800138000' }] }],
    staff: [],
    attachments: [],
    at: new Date('2026-05-01T02:00:00.000Z'),
    from: { role: 'guest', id: null, name: null },
    text: id,
    sourceType: 'text',
    content: id,
    original: Buffer.from(JSON.stringify({ id })),
    ...changes,
  };
}

/** These drafts as the one segment of a batch. */
async function take(
  world: IngestWorld,
  drafts: DraftRecord[],
  media: BroughtMedia | null = null,
): Promise<{ batchId: string } & SegmentResult> {
  const batchId = await world.upload('x', { source: 'whatsapp' });
  const { batches, indexKey } = world.reader;
  const received = await batches.received(batchId, 'p_it', NOW);
  if (received === null) throw new Error('There is no such batch');
  const lease = await batches.lease(received, NOW, new Date(NOW.getTime() + 60_000));
  if (lease.outcome !== 'leased') throw new Error('Somebody else works on it');
  const result = await ingestSegment(
    drafts,
    {
      batch: lease.batch,
      indexKey: createSecretKey(await indexKey.forIngest()),
      now: NOW,
      beforeEach: async () => {},
      media,
    },
    { ...world.reader, region: regionConfig('cn-north-1') },
  );
  return { batchId, ...result };
}

describe('a segment', () => {
  it('names each record’s own reason, where several of one line are not taken', async () => {
    const world = ingestWorld();
    const { batchId, rejected } = await take(world, [
      draftOf('of nobody', { placements: [{ conversation: 'c', identifiers: [] }] }),
      draftOf('of a bad number', {
        placements: [{ conversation: 'd', identifiers: [{ kind: 'phone', value: '12' }] }],
      }),
      draftOf('of somebody'),
    ]);
    const reasons = rejected.map(({ reason }) => reason).sort();
    expect(reasons).toEqual(['guest-not-identified', 'invalid-field:phone']);
    const kept = new Map<unknown, string>();
    for await (const { original, reason } of readQuarantine(batchId, world.reader)) {
      kept.set(JSON.parse(Buffer.from(original).toString()).id, reason);
    }
    expect(kept).toEqual(
      new Map([
        ['of nobody', 'guest-not-identified'],
        ['of a bad number', 'invalid-field:phone'],
      ]),
    );
  });

  it('takes no message whose files, with all copies, are more than one message may bring', async () => {
    const copies = LIMITS.messageMediaBytes / LIMITS.mediumBytes;
    const placementOf = (guest: number) => ({
      conversation: `c${guest}`,
      identifiers: [{ kind: 'phone' as const, value: `1380013800${guest}` }],
    });
    const others = Array.from({ length: copies }, (_, guest) => placementOf(guest + 1));
    const medium = {
      name: 'film.mp4',
      bytes: LIMITS.mediumBytes,
      md5: '0'.repeat(32),
      sha256: '0'.repeat(64),
      offset: 0,
    };
    const read = () => {
      throw new Error('Nothing is read of what is not taken');
    };
    const attachments = [{ name: 'film.mp4', mediaType: null, bytes: null, digest: null, refs: [] }];
    const { rejected } = await take(
      ingestWorld(),
      [draftOf('a film for all', { placements: [placementOf(0), ...others], attachments })],
      broughtMedia([medium], read),
    );
    expect(rejected.map(({ reason }) => reason)).toEqual(['too-much-media']);
  });

  it('takes no record that is longer than a record may be', async () => {
    const { rejected } = await take(ingestWorld(), [
      draftOf('long', { text: 'x'.repeat(LIMITS.lineBytes) }),
      draftOf('short'),
    ]);
    expect(rejected.map(({ reason }) => reason)).toEqual(['record-too-large']);
  });

  it('states nobody’s consent by a record that it doesn’t take, because its period is deleted (D8)', async () => {
    const world = ingestWorld();
    const consent = (at: string) =>
      ({ state: 'agreed', staff: [], at: new Date(at) }) satisfies DraftRecord['consent'];
    const old = '2026-04-01T00:00:00.000Z';
    const recent = '2026-05-20T00:00:00.000Z';
    await world.run(await world.upload(message('1', { msgtime: Date.parse(old) })));
    await world.beginDeletion({ hotel: 'SHA01', recordClass: 'ordinary', period: '2026-10' });
    const { accepted, rejected } = await take(world, [
      draftOf('old', { at: new Date(old), consent: consent(old) }),
      draftOf('recent', { line: 2, at: new Date(recent), consent: consent(recent) }),
    ]);
    expect({ accepted, rejected }).toEqual({
      accepted: 1,
      rejected: [{ line: 1, reason: 'period-deleted' }],
    });
    const facts = world.aws.tables
      .rows('cases')
      .map(plainRow)
      .filter(({ pk }) => String(pk).startsWith('CONSENT#'));
    expect(facts.map(({ at }) => at)).toEqual([recent]);
  });

  it('keeps a row whose guest can’t be found with the header of its table, to be read again', async () => {
    const world = ingestWorld();
    const rows = [
      'message_id,at,conversation,from_role,text,phone',
      'm1,2026-05-01T02:00:00Z,c1,guest,hello,12',
    ];
    const batchId = await world.upload(rows.join('\n'), { source: 'internal' });
    await world.run(batchId);
    const states: (string | null)[] = [];
    for await (const { reason, state } of readQuarantine(batchId, world.reader)) {
      expect(reason).toBe('invalid-field:phone');
      states.push(state);
    }
    expect(states).toEqual([expect.stringContaining('phone')]);
  });
});
