import {
  BEGINNING,
  type Importer,
  type ImportOptions,
  type Item,
  type ResumePoint,
} from '../../../../shared/sources/importer.ts';

/** Nothing is known but what the file says. */
export const NOTHING_TOLD: ImportOptions = {
  timezone: null,
  profile: null,
  ownNames: [],
  staffAccounts: async () => new Set(),
};

/** Everything that an importer makes of these bytes, in pieces of `chunk` bytes. */
export async function readAll(
  importer: Importer,
  bytes: Uint8Array | string,
  {
    chunk = 64 * 1024,
    from = BEGINNING,
    ...options
  }: Partial<ImportOptions> & { chunk?: number; from?: ResumePoint } = {},
): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of importer.read(pieces(bytes, chunk, from.offset), from, {
    ...NOTHING_TOLD,
    ...options,
  })) {
    items.push(item);
  }
  return items;
}

export async function* pieces(
  bytes: Uint8Array | string,
  size: number,
  from = 0,
): AsyncGenerator<Uint8Array> {
  const whole = Buffer.from(bytes);
  for (let at = from; at < whole.length; at += size) yield whole.subarray(at, at + size);
}

/** The records among items; a test that expects one fails clearly where there is none. */
export function recordsOf(items: Item[]) {
  return items.filter((item) => item.kind === 'record');
}

export function rejectionsOf(items: Item[]): { line: number; reason: string }[] {
  return items.flatMap((item) =>
    item.kind === 'rejected' ? [{ line: item.line, reason: item.reason }] : [],
  );
}
