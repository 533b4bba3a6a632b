import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { blindIndexOf, staffIndexOf } from '../../../shared/crypto/blind-index.ts';
import { type BlockPlace, packColumns, sealPackedBlock } from '../../../shared/crypto/block.ts';
import { encodeBlockContent } from '../../../shared/crypto/block-content.ts';
import { encodeBlockIndex } from '../../../shared/crypto/block-index.ts';
import { BLOCK_PHRASES } from '../../../shared/crypto/block-phrases.ts';
import { gcmSeal } from '../../../shared/crypto/gcm-box.ts';
import { joinParts } from '../../../shared/crypto/keyed-parts.ts';
import { sealMedium, sealStagedMedium } from '../../../shared/crypto/medium.ts';
import { mediumCommitments } from '../../../shared/crypto/medium-commitment.ts';
import { pad } from '../../../shared/crypto/padding.ts';
import { recordCommitments } from '../../../shared/crypto/record-commitment.ts';
import {
  type MessageIdentity,
  messageFingerprintOf,
  recordIdOf,
} from '../../../shared/crypto/record-fingerprint.ts';
import { textCommitment } from '../../../shared/crypto/sealed-text.ts';
import { sealStaged } from '../../../shared/crypto/staged-object.ts';
import { PLAIN_RECORD, type StoredRecord } from '../../../shared/domain/record.ts';

// Writes test/shared/crypto/vectors/*.json (docs/formats/block.md): run it with Node when the format gets a new version.
// Those of earlier versions (block-*-record*.json without a 3) stay as they were written.
// Keys, salts and nonces are fixed, so that a second run gives the same files.

const folder = new URL('./vectors/', import.meta.url);

function bytesOf(name: string, length: number): Buffer {
  return createHash('shake256', { outputLength: length }).update(`dualkey test vector: ${name}`).digest();
}

function record(indexKey: Uint8Array, line: number, text: string): StoredRecord {
  // With numbers that are near the record's time, near each other, and random ones, and one line that is no JSON.
  const time = Date.UTC(2026, 4, 1, 8, line, 0, 250);
  const original = Buffer.from(
    line === 3
      ? `m3,${text}`
      : `{"msgid":"m${line}_90071992547409${line}3_1777622400","seq":${line},"n":987654${line}10123,"msgtime":${time},"text":{"content":${JSON.stringify(text)}}}`,
  );
  const at = new Date(time);
  return {
    recordId: recordIdOf(
      indexKey,
      { source: 'wecom', hotel: 'SHA01', messageId: `m${line}` },
      { at, content: original.toString() },
    ),
    platform: 'wecom',
    category: line === 2 ? 'complaint' : 'enquiry',
    at: at.toISOString(),
    from: { role: line % 2 === 1 ? 'guest' : 'staff', id: null, name: null },
    text,
    ...PLAIN_RECORD,
    sourceType: 'text',
    line,
    original,
  };
}

