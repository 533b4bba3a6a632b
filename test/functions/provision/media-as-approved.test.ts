import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type ProvisionDependencies, provisionGrant } from '../../../functions/provision/provision-grant.ts';
import { openStagedMedium } from '../../../shared/crypto/medium.ts';
import { openStaged } from '../../../shared/crypto/staged-object.ts';
import { sha256 } from '../../../shared/domain/digest.ts';
import { mediumMark } from '../../../shared/domain/medium-mark.ts';
import type { StoredRecord } from '../../../shared/domain/record.ts';
import { freezeScope } from '../../../shared/domain/scope.ts';
import type { Completeness } from '../../../shared/package/completeness.ts';
import { decodeStaged } from '../../../shared/package/staged-package.ts';
import { mediaAsApproved } from '../../../shared/view/media-as-approved.ts';
import {
  type ApprovedRetrieval,
  approvedRetrieval,
  type MediumOfTest,
  REQUEST_ID,
} from '../../fakes/approved-retrieval.ts';
import { found, storedRecord } from '../../shared/package/sample-package.ts';

const INPUT = { version: 1 as const, requestId: REQUEST_ID };
const photo = Buffer.from('a photo of a key card');
const late = Buffer.from('a voice that came after the first approval');

/** One that is there, one that never came, one that never came and of which the platform declares a digest. */
const MEDIA: MediumOfTest[] = [
  { mediaId: 'med_1', name: '房卡.jpg', content: photo },
  { mediaId: 'med_2', name: null, content: null },
  { mediaId: 'med_3', name: null, content: null, declared: sha256(late) },
];

function dependencies(world: ApprovedRetrieval): ProvisionDependencies {
  return {
    ...world,
    store: world.grants,
    keys: world.custodyKeys,
    batchCounts: async (ids) =>
      ids.map((batchId) => ({
        batchId,
        by: 'p_it1',
        accepted: 5,
        duplicates: 0,
        conflicts: 0,
        rejected: 0,
        lacks: null,
        commitment: null,
      })),
    blockRefused: () => undefined,
    recordsLost: () => undefined,
  };
}

/** What the grant of these media makes ready: its records, its media in the clear, and what it says of itself. */
async function provisioned(world: ApprovedRetrieval): Promise<{
  state: string;
  records: unknown[];
  media: [string, string][];
  completeness: Completeness;
}> {
  const { state } = await provisionGrant(INPUT, dependencies(world));
  const key = await world.requestKeys.read('grant', REQUEST_ID);
  const sealed = world.delivery.objects.get(`staged/${REQUEST_ID}`);
  if (key === null || sealed === undefined) throw new Error(`Nothing was made ready: ${state}`);
  const { records, completeness } = decodeStaged(openStaged(key, REQUEST_ID, sealed));
  const media: [string, string][] = [];
  for (const { file } of records.flatMap(({ attachments }) => attachments)) {
    if (file === null) continue;
    const of = await world.deliveryMedia.read(`staged/${REQUEST_ID}/${file}`);
    if (of === null) throw new Error(`${file} is not there`);
    const parts: Uint8Array[] = [];
    for await (const part of openStagedMedium({
      key,
      place: { requestId: REQUEST_ID, name: file },
      sealed: of,
    })) {
      parts.push(part);
    }
    media.push([file, Buffer.concat(parts).toString()]);
  }
  const objects = [...world.delivery.objects.keys()].filter((one) => one.startsWith(`staged/${REQUEST_ID}/`));
  expect(objects).toHaveLength(media.length);
  return { state, records, media, completeness };
}

/** Made ready once as it was approved, and once more from there after something was brought. */
async function beforeAndAfter(bring: (world: ApprovedRetrieval) => Promise<void>) {
  const world = await approvedRetrieval({ masking: 'named' }, MEDIA);
  const approved = await world.row();
  const before = await provisioned(world);
  world.delivery.objects.clear();
  world.grants.seed(approved);
  await bring(world);
  return { before, after: await provisioned(world), world };
}

