import { createHash } from 'node:crypto';
import { sealMedium } from '../../shared/crypto/medium.ts';
import { openRecords, sealRecords } from '../../shared/crypto/record-block.ts';
import { sealText } from '../../shared/crypto/sealed-text.ts';
import type { AccessGrant } from '../../shared/domain/access-grant.ts';
import { sha256 } from '../../shared/domain/digest.ts';
import { mediumObject } from '../../shared/domain/medium-object.ts';
import { PLAIN_RECORD, type StoredRecord } from '../../shared/domain/record.ts';
import { freezeScope } from '../../shared/domain/scope.ts';
import { findRecords, scopeOf } from '../../shared/facts/find-records.ts';
import { writeScope } from '../../shared/facts/scope-object.ts';
import { requestTexts } from '../../shared/loop/request-texts.ts';
import type { BlockRow } from '../../shared/ports/records-index.ts';
import { keptStepUps } from '../../shared/step-up/kept-step-up.ts';
import * as staff from '../shared/policy/staff.ts';
import { inMemoryCases } from './in-memory-cases.ts';
import { inMemoryConsents } from './in-memory-consents.ts';
import { inMemoryCustodyKeys } from './in-memory-custody-keys.ts';
import { inMemoryDirectory } from './in-memory-directory.ts';
import { inMemoryGrantStore } from './in-memory-grant-store.ts';
import { inMemoryObjectStore } from './in-memory-object-store.ts';
import { inMemoryRecordsIndex } from './in-memory-records-index.ts';
import { inMemoryRequestKeys } from './in-memory-request-keys.ts';
import { inMemoryRuleSets } from './in-memory-rule-sets.ts';
import { inMemorySigner } from './in-memory-signer.ts';
import { inMemoryStepUps } from './in-memory-step-ups.ts';
import { inMemoryStreamStore } from './in-memory-stream-store.ts';
import { inMemoryWorkflow } from './in-memory-workflow.ts';
import { withSignatures } from './signed-approvals.ts';
import { RULES } from './signing-person.ts';

export const REQUEST_ID = 'req_1';
export const GUEST_ID = 'gst_1';
/** What the guest said, the subject and the remarks: none of it may stand anywhere in the clear. */
export const SECRETS = ['我要求赔偿', '13800138000', '内部备注'];

/**
 * A guest's two blocks in custody and a request for them that legal made and both roles approved, in the state
 * `provisioning`, with everything that the rest of the loop works on.
 */