function blockVector(name: string, texts: string[]) {
  const indexKey = bytesOf('index key', 32);
  const periodKey = bytesOf(`${name} period key`, 32);
  const guestKey = bytesOf(`${name} guest key`, 32);
  const salt = bytesOf(`${name} salt`, 32);
  const wrapNonce = bytesOf(`${name} wrap nonce`, 12);
  const period = '2026-11';
  const guestId = 'gst_01kqhc0000000000000000000a';
  const place: BlockPlace = {
    keyId: 'gk_000102030405060708090a0b0c0d0e0f',
    keyVersion: 1,
    hotel: 'SHA01',
    conversationId: 'cnv_101112131415161718191a1b1c1d1e1f',
    blockId: 'blk_202122232425262728292a2b2c2d2e2f',
    recordClass: 'ordinary',
  };
  const records = texts.map((text, position) => record(indexKey, position + 1, text));
  const commitments = recordCommitments(guestKey);
  const entries = records.map((one) => ({
    recordId: one.recordId,
    at: new Date(one.at),
    category: one.category,
    commitment: commitments.commitmentOf(one.recordId, one.original),
  }));
  const index = encodeBlockIndex(entries);
  const { plaintext } = encodeBlockContent(records);
  const packed = packColumns(plaintext);
  const sealed = sealPackedBlock({
    key: guestKey,
    header: { ...place, plaintextLength: plaintext.length },
    index,
    packed,
    salt,
  });
  const wrapped = gcmSeal(
    periodKey,
    guestKey,
    joinParts('dualkey/guest-key/1', 'SHA01', 'ordinary', period, guestId, place.keyId, '1'),
    wrapNonce,
  );
  return {
    format: 'DKB1',
    version: 3,
    dictionary: BLOCK_PHRASES.toString('hex'),
    name,
    periodKey: periodKey.toString('hex'),
    guestId,
    period,
    wrappedGuestKey: wrapped.toString('hex'),
    place,
    index: index.toString('hex'),
    sealed: Buffer.from(sealed).toString('hex'),
    expected: {
      guestKey: guestKey.toString('hex'),
      plaintext: plaintext.toString('hex'),
      plaintextSha256: createHash('sha256').update(plaintext).digest('hex'),
      packed: packed.toString('hex'),
      records: entries.map((entry, position) => ({
        recordId: entry.recordId,
        original: Buffer.from(records[position]?.original ?? []).toString(),
        text: records[position]?.text,
        salt: commitments.saltOf(entry.recordId).toString('hex'),
        commitment: entry.commitment,
      })),
    },
  };
}

function keyedVector() {
  const indexKey = bytesOf('index key', 32);
  const evidenceKey = bytesOf('evidence key', 32);
  const grantKey = bytesOf('grant key', 32);
  const place = { hotel: 'SHA01', country: 'CN' };
  const text = { requestId: 'req_01kqhc0000000000000000000a', field: 'subject' };
  const content = '+86 138 0013 8000';
  const staged = Buffer.from('{"staged":true}\n'.repeat(40));
  const salt = bytesOf('staged salt', 32);
  const version = { at: new Date('2026-05-01T08:00:00Z'), content: '{"text":"hello"}' };
  const idsOf = (identity: MessageIdentity) => ({
    at: version.at.toISOString(),
    content: version.content,
    message: messageFingerprintOf(indexKey, identity),
    id: recordIdOf(indexKey, identity, version),
  });
  return {
    indexKey: indexKey.toString('hex'),
    blindIndexes: [
      { kind: 'phone', value: '138 0013 8000', normalised: '+8613800138000', scope: '' },
      { kind: 'email', value: ' Li.Wei@例子.公司 ', normalised: 'li.wei@xn--fsqu00a.xn--55qx5d', scope: '' },
      { kind: 'wecom', value: 'wmA1b2C3', normalised: 'wmA1b2C3', scope: '' },
      { kind: 'booking', value: 'bk-20 41', normalised: 'BK2041', scope: 'SHA01' },
      { kind: 'booking', value: 'bk-20 41', issuer: 'booking', normalised: 'BK2041', scope: 'SHA01/booking' },
      {
        kind: 'ticket',
        value: '35436',
        issuer: 'crm-zendesk',
        normalised: '35436',
        scope: 'SHA01/crm-zendesk',
      },
      { kind: 'document', value: 'e 1234567-8', normalised: 'E12345678', scope: '' },
      { kind: 'document', value: 'e 1234567-8', issuer: 'CN', normalised: 'E12345678', scope: 'CN' },
      {
        kind: 'name-and-room',
        value: '李 伟 / 1208a / 2026-05-01',
        normalised: '李 伟/1208A',
        scope: 'SHA01/2026-05-01',
      },
    ].map((one) => ({
      ...one,
      index: blindIndexOf(indexKey, { ...one, kind: kindOf(one.kind) }, place),
    })),
    staff: { account: 'wecom:ZhangSan', index: staffIndexOf(indexKey, 'wecom:ZhangSan') },
    recordIds: [
      {
        identity: ['wecom', 'SHA01', 'id', 'm1'],
        ...idsOf({ source: 'wecom', hotel: 'SHA01', messageId: 'm1' }),
      },
      {
        identity: ['internal', 'SHA01', 'content', 'desk', version.at.toISOString(), version.content],
        ...idsOf({ source: 'internal', hotel: 'SHA01', conversation: 'desk', ...version }),
      },
    ],
    sealedText: {
      evidenceKey: evidenceKey.toString('hex'),
      ...text,
      text: content,
      sealed: Buffer.from(
        gcmSeal(
          evidenceKey,
          pad(Buffer.from(content), 64),
          joinParts('dualkey/sealed-text/1', text.requestId, text.field),
          bytesOf('text nonce', 12),
        ),
      ).toString('base64'),
      commitment: textCommitment(evidenceKey, text, content),
    },
    staged: {
      grantKey: grantKey.toString('hex'),
      requestId: text.requestId,
      plaintext: staged.toString('hex'),
      sealed: Buffer.from(sealStaged(grantKey, text.requestId, staged, salt)).toString('hex'),
    },
  };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function hexOf(stream: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts).toString('hex');
}

