import { readFileSync, writeFileSync } from 'node:fs';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { KMSClient } from '@aws-sdk/client-kms';
import { kmsSigner } from '../shared/aws/kms-signer.ts';
import { keysFile } from '../shared/package/keys-file.ts';
import { pinnedKeys } from '../shared/package/pinned-keys.ts';
import type { Signer } from '../shared/ports/signer.ts';

/*
 * `npm run keys -- <region> [file]`: writes the public signing key of a deployed region, as `dualkey verify --keys`
 * reads it, and prints its fingerprint. Run with credentials of the account; the file and the fingerprint are no secret
 * and belong outside the account.
 */

/** The key can't be written: one line says why. */
export class KeysNotWrittenError extends Error {
  override name = 'KeysNotWrittenError';
}

/**
 * Adds the region's public signing key to the file; keys that are there stay. Returns the key's fingerprint.
 * Throws KeysNotWrittenError where the file is there and is none of keys.
 */
export async function writeKeys(
  region: string,
  file: string,
  signer: Pick<Signer, 'publicKey'>,
): Promise<string> {
  const kept = keysThere(file);
  const { fingerprint } = await signer.publicKey();
  const own = kept.some((key) => key.fingerprint === fingerprint)
    ? []
    : (await keysFile(signer, region)).keys;
  writeFileSync(file, `${JSON.stringify({ keys: [...kept, ...own] }, null, 2)}\n`);
  return fingerprint;
}

async function signerOf(region: string): Promise<Signer> {
  const stack = `Dualkey-${region}-State`;
  const { Stacks } = await new CloudFormationClient({ region }).send(
    new DescribeStacksCommand({ StackName: stack }),
  );
  const key = Stacks?.[0]?.Outputs?.find(({ OutputKey }) => OutputKey === 'SigningKey')?.OutputValue;
  if (key === undefined) throw new KeysNotWrittenError(`${stack} has no output SigningKey: deploy it first`);
  return kmsSigner(new KMSClient({ region }), key);
}

/** The keys of other regions, and earlier ones of this one: what they signed is still checked against them. */
function keysThere(file: string): { keyId: string; fingerprint: string; spki: string; region?: string }[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return [];
  }
  try {
    return pinnedKeys(JSON.parse(text)).map(({ keyId, fingerprint, spki, region }) => ({
      keyId,
      fingerprint,
      spki: Buffer.from(spki).toString('base64'),
      ...(region === null ? {} : { region }),
    }));
  } catch (error) {
    throw new KeysNotWrittenError(`${file} is there and is no keys file: name another`, { cause: error });
  }
}

if (import.meta.main) {
  const [region, file = 'keys.json'] = process.argv.slice(2);
  try {
    if (region === undefined) throw new KeysNotWrittenError('usage: npm run keys -- <region> [file]');
    const fingerprint = await writeKeys(region, file, await signerOf(region));
    process.stdout.write(`${file}: ${region} ${fingerprint}\n`);
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    process.stderr.write(`keys: ${name === 'KeysNotWrittenError' ? message : `${name}: ${message}`}\n`);
    process.exitCode = 1;
  }
}
