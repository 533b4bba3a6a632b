import {
  BEGINNING,
  type Importer,
  type ImportOptions,
  type Item,
} from '../../../../shared/sources/importer.ts';
import { NOTHING_TOLD, pieces, readAll } from './read-all.ts';

/** Everything that an importer makes of these bytes, the whole file surveyed before, as ingest does it. */
export async function readSurveyed(
  importer: Importer,
  bytes: Uint8Array | string,
  options: Partial<ImportOptions> & { chunk?: number } = {},
): Promise<Item[]> {
  const state = await importer.survey?.(pieces(bytes, options.chunk ?? 64 * 1024), {
    ...NOTHING_TOLD,
    ...options,
  });
  return readAll(importer, bytes, { ...options, from: { ...BEGINNING, state: state ?? null } });
}
