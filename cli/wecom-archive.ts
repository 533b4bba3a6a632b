import { type ChildProcess, spawn } from 'node:child_process';
import type { KeyObject } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { openWecomRandomKey, WecomKeyError, wecomPrivateKey } from '../shared/crypto/wecom-random-key.ts';
import { parseJsonLine } from '../shared/sources/json/json-line.ts';
import { isJsonObject, textOf } from '../shared/sources/json/json-value.ts';
import {
  readSealedMessages,
  type SealedMessage,
  sealedMessageOf,
  UNOPENED_MEMBER,
  type UnopenedReason,
} from '../shared/sources/wecom/wecom-envelope.ts';
import { BadInputError, FailedError } from './failure.ts';

/** Private keys of an archive by their version. */
export type WecomKeys = ReadonlyMap<string, KeyObject>;

/**
 * The keys of a folder: `<publickey_ver>.pem` each, PKCS#1 or PKCS#8. Old versions stay there: what was archived under one
 * opens with that one alone. Throws BadInputError.
 */
export async function readWecomKeys(folder: string): Promise<WecomKeys> {
  let names: string[];
  try {
    names = await readdir(folder);
  } catch (error) {
    throw new BadInputError(
      { zh: '文件夹无法读取', en: 'the folder can’t be read' },
      folder,
      { zh: '检查路径与权限', en: 'check its path and rights' },
      { cause: error },
    );
  }
  const keys = new Map<string, KeyObject>();
  for (const name of names) {
    const version = /^(\d{1,10})\.pem$/.exec(name)?.[1];
    if (version === undefined) continue;
    const file = path.join(folder, name);
    try {
      keys.set(version, wecomPrivateKey(await readFile(file, 'utf8')));
    } catch (error) {
      throw new BadInputError(
        error instanceof WecomKeyError ? error.words : { zh: '密钥无法读取', en: 'the key can’t be read' },
        file,
        { zh: '放入此版本的私钥', en: 'put the private key of this version there' },
        { cause: error },
      );
    }
  }
  if (keys.size === 0) {
    throw new BadInputError({ zh: '没有密钥', en: 'no key is there' }, folder, {
      zh: '密钥文件名为 <publickey_ver>.pem,如 3.pem',
      en: 'name the keys <publickey_ver>.pem, such as 3.pem',
    });
  }
  return keys;
}

export type Decrypted = {
  /** Lines of plaintext messages, `seq` beside their fields. */
  bytes: AsyncGenerator<Uint8Array>;
  /** How many messages could not be opened, and why, as far as it was read. */
  unopened: ReadonlyMap<UnopenedReason, number>;
};

/**
 * Decrypts a file of `GetChatData` pages as it is read: nothing of the plaintext touches a disk. The RSA step is done
 * here; the vendor's own cipher is in its closed library, which `command` calls (docs/sources.md). A message that can't be
 * opened stays as it is, encrypted, and says why.
 */
export function decryptWecomArchive(file: string, keys: WecomKeys, command: string): Decrypted {
  const unopened = new Map<UnopenedReason, number>();
  async function* bytes(): AsyncGenerator<Uint8Array> {
    const vendor = vendorStep(command);
    try {
      for await (const item of readSealedMessages(createReadStream(file))) {
        if (item.kind !== 'rejected') continue;
        const text = Buffer.from(item.original).toString('utf8');
        if (item.reason !== 'not-decrypted') {
          // Ingest says what is wrong with it, by its own reading.
          yield line(text);
          continue;
        }
        const parsed = parseJsonLine(text);
        const sealed = parsed.ok ? sealedMessageOf(parsed.value) : null;
        yield line(sealed === null ? text : await opened(sealed, vendor));
      }
    } finally {
      vendor.end();
    }
  }

  async function opened(sealed: SealedMessage, vendor: VendorStep): Promise<string> {
    const key = keys.get(sealed.keyVersion);
    if (key === undefined) return stillSealed(sealed, 'missing-key-version');
    const randomKey = openWecomRandomKey(key, sealed.randomKey);
    if (randomKey === null) return stillSealed(sealed, 'wrong-key');
    const answer = await vendor.decrypt(randomKey, sealed.message);
    const plaintext = parseJsonLine(answer);
    if (
      !plaintext.ok ||
      !isJsonObject(plaintext.value) ||
      textOf(plaintext.value['msgid']) !== sealed.msgid
    ) {
      return stillSealed(sealed, 'decryption-failed');
    }
    return withSeq(answer.trim(), sealed.seq, plaintext.value['seq'] !== undefined);
  }

  function stillSealed(sealed: SealedMessage, reason: UnopenedReason): string {
    unopened.set(reason, (unopened.get(reason) ?? 0) + 1);
    const { msgid, keyVersion, randomKey, message, seq } = sealed;
    const envelope = JSON.stringify({
      msgid,
      publickey_ver: Number(keyVersion),
      encrypt_random_key: randomKey,
      encrypt_chat_msg: message,
      [UNOPENED_MEMBER]: reason,
    });
    return withSeq(envelope, seq, false);
  }

  return { bytes: bytes(), unopened };
}

/** The message's own text with its number before its fields. */
function withSeq(text: string, seq: bigint | null, there: boolean): string {
  if (seq === null || there) return text;
  const rest = text.slice(1).trimStart();
  return `{"seq":${seq}${rest.startsWith('}') ? '' : ','}${rest}`;
}

/** One message a line, whatever white space it was written with. */
function line(text: string): Uint8Array {
  return Buffer.from(`${text.replaceAll(/[\r\n]+/g, ' ')}\n`);
}

type VendorStep = {
  /** The plaintext; empty where the command has none. Throws FailedError where it ended. */
  decrypt(randomKey: string, message: string): Promise<string>;
  end(): void;
};

/** The command runs once: a line of JSON for each message on its standard input, a line of plaintext on its output. */
function vendorStep(command: string): VendorStep {
  // By the shell, since the user writes a command as they would there. What it must not show stays out of its arguments.
  const child: ChildProcess = spawn(command, { shell: true, stdio: ['pipe', 'pipe', 'inherit'] });
  const { stdin, stdout } = child;
  if (stdin === null || stdout === null)
    throw new FailedError({
      zh: '--wecom-decrypt 的命令没有标准输入或输出',
      en: 'the command of --wecom-decrypt has no streams',
    });
  // A command that ended shows in its answers.
  stdin.on('error', () => undefined);
  child.on('error', () => undefined);
  const answers = createInterface({ input: stdout, crlfDelay: Number.POSITIVE_INFINITY })[
    Symbol.asyncIterator
  ]();
  return {
    async decrypt(randomKey, message) {
      stdin.write(`${JSON.stringify({ encrypt_random_key: randomKey, encrypt_chat_msg: message })}\n`);
      const answer = await answers.next();
      if (answer.done === true) {
        throw new FailedError({
          zh: '--wecom-decrypt 的命令在答复前已结束:未发送任何内容',
          en: 'the command of --wecom-decrypt ended before it answered: nothing was sent',
        });
      }
      return answer.value;
    },
    end() {
      stdin.end();
    },
  };
}
