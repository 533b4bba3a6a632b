import type { QuarantinedLine } from '../../shared/domain/quarantine.ts';
import type { Importer, ImportOptions, Item, ResumePoint } from '../../shared/sources/importer.ts';

/**
 * Reads quarantined lines again, each by itself and with what the importer knew as it came to it (a table's header). An
 * offset counts lines here: whoever goes on from an item's end gets the items after it. A line of which only the beginning
 * was kept is what it was.
 */
export async function* rerunLines(
  importer: Importer,
  lines: AsyncIterable<QuarantinedLine>,
  from: ResumePoint,
  options: ImportOptions,
): AsyncGenerator<Item> {
  let offset = 0;
  for await (const quarantined of lines) {
    offset += 1;
    if (offset <= from.offset) continue;
    const { line } = quarantined;
    const given = offset === from.offset + 1 ? from.items : 0;
    const items = await itemsOf(importer, quarantined, options);
    for (const [position, item] of items.entries()) {
      if (position < given) continue;
      const last = position === items.length - 1;
      const end = last
        ? { line, offset, items: 0, state: null }
        : { line, offset: offset - 1, items: position + 1, state: null };
      yield { ...item, line, end };
    }
  }
}

async function itemsOf(
  importer: Importer,
  { line, reason, original, bytes, state }: QuarantinedLine,
  options: ImportOptions,
): Promise<Item[]> {
  const begin: ResumePoint = { line: line - 1, offset: 0, items: 0, state };
  if (bytes > original.length) return [{ kind: 'rejected', line, end: begin, reason, original, bytes }];
  const items: Item[] = [];
  async function* only(): AsyncGenerator<Uint8Array> {
    yield original;
  }
  for await (const item of importer.read(only(), begin, options)) {
    // What the file lacked was stated with the file.
    if (item.kind === 'record' || item.kind === 'rejected') items.push(item);
  }
  return items.length > 0 ? items : [{ kind: 'skipped', line, end: begin }];
}