async function mediumVector() {
  const key = bytesOf('medium guest key', 32);
  const grantKey = bytesOf('medium grant key', 32);
  const plaintext = bytesOf('medium', 150);
  const place = {
    keyId: 'gk_000102030405060708090a0b0c0d0e0f',
    keyVersion: 1,
    hotel: 'SHA01',
    conversationId: 'cnv_101112131415161718191a1b1c1d1e1f',
    mediaId: 'med_303132333435363738393a3b3c3d3e3f',
    recordClass: 'ordinary',
  };
  const recordId = '404142434445464748494a4b4c4d4e4f';
  const found = {
    bytes: plaintext.length,
    digest: `sha256:${createHash('sha256').update(plaintext).digest('hex')}`,
  };
  const { mediaId } = place;
  const attachment = { name: null, mediaType: null, bytes: null, digest: null, mediaId, found };
  const commitments = mediumCommitments(key);
  const [mark] = commitments.marksOf({ recordId, attachments: [{ ...attachment, state: 'present' }] });
  const stagedPlace = { requestId: 'req_01kqhc0000000000000000000a', name: 'attachments/1.jpg' };
  const input = () => ({ bytes: plaintext.length, content: once(plaintext), frameBytes: 64 });
  const sealed = sealMedium({ ...input(), key, place, salt: bytesOf('medium salt', 32) });
  const staged = sealStagedMedium({
    ...input(),
    key: grantKey,
    place: stagedPlace,
    salt: bytesOf('staged medium salt', 32),
  });
  return {
    format: 'DKM1',
    guestKey: key.toString('hex'),
    place,
    sealed: await hexOf(sealed),
    staged: {
      grantKey: grantKey.toString('hex'),
      place: stagedPlace,
      sealed: await hexOf(staged),
    },
    recordId,
    expected: {
      frames: 3,
      plaintext: plaintext.toString('hex'),
      salt: commitments.saltOf(recordId).toString('hex'),
      mark,
    },
  };
}

function kindOf(kind: string) {
  switch (kind) {
    case 'phone':
    case 'email':
    case 'wecom':
    case 'booking':
    case 'ticket':
    case 'document':
    case 'name-and-room':
      return kind;
    default:
      throw new TypeError(`${kind} is no kind of identifier`);
  }
}

await mkdir(folder, { recursive: true });
const vectors = {
  'block-3-one-record.json': blockVector('one record', ['请问明天有海景房吗？']),
  'block-3-three-records.json': blockVector('three records', [
    'Is breakfast included?',
    '空调坏了，我要投诉。'.repeat(30),
    'We are sorry, an engineer is on the way. 🙏',
  ]),
  'keyed.json': keyedVector(),
  'medium-three-frames.json': await mediumVector(),
};
for (const [file, vector] of Object.entries(vectors)) {
  await writeFile(new URL(file, folder), `${JSON.stringify(vector, null, 2)}\n`);
}
