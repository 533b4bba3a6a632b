import type { Source } from '../../domain/record.ts';
import { withHead } from '../bytes/with-head.ts';
import type { Importer, ImportOptions, Item, ResumePoint } from '../importer.ts';

/** How a platform's file may be written; `source` is that of the importer which has it. */
export type Format = Omit<Importer, 'source'>;

/**
 * A source whose files come in several formats: the head of the file says which (`choose` gives its name), and the name
 * stands before the format's own state from then on.
 */
export function severalFormats<const Name extends string>(
  source: Source,
  formats: Record<Name, Format>,
  choose: (head: Uint8Array) => Name,
): Importer {
  const names = Object.keys(formats);

  function split(state: string | null): { name: Name; inner: string | null } | null {
    const end = state?.indexOf('\n') ?? -1;
    const name = state === null || end === -1 ? state : state.slice(0, end);
    return name !== null && isName(name)
      ? { name, inner: state === null || end === -1 ? null : state.slice(end + 1) }
      : null;
  }
  function isName(name: string): name is Name {
    return names.includes(name);
  }
  function joined(name: Name, inner: string | null): string {
    return inner === null ? name : `${name}\n${inner}`;
  }

  const columns = Object.values<Format>(formats).flatMap((format) => format.columns ?? []);

  return {
    source,
    ...(columns.length === 0 ? {} : { columns }),
    async survey(bytes: AsyncIterable<Uint8Array>, options: ImportOptions): Promise<string | null> {
      const { head, whole } = await withHead(bytes);
      const name = choose(head);
      return joined(name, (await formats[name].survey?.(whole, options)) ?? null);
    },
    async *read(bytes, from, options): AsyncGenerator<Item> {
      let known = split(from.state);
      let whole = bytes;
      if (known === null) {
        const looked = await withHead(bytes);
        known = { name: choose(looked.head), inner: null };
        whole = looked.whole;
      }
      const { name, inner } = known;
      const start: ResumePoint = { ...from, state: inner };
      for await (const item of formats[name].read(whole, start, options)) {
        yield { ...item, end: { ...item.end, state: joined(name, item.end.state) } };
      }
    },
  };
}