describe('media of an approved scope', () => {
  it('are those that were in custody when it was frozen; one that came between the approvals is stated, not delivered (A7)', async () => {
    const { before, after, world } = await beforeAndAfter(async ({ supply }) => {
      await supply(1, late);
      await supply(2, late);
    });
    expect(after.state).toBe('open');
    expect(after.records).toEqual(before.records);
    expect(after.media).toEqual(before.media);
    expect(after.media.map(([, content]) => content)).toEqual([photo.toString()]);
    expect(before.completeness.attachments).not.toHaveProperty('later');
    expect(after.completeness).toEqual({
      ...before.completeness,
      attachments: { ...before.completeness.attachments, later: 2 },
    });
    expect((await world.grants.events(REQUEST_ID)).at(-1)?.data).toMatchObject({
      media: 1,
      mediaLater: 2,
      missing: 0,
      newer: 0,
    });
  });

  it('change with nothing that is brought between check and provision, whatever it is', async () => {
    const supply = fc.record({
      position: fc.constantFrom(1, 2),
      content: fc.uint8Array({ minLength: 1, maxLength: 40 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(supply, { selector: ({ position }) => position }), async (brought) => {
        const { before, after } = await beforeAndAfter(async ({ supply }) => {
          for (const { position, content } of brought) await supply(position, Buffer.from(content));
        });
        expect([after.records, after.media]).toEqual([before.records, before.media]);
        expect(after.completeness.attachments.later ?? 0).toBe(brought.length);
      }),
      { numRuns: 20 },
    );
  });

  it('are in a request that is made after they came, with the batch, the person and whether the source declared a digest', async () => {
    const world = await approvedRetrieval({ masking: 'named' }, MEDIA);
    await world.supply(1, late);
    await world.supply(2, late);
    await world.freeze();
    expect((await world.row()).scope).toMatchObject({ media: { inCustody: 3, missing: 0 } });
    const { media, completeness, records } = await provisioned(world);
    expect(media.map(([, content]) => content)).toEqual([photo, late, late].map(String));
    expect(completeness).toMatchObject({
      attachments: { present: 3, missing: 0 },
      suppliers: [{ batchId: 'bat_2', by: 'p_it1', media: 2, undeclared: 1 }],
    });
    expect(records).toContainEqual(
      expect.objectContaining({
        attachments: [
          expect.not.objectContaining({ supplied: expect.anything() }),
          expect.objectContaining({ supplied: { batchId: 'bat_2', declared: false } }),
          expect.objectContaining({ supplied: { batchId: 'bat_2', declared: true }, digest: sha256(late) }),
        ],
      }),
    );
  });

  it('make the scope another one where one that was there is gone, or is another one', async () => {
    for (const content of [null, Buffer.from('another photo')]) {
      const world = await approvedRetrieval({ masking: 'named' }, MEDIA);
      await world.supply(0, content);
      await provisionGrant(INPUT, dependencies(world));
      expect(await world.row()).toMatchObject({ state: 'failed', endReason: 'scope-changed' });
      expect(world.delivery.objects.size).toBe(0);
    }
  });
});

describe('a scope that names no media', () => {
  type Attachment = StoredRecord['attachments'][number];
  const came: Attachment = {
    name: null,
    mediaType: 'image/jpeg',
    bytes: 4,
    digest: null,
    state: 'present',
    mediaId: 'med_1',
    found: { bytes: 4, digest: sha256(photo) },
  };
  const one = found(storedRecord(0, { attachments: [came, { ...came, suppliedBy: 'bat_2' }] }));
  const { recordId } = one.record;
  const { commitment } = one;

  it('has those that came with their records, and none that was brought later', () => {
    const { scope } = freezeScope([{ recordId, commitment }]);
    const { records, later } = mediaAsApproved([one], scope);
    expect(later).toBe(1);
    expect(records[0]?.record.attachments).toEqual([
      came,
      { ...came, suppliedBy: 'bat_2', state: 'reference', mediaId: null, found: null },
    ]);
    expect(records[0]).not.toHaveProperty('media');
  });

  it('is another than one that names them: what it names is in, whenever it was brought', () => {
    const media = [mediumMark('reference', null), mediumMark('present', 'ab'.repeat(32))];
    const { scope } = freezeScope([{ recordId, commitment, media }]);
    const { records, later } = mediaAsApproved([one], scope);
    expect(later).toBe(1);
    expect(records[0]?.record.attachments.map(({ state, mediaId }) => [state, mediaId])).toEqual([
      ['reference', null],
      ['present', 'med_1'],
    ]);
    expect(records[0]?.media).toEqual(media);
  });

  it('of a request on its way is read on, and stays what was approved', async () => {
    const world = await approvedRetrieval({ masking: 'named' }, MEDIA);
    await world.freeze(false);
    await world.supply(1, late);
    const { state, media, completeness } = await provisioned(world);
    expect(state).toBe('open');
    expect(media.map(([, content]) => content)).toEqual([photo.toString()]);
    expect(completeness.attachments).toMatchObject({ present: 1, later: 1 });
  });
});