export async function approvedRetrieval(
  changes: Partial<AccessGrant> = {},
  /** Media of the first record. */
  media: readonly MediumOfTest[] = [],
) {
  const stores = { vault: inMemoryObjectStore(), delivery: inMemoryObjectStore() };
  const signing = inMemoryStepUps();
  const parts = {
    signing,
    now: { value: new Date(staff.NOON) },
    grants: inMemoryGrantStore(signing.use),
    directory: inMemoryDirectory(staff.lawyer, staff.secondLawyer, staff.director, staff.officer),
    ruleSets: inMemoryRuleSets(),
    records: inMemoryRecordsIndex(),
    consents: inMemoryConsents(),
    cases: inMemoryCases(),
    custodyKeys: inMemoryCustodyKeys(),
    requestKeys: inMemoryRequestKeys(),
    ...stores,
    vaultMedia: inMemoryStreamStore(stores.vault),
    deliveryMedia: inMemoryStreamStore(stores.delivery),
    evidence: inMemoryObjectStore(),
    workflow: inMemoryWorkflow(),
    signer: inMemorySigner(),
  };

  /** Takes a block of records into custody; `minute` is when its first record was, in May 2026. */
  /** `recordId` is the first record's, where it shall be a certain one. */
  async function ingest(
    name: string,
    texts: string[],
    minute: number,
    recordId?: string,
    own: readonly MediumOfTest[] = [],
  ): Promise<BlockRow> {
    const place = { hotel: 'SHA01', recordClass: 'ordinary' as const, period: '2026-11' };
    const key = await parts.custodyKeys.forWriting(place, GUEST_ID);
    if (key.state !== 'active') throw new Error('The period is being deleted');
    const records = texts.map((text, index) => ({
      ...record(`${name}-${index}`, text, minute + index),
      ...(index === 0 && recordId !== undefined ? { recordId } : {}),
      ...(index === 0 ? { attachments: own.map(attachmentOf) } : {}),
    }));
    const block = {
      ...place,
      blockId: `blk_${hex(name)}`,
      guestId: GUEST_ID,
      conversationId: 'conversation-1',
      objectKey: `SHA01/ordinary/2026-11/blk_${hex(name)}`,
    };
    const { sealed, index, marks, plaintextBytes } = sealRecords({
      key: key.key,
      place: { ...block, keyId: key.keyId, keyVersion: key.version },
      records,
    });
    const row: BlockRow = {
      ...block,
      platform: 'wecom',
      categories: ['enquiry'],
      from: records[0]?.at ?? '',
      to: records.at(-1)?.at ?? '',
      records: records.length,
      bytes: plaintextBytes,
      objectDigest: sha256(sealed),
      batchId: 'bat_1',
      index,
      staff: [],
      ...(own.length === 0
        ? {}
        : { media: own.flatMap(({ mediaId, content }) => (content === null ? [] : [mediaId])) }),
      ...(marks === null ? {} : { marks }),
    };
    for (const { mediaId, content } of own) {
      if (content === null) continue;
      const at = { ...block, keyId: key.keyId, keyVersion: key.version, mediaId };
      await parts.vaultMedia.write(
        mediumObject(block, mediaId),
        sealMedium({ key: key.key, place: at, bytes: content.length, content: once(content) }),
      );
    }
    parts.vault.objects.set(row.objectKey, sealed);
    parts.records.rows.push(row);
    return row;
  }

  /**
   * Brings a medium after its record, as the same export does with `--media`: the first block is sealed anew, under another
   * id, with the medium beside it. `position` is the attachment's of its first record; null takes its medium away.
   */
  async function supply(position: number, content: Buffer | null, suppliedBy = 'bat_2'): Promise<void> {
    const [row] = parts.records.rows;
    const sealed = parts.vault.objects.get(row?.objectKey ?? '');
    if (row === undefined || sealed === undefined) throw new Error('There is no block to add to');
    const key = await parts.custodyKeys.forReading(row, GUEST_ID);
    if (key.state !== 'active') throw new Error('The period is being deleted');
    const { hotel, recordClass, conversationId, index, marks, blockId } = row;
    const place = { hotel, recordClass, conversationId, keyId: key.keyId, keyVersion: key.version };
    const records = openRecords({ key: key.key, place: { ...place, blockId }, index, marks, sealed });
    const mediaId = `med_late${position}`;
    const came =
      content === null
        ? { state: 'missing' as const, mediaId: null, found: null }
        : {
            state: 'present' as const,
            mediaId,
            found: { bytes: content.length, digest: sha256(content) },
            suppliedBy,
          };
    const next = `blk_${hex(`${blockId} ${position}`)}`;
    const again = sealRecords({
      key: key.key,
      place: { ...place, blockId: next },
      records: records.map((one) => ({
        ...one,
        attachments: one.attachments.map((attachment, at) =>
          at === position ? { ...attachment, ...came } : attachment,
        ),
      })),
    });
    if (content !== null) {
      await parts.vaultMedia.write(
        mediumObject(row, mediaId),
        sealMedium({
          key: key.key,
          place: { ...place, mediaId },
          bytes: content.length,
          content: once(content),
        }),
      );
    }
    const objectKey = `SHA01/ordinary/2026-11/${next}`;
    parts.vault.objects.delete(row.objectKey);
    parts.vault.objects.set(objectKey, again.sealed);
    parts.records.rows[0] = {
      ...row,
      blockId: next,
      objectKey,
      objectDigest: sha256(again.sealed),
      media: [...(row.media ?? []), mediaId],
      marks: again.marks ?? undefined,
    };
  }

  const blocks = [
    await ingest('first', ['请问几点退房?', SECRETS[0] ?? '', '好的'], 0, undefined, media),
    await ingest('second', ['谢谢,电话13800138000', '再见'], 60),
  ];
  const evidenceKey = await parts.requestKeys.create('evidence', REQUEST_ID);
  const asked = {
    subject: sealText(evidenceKey, requestTexts.subject(REQUEST_ID), '+8613800138000'),
    remarks: sealText(evidenceKey, requestTexts.remarks(REQUEST_ID), '内部备注'),
    ...changes,
  };
  /** Freezes what is there now as the request's scope, which both roles approve; `named`: its media, too. */
  async function freeze(named = true): Promise<void> {
    const found = await findRecords(parts.records, staff.request(asked), [GUEST_ID]);
    const { scope: whole, guests, facts, media: counted } = scopeOf(found);
    const { scope, digest } = freezeScope(
      whole.records.map(({ media: own, ...entry }) =>
        named && own !== undefined ? { ...entry, media: own } : entry,
      ),
    );
    await writeScope(parts.evidence, scope, digest);
    const { digest: ruleSet } = await parts.ruleSets.current();
    const { conversations, records, sensitive } = facts;
    const grant = staff.approved({
      chain: { sequence: 0, digest: null },
      ruleSet,
      scope: { digest, guests, conversations, records, sensitive, media: counted },
      ...asked,
    });
    parts.grants.seed(await withSignatures(grant, signing, parts.evidence));
  }
  await freeze();

  return {
    ...parts,
    signed: keptStepUps({ evidence: parts.evidence, devices: signing, rules: RULES }),
    counts: parts.grants.counts,
    /** The region's hotels with their zones. */
    places: [{ code: 'SHA01', zone: 'Asia/Shanghai' }],
    blocks,
    ingest,
    supply,
    freeze,
    region: staff.REGION,
    clock: () => new Date(parts.now.value),
    /** Lets time pass. */
    wait(minutes: number) {
      parts.now.value = new Date(parts.now.value.getTime() + minutes * 60_000);
    },
    async row(): Promise<AccessGrant> {
      const row = await parts.grants.read(REQUEST_ID);
      if (row === null) throw new Error('The request is gone');
      return row;
    },
    /** Everything that was written anywhere but into blocks, as one text. */
    async everythingWritten(): Promise<string> {
      const objects = [...parts.evidence.objects.values(), ...parts.delivery.objects.values()];
      const rows = [
        await parts.grants.read(REQUEST_ID),
        await parts.grants.openings(REQUEST_ID),
        await parts.grants.events(REQUEST_ID),
      ];
      return [...objects.map((bytes) => Buffer.from(bytes).toString('utf8')), JSON.stringify(rows)].join(
        '\n',
      );
    },
  };
}
export type ApprovedRetrieval = Awaited<ReturnType<typeof approvedRetrieval>>;

