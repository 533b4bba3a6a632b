import type { Source } from '../shared/domain/record.ts';
import { importerOf } from '../shared/sources/built-sources.ts';
import { type ImportProfile, importProfileSchema } from '../shared/sources/import-profile.ts';
import { BadInputError } from './failure.ts';
import { readInputFile } from './input-file.ts';

/**
 * What `--map` says. Where the source is known, the columns that it names are the source's own: what they would cost is
 * the whole file. Throws BadInputError.
 */
export async function readImportProfile(file: string, source: Source | null = null): Promise<ImportProfile> {
  const profile = await readInputFile(file, importProfileSchema);
  if (source === null) return profile;
  const columns = importerOf(source)?.columns ?? null;
  for (const member of ['columns', 'values'] as const) {
    const named = Object.keys(profile[member] ?? {});
    const unknown = columns === null ? named : named.filter((column) => !columns.includes(column));
    const [first] = unknown;
    if (first === undefined) continue;
    const where = `${file}: ${unknown.map((column) => `${member}.${column}`).join(', ')}`;
    if (columns === null) {
      throw new BadInputError(
        { zh: `来源 ${source} 不按列读取,不用列映射`, en: `files of ${source} aren’t read by columns` },
        where,
        { zh: `删去 ${member}`, en: `remove ${member}` },
      );
    }
    throw new BadInputError(
      { zh: `来源 ${source} 没有这样的列`, en: `${source} has no such column` },
      where,
      { zh: `写本来源的列:${columns.join(', ')}`, en: `name one of its columns: ${columns.join(', ')}` },
    );
  }
  return profile;
}
