import { readFile, stat } from 'node:fs/promises';
import { LIMITS } from '../shared/domain/limits.ts';
import { PinnedKeysError, pinnedKeys } from '../shared/package/pinned-keys.ts';
import { type PackageVerification, verifyPackageBytes } from '../shared/package/verify-package.ts';
import { BadInputError } from './failure.ts';

/**
 * Verifies a package, given as its bytes or its file's path, without any network. `keys` is the parsed content of a keys
 * file (`{"keys":[{"keyId","fingerprint","spki","region"}]}`): where it is given, the package must be signed by one of
 * them. Throws BadInputError where the file or the keys can't be read.
 */
export async function verifyPackage(
  source: Uint8Array | string,
  keys?: unknown,
): Promise<PackageVerification> {
  const pinned = keys === undefined ? null : usable(keys);
  return verifyPackageBytes(typeof source === 'string' ? await read(source) : source, pinned);
}

async function read(file: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(file);
    if (size > LIMITS.packageBytes) {
      throw new BadInputError(
        {
          zh: `文件大于 ${LIMITS.packageBytes} 字节`,
          en: `the file is larger than ${LIMITS.packageBytes} bytes`,
        },
        file,
        { zh: '这不是调阅包', en: 'this is no package' },
      );
    }
    return await readFile(file);
  } catch (error) {
    if (error instanceof BadInputError) throw error;
    throw new BadInputError(
      { zh: '文件无法读取', en: 'the file can’t be read' },
      file,
      { zh: '检查路径与权限', en: 'check its path and rights' },
      { cause: error },
    );
  }
}

function usable(keys: unknown) {
  try {
    return pinnedKeys(keys);
  } catch (error) {
    if (!(error instanceof PinnedKeysError)) throw error;
    throw new BadInputError(
      { zh: `密钥无法使用:${error.words.zh}`, en: `the keys can’t be used: ${error.words.en}` },
      '--keys',
      { zh: '给出部署的公钥文件', en: 'give the keys file of the deployment' },
      {
        cause: error,
      },
    );
  }
}
