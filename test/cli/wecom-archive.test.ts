import { constants, generateKeyPairSync, publicEncrypt } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { measureStream } from '../../cli/upload-export.ts';
import { decryptWecomArchive, readWecomKeys } from '../../cli/wecom-archive.ts';
import { openWecomRandomKey, wecomPrivateKey } from '../../shared/crypto/wecom-random-key.ts';
import { wecom } from '../../shared/sources/wecom/wecom.ts';
import { readAll, recordsOf, rejectionsOf } from '../shared/sources/support/read-all.ts';

const GUEST = 'wmDkYaGAAAp3Rt7nQx0ZsVb2Lh9MeWcA';
const [first, second] = [2048, 2048].map((modulusLength) => generateKeyPairSync('rsa', { modulusLength }));
if (first === undefined || second === undefined) throw new Error('No keys');

/** Stands for the vendor's library: the message is base64 of the plaintext, and the random key must be the one given. */
const VENDOR = `node -e "
require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
  const { encrypt_random_key: key, encrypt_chat_msg: message } = JSON.parse(line);
  console.log(key.startsWith('random-key-') ? Buffer.from(message, 'base64').toString() : '');
});"`;

function sealed(seq: number | bigint, changes: Record<string, unknown> = {}, pair = first) {
  const msgid = `m${seq}`;
  const plaintext = JSON.stringify({
    msgid,
    action: 'send',
    from: GUEST,
    tolist: ['frontdesk01'],
    msgtime: 1700000000000,
    msgtype: 'text',
    text: { content: `第${seq}句` },
  });
  const key = { key: pair?.publicKey ?? '', padding: constants.RSA_PKCS1_PADDING };
  const message = {
    msgid,
    publickey_ver: 1,
    encrypt_random_key: publicEncrypt(key, Buffer.from(`random-key-${seq}`)).toString('base64'),
    encrypt_chat_msg: Buffer.from(plaintext).toString('base64'),
    ...changes,
  };
  return `{"seq":${seq},${JSON.stringify(message).slice(1)}`;
}

const pageOf = (...messages: string[]) => `{"errcode":0,"errmsg":"ok","chatdata":[${messages.join(',')}]}`;

let folder = '';
let keys = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'dualkey-wecom-'));
  keys = await mkdtemp(path.join(tmpdir(), 'dualkey-keys-'));
  await writeFile(path.join(keys, '1.pem'), first.privateKey.export({ type: 'pkcs1', format: 'pem' }));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
  await rm(keys, { recursive: true });
});

async function decrypted(text: string, command = VENDOR) {
  const file = path.join(folder, 'pages.json');
  await writeFile(file, text);
  const archive = decryptWecomArchive(file, await readWecomKeys(keys), command);
  const chunks: Uint8Array[] = [];
  for await (const chunk of archive.bytes) chunks.push(chunk);
  return { text: Buffer.concat(chunks).toString(), unopened: Object.fromEntries(archive.unopened) };
}

