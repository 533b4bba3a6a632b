import { sha256 } from '../domain/digest.ts';
import {
  ENTRIES,
  keyEntryName,
  type Manifest,
  noteText,
  type PackageKey,
  packageKeySchema,
} from './manifest.ts';
import { type Fault, PackageFault, parseDocument, refuse } from './package-fault.ts';
import type { PinnedKey } from './pinned-keys.ts';
import { isSignedBy, parseNote } from './signed-note.ts';

/** manifest.sig signs exactly this manifest, by the key in the package that it names, checked with the pinned one where it is given. */
export function checkSignature(
  manifest: Manifest,
  digest: string,
  contents: ReadonlyMap<string, Uint8Array>,
  pinned: PinnedKey | null,
): void {
  const packageKey = readKey(manifest, contents);
  const note = parseNote(Buffer.from(contents.get(ENTRIES.signature) ?? []).toString('utf8'));
  if (note === null) throw new PackageFault({ zh: '签名文件不可读', en: 'manifest.sig is no signed note' });
  if (manifest.signer.keyName !== `dualkey/${manifest.region}`) {
    throw new PackageFault({ zh: '密钥名称与地区不符', en: 'the key’s name is not that of the region' });
  }
  if (note.text !== noteText(manifest, digest)) {
    throw new PackageFault({ zh: '签名的不是这份清单', en: 'manifest.sig signs another manifest' });
  }
  const [signature, ...others] = note.signatures;
  const spki = pinned?.spki ?? Buffer.from(packageKey.spki, 'base64');
  if (signature === undefined || others.length > 0 || !isSignedBy(note, manifest.signer.keyName, spki)) {
    throw new PackageFault({ zh: '签名无效', en: 'the signature is not valid' });
  }
}

function readKey(manifest: Manifest, contents: ReadonlyMap<string, Uint8Array>): PackageKey {
  const name = keyEntryNameOf(manifest);
  const key = packageKeySchema.safeParse(parseDocument(contents.get(name), name));
  if (
    !key.success ||
    key.data.keyId !== manifest.signer.keyId ||
    key.data.fingerprint !== manifest.signer.fingerprint ||
    sha256(Buffer.from(key.data.spki, 'base64')) !== manifest.signer.fingerprint
  ) {
    throw new PackageFault({
      zh: '包内公钥与清单不符',
      en: 'the key in the package is not the manifest’s signer',
    });
  }
  return key.data;
}

/** Why a given key is not the manifest's signer, or null: it is the same key, of the same id and region. */
export function faultInPin({ keyId, fingerprint, region }: PinnedKey, manifest: Manifest): Fault | null {
  const { signer } = manifest;
  if (fingerprint !== signer.fingerprint) {
    return { zh: '是另一个密钥', en: 'it is another key' };
  }
  if (keyId !== signer.keyId) {
    return {
      zh: `给定的密钥文件称此密钥为 ${keyId},包内称 ${signer.keyId}`,
      en: `the keys that were given call this key ${keyId}, the package ${signer.keyId}`,
    };
  }
  if (region !== null && region !== manifest.region) {
    return {
      zh: `给定的密钥文件称此密钥属于 ${region},包内称 ${manifest.region}`,
      en: `the keys that were given say that this key is of ${region}, the package of ${manifest.region}`,
    };
  }
  return null;
}

/** Who signed, as far as keys from outside the package establish it. Throws where they say that it is somebody else. */
export function signerOf(
  manifest: Manifest,
  pinned: readonly PinnedKey[] | null,
  key: PinnedKey | null,
  intact: boolean,
): { zh: string; en: string } {
  const { keyId, fingerprint } = manifest.signer;
  if (pinned === null) {
    const [zh, en] = intact ? ['包完整;', 'intact; '] : ['', ''];
    return {
      zh: `${zh}签名者未确定(未提供包外的公钥),自称的密钥 ${keyId}`,
      en: `${en}signer not established: no keys were given from outside the package. It names ${fingerprint}`,
    };
  }
  if (key === null) {
    // The same key under another name or region: said for itself, as it is the keys file that disagrees.
    for (const one of pinned) {
      if (one.fingerprint === fingerprint) refuse(faultInPin(one, manifest));
    }
    throw new PackageFault({
      zh: `签名密钥 ${keyId} 不在给定的密钥中`,
      en: `signed by ${fingerprint}, which is not among the keys that were given`,
    });
  }
  const region = key.region === null ? '' : ` (${key.region})`;
  return { zh: `由给定的密钥 ${key.keyId}${region} 签名`, en: `signed by the pinned key ${key.fingerprint}` };
}

/** The name of the entry that has the signer's key. */
export function keyEntryNameOf({ signer: { keyId } }: Manifest): string {
  try {
    return keyEntryName(keyId);
  } catch (error) {
    throw new PackageFault(
      { zh: '密钥编号不是文件名', en: 'the key id can’t be a file’s name' },
      { cause: error },
    );
  }
}
