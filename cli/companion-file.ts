import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, opendir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { endingOfBytes, type FileEnding } from '../shared/domain/file-ending.ts';
import { LIMITS } from '../shared/domain/limits.ts';
import { type CompanionMedium, encodeCompanionHead } from '../shared/sources/companion.ts';
import type { ImportProfile } from '../shared/sources/import-profile.ts';
import { BadInputError, FailedError } from './failure.ts';

/** What goes up beside an export, read from where it lies: no copy of it is made. */
export type Companion = {
  bytes: number;
  /** SHA-256 of its head, hex: the head has the digests of everything else. */
  sha256: string;
  media: number;
  /** Its bytes from an offset on, as many as there are up to `length`. Throws FailedError where a file changed meanwhile. */
  read(offset: number, length: number): Promise<Uint8Array>;
};

/**
 * The import profile and the files of a folder and its subfolders, in one. Hidden files, links, and the export itself are
 * left out. Throws BadInputError for a folder that can't be read or has too much in it.
 */
export async function companionOf(
  profile: ImportProfile | null,
  folder: string | null,
  exportFile: string,
): Promise<Companion> {
  const files = folder === null ? [] : await filesIn(folder, exportFile);
  if (folder !== null && files.length === 0) {
    throw new BadInputError({ zh: '媒体文件夹里没有文件', en: 'no file is in the folder of media' }, folder, {
      zh: '放入平台导出的媒体文件,或去掉 --media',
      en: 'put the media of the export there, or leave --media out',
    });
  }
  const media: CompanionMedium[] = [];
  let total = 0;
  for (const { file, name } of files) {
    const medium = await measured(file, name, total);
    total += medium.bytes;
    const most = LIMITS.companionBytes - LIMITS.companionIndexBytes;
    if (total > most) {
      throw new BadInputError(
        {
          zh: `媒体合计超过 ${most} 字节`,
          en: `the media have more than ${most} bytes together`,
        },
        folder ?? file,
        { zh: '请拆分导出文件与媒体', en: 'split the export and its media' },
      );
    }
    media.push(medium);
  }
  const head = encodeCompanionHead({ profile, media });
  if (head.length > LIMITS.companionIndexBytes) {
    throw new BadInputError(
      { zh: '媒体清单过长', en: 'the list of the media is too long' },
      folder ?? '--map',
      { zh: '请拆分导出文件', en: 'split the export' },
    );
  }

  async function read(offset: number, length: number): Promise<Uint8Array> {
    const end = Math.min(offset + length, head.length + total);
    const buffer = Buffer.alloc(Math.max(0, end - offset));
    if (offset < head.length) buffer.set(head.subarray(offset, Math.min(end, head.length)));
    for (const [index, { bytes, offset: own }] of media.entries()) {
      const start = head.length + own;
      const [from, to] = [Math.max(start, offset), Math.min(start + bytes, end)];
      if (from >= to) continue;
      const file = files[index]?.file ?? '';
      await fill(file, buffer.subarray(from - offset, to - offset), from - start);
    }
    return buffer;
  }
  return {
    bytes: head.length + total,
    sha256: createHash('sha256').update(head).digest('hex'),
    media: media.length,
    read,
  };
}

async function filesIn(folder: string, exportFile: string): Promise<{ file: string; name: string }[]> {
  const found: { file: string; name: string }[] = [];
  try {
    const own = await realpath(exportFile);
    for await (const entry of await opendir(folder, { recursive: true })) {
      const file = path.join(entry.parentPath, entry.name);
      const name = path.relative(folder, file).split(path.sep).join('/');
      if (!entry.isFile() || name.split('/').some((part) => part.startsWith('.'))) continue;
      if ((await realpath(file)) === own) continue;
      found.push({ file, name });
      if (found.length > LIMITS.batchMedia) {
        throw new BadInputError(
          { zh: `文件多于 ${LIMITS.batchMedia} 个`, en: `there are more than ${LIMITS.batchMedia} files` },
          folder,
          { zh: '请拆分导出文件与媒体', en: 'split the export and its media' },
        );
      }
    }
  } catch (error) {
    if (error instanceof BadInputError) throw error;
    if (!(await stat(folder).catch(() => null))?.isDirectory()) {
      throw new BadInputError(
        { zh: '这不是文件夹', en: 'this is no folder' },
        folder,
        { zh: '检查路径', en: 'check its path' },
        {
          cause: error,
        },
      );
    }
    throw new BadInputError(
      { zh: '文件夹无法读取', en: 'the folder can’t be read' },
      folder,
      { zh: '检查路径与权限', en: 'check its path and rights' },
      { cause: error },
    );
  }
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function measured(file: string, name: string, offset: number): Promise<CompanionMedium> {
  if (name.length > LIMITS.mediumNameCharacters) {
    throw new BadInputError(
      {
        zh: `文件名超过 ${LIMITS.mediumNameCharacters} 个字符`,
        en: `its name has more than ${LIMITS.mediumNameCharacters} characters`,
      },
      file,
      { zh: '请改用较短的文件名', en: 'give it a shorter one' },
    );
  }
  try {
    const { size } = await stat(file);
    if (size > LIMITS.mediumBytes) {
      throw new BadInputError(
        { zh: `文件大于 ${LIMITS.mediumBytes} 字节`, en: `it has more than ${LIMITS.mediumBytes} bytes` },
        file,
        { zh: '请移出或拆分', en: 'leave it out or split it' },
      );
    }
    const [md5, sha256] = [createHash('md5'), createHash('sha256')];
    let bytes = 0;
    let ending: FileEnding | null = null;
    for await (const chunk of createReadStream(file)) {
      if (bytes === 0) ending = endingOfBytes(chunk);
      md5.update(chunk);
      sha256.update(chunk);
      bytes += chunk.length;
    }
    return {
      name,
      bytes,
      md5: md5.digest('hex'),
      sha256: sha256.digest('hex'),
      offset,
      ...(ending === null ? {} : { ending }),
    };
  } catch (error) {
    if (error instanceof BadInputError) throw error;
    throw new BadInputError(
      { zh: '文件无法读取', en: 'the file can’t be read' },
      file,
      { zh: '检查权限', en: 'check its rights' },
      { cause: error },
    );
  }
}

async function fill(file: string, into: Uint8Array, position: number): Promise<void> {
  let handle: FileHandle | null = null;
  try {
    handle = await open(file, 'r');
    let at = 0;
    while (at < into.length) {
      const { bytesRead } = await handle.read(into, at, into.length - at, position + at);
      if (bytesRead === 0) break;
      at += bytesRead;
    }
    if (at === into.length) return;
  } catch (error) {
    throw new FailedError(
      { zh: `${file} 已无法读取`, en: `${file} can’t be read any more` },
      { cause: error },
    );
  } finally {
    await handle?.close();
  }
  throw new FailedError({
    zh: `${file} 在上传时有变动:请重新运行命令`,
    en: `${file} changed while it was uploaded: run the command again`,
  });
}