describe('an encrypted WeCom archive', () => {
  it('becomes lines of plaintext with their numbers, and leaves no file behind', async () => {
    const { text, unopened } = await decrypted(
      `${pageOf(sealed(1), sealed(2n ** 63n))}\n${pageOf(sealed(5))}\n`,
    );
    const items = await readAll(wecom, text);
    expect(recordsOf(items).map((record) => [record.sourceMessageId, record.text])).toEqual([
      ['m1', '第1句'],
      ['m9223372036854775808', '第9223372036854775808句'],
      ['m5', '第5句'],
    ]);
    // A number that no account of a hotel comes to says nothing of those that are missing.
    expect(items.filter((item) => item.kind === 'lack').map(({ lack }) => lack)).toEqual([
      { kind: 'sequence-gap', from: 2n, to: 4n },
      { kind: 'sequence-span', from: 1n, to: 5n },
    ]);
    expect(unopened).toEqual({});
    expect(await readdir(folder)).toEqual(['pages.json']);
  });

  it('opens each message with the key of its version, whether PKCS#1 or PKCS#8', async () => {
    await writeFile(path.join(keys, '2.pem'), second.privateKey.export({ type: 'pkcs8', format: 'pem' }));
    const { text } = await decrypted(pageOf(sealed(1), sealed(2, { publickey_ver: 2 }, second)));
    expect(recordsOf(await readAll(wecom, text))).toHaveLength(2);
  });

  it('names what can’t be opened, and keeps it encrypted for ingest to reject and quarantine', async () => {
    const { text, unopened } = await decrypted(
      pageOf(
        sealed(1),
        sealed(2, { publickey_ver: 7 }),
        sealed(3, {}, second),
        sealed(4, { encrypt_chat_msg: 'bm90IGpzb24=' }),
        sealed(5, { msgid: 'another' }),
      ),
    );
    expect(unopened).toEqual({ 'missing-key-version': 1, 'wrong-key': 1, 'decryption-failed': 2 });
    const items = await readAll(wecom, text);
    expect(rejectionsOf(items)).toEqual([
      { line: 2, reason: 'missing-key-version' },
      { line: 3, reason: 'wrong-key' },
      { line: 4, reason: 'decryption-failed' },
      { line: 5, reason: 'decryption-failed' },
    ]);
    // What can't be opened isn't missing from the platform's numbers.
    expect(items.flatMap((item) => (item.kind === 'lack' ? [item.lack.kind] : []))).toEqual([
      'sequence-span',
    ]);
    expect(text).not.toContain('第2句');
  });

  it('passes on what is no page, so that ingest says what is wrong with it', async () => {
    const { text } = await decrypted('{"errcode":10007,"errmsg":"no key"}\nnot json\n');
    expect(rejectionsOf(await readAll(wecom, text)).map(({ reason }) => reason)).toEqual([
      'missing-field:msgid',
      'not-json',
    ]);
  });

  it('fails where the command ends before it answers', async () => {
    await expect(decrypted(pageOf(sealed(1)), 'true')).rejects.toThrow(/ended before it answered/);
  });

  it('refuses a folder without keys, and what is no RSA key', async () => {
    await expect(readWecomKeys(folder)).rejects.toThrow(/no key/);
    await expect(readWecomKeys(path.join(folder, 'nowhere'))).rejects.toThrow(/can’t be read/);
    await writeFile(path.join(folder, '1.pem'), 'not a key');
    await expect(readWecomKeys(folder)).rejects.toThrow(/no private key in PEM/);
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
    expect(() => wecomPrivateKey(privateKey.export({ type: 'pkcs1', format: 'pem' }).toString())).toThrow(
      /2048/,
    );
  });

  it('takes what opens under a wrong key for nothing, though OpenSSL answers with random bytes', () => {
    const key = { key: second.publicKey, padding: constants.RSA_PKCS1_PADDING };
    for (let attempt = 0; attempt < 20; attempt += 1) {
      const foreign = publicEncrypt(key, Buffer.from(`random-key-${attempt}`)).toString('base64');
      expect(openWecomRandomKey(first.privateKey, foreign)).toBeNull();
    }
    expect(openWecomRandomKey(first.privateKey, 'not base64 of a block')).toBeNull();
  });
});

describe('an export that is made as it is read', () => {
  it('is measured once and sent in parts, each byte once', async () => {
    async function* make() {
      for (const text of ['ab', '', 'cdefg', 'h']) yield Buffer.from(text);
    }
    const { bytes, sha256, read } = await measureStream('export', make);
    expect(bytes).toBe(8);
    expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    const parts = [await read(0, 3), await read(3, 3), await read(6, 3)];
    expect(parts.map((part) => Buffer.from(part).toString())).toEqual(['abc', 'def', 'gh']);
    await expect(read(0, 3)).rejects.toThrow(RangeError);
  });
});
