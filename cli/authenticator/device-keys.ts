import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { localFolder } from '../deployment.ts';
import { BadInputError } from '../failure.ts';
import { type SoftwareKey, softwareKeySchema } from './software-authenticator.ts';

/** User names are of the directory's own making; anything else is no file name. */
const USERNAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
/** `next`: enrolled, and taken up once a second person confirmed it. */
const fileSchema = z.strictObject({ key: softwareKeySchema.nullable(), next: softwareKeySchema.nullable() });
type DeviceFile = z.infer<typeof fileSchema>;

/** The local keys of one user, `devices/<username>.json` of the deployment's folder: readable by their owner only. */
export function deviceKeys(username: string, folder: string = localFolder()) {
  if (!USERNAME.test(username)) {
    throw new BadInputError({ zh: `没有用户 ${username}`, en: `no user is called ${username}` }, '--as', {
      zh: '写 .local/users.json 中的用户',
      en: 'name a user of .local/users.json',
    });
  }
  const file = path.join(folder, 'devices', `${username}.json`);

  async function read(): Promise<DeviceFile> {
    const text = await readFile(file, 'utf8').catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
      throw error;
    });
    return text === null ? { key: null, next: null } : fileSchema.parse(JSON.parse(text));
  }

  /** Whole or not at all: commands may run side by side. */
  async function write(content: DeviceFile): Promise<void> {
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    const draft = `${file}.${process.pid}`;
    await writeFile(draft, JSON.stringify(content), { mode: 0o600 });
    await rename(draft, file);
  }

  return {
    file,
    read,
    /** Keeps the key that signs from now on. */
    use: async (key: SoftwareKey): Promise<void> => {
      const { next } = await read();
      await write({ key, next: next?.credentialId === key.credentialId ? null : next });
    },
    /** Keeps a key that waits for its confirmation; the one in use goes on signing. */
    keepNext: async (next: SoftwareKey): Promise<void> => write({ ...(await read()), next }),
  };
}