/** What a record of the test refers to: `content` null where it never came, `declared` where the platform's digest is another. */
export type MediumOfTest = {
  mediaId: string;
  name: string | null;
  content: Buffer | null;
  declared?: string;
  /** How long its record says that it is, where that is another length. */
  length?: number;
};

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

function attachmentOf({
  mediaId,
  name,
  content,
  declared,
  length,
}: MediumOfTest): StoredRecord['attachments'][number] {
  const digest = content === null ? null : sha256(content);
  const facts = { name, mediaType: 'image/jpeg', bytes: content?.length ?? null };
  if (content === null || digest === null) {
    return { ...facts, digest: declared ?? null, state: 'missing', mediaId: null, found: null };
  }
  return {
    ...facts,
    digest: declared ?? digest,
    state: declared === undefined ? 'present' : 'damaged',
    mediaId,
    found: { bytes: length ?? content.length, digest },
  };
}

function record(name: string, text: string, minute: number): StoredRecord {
  const at = new Date(Date.parse('2026-05-10T10:00:00.000Z') + minute * 60_000).toISOString();
  return {
    recordId: hex(name),
    platform: 'wecom',
    category: 'enquiry',
    at,
    from: { role: 'guest', id: 'wm_1', name: '王小明' },
    text,
    ...PLAIN_RECORD,
    sourceType: 'text',
    line: minute + 1,
    original: Buffer.from(JSON.stringify({ text })),
  };
}

function hex(name: string): string {
  return createHash('sha256').update(name).digest('hex').slice(0, 32);
}
