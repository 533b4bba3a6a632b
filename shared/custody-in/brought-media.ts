import { createHash } from 'node:crypto';
import { CompanionError, type CompanionMedium } from '../sources/companion.ts';
import type { DraftAttachment } from '../sources/importer.ts';

/**
 * What became of a medium that a record refers to. `damaged`: it came under the platform's id or digest of it, and is not what
 * the platform declared.
 */
export type FoundMedium =
  | { state: 'present' | 'damaged'; medium: CompanionMedium }
  | { state: 'missing'; medium: null };

/** The media that came with a batch. */
export type BroughtMedia = {
  find(attachment: DraftAttachment): FoundMedium;
  /** The medium's bytes; where they aren't the ones that were announced, CompanionError after the last of them. */
  read(medium: CompanionMedium): AsyncIterable<Uint8Array>;
};

/** `read` gives the bytes of a medium as they lie in the inbox. */
export function broughtMedia(
  media: readonly CompanionMedium[],
  read: (medium: CompanionMedium) => AsyncIterable<Uint8Array>,
): BroughtMedia {
  const byDigest = new Map<string, CompanionMedium>();
  const byName = new Map<string, CompanionMedium[]>();
  for (const medium of media) {
    byDigest.set(`md5:${medium.md5}`, medium);
    byDigest.set(`sha256:${medium.sha256}`, medium);
    for (const name of namesOf(medium.name)) byName.set(name, [...(byName.get(name) ?? []), medium]);
  }

  return {
    find(attachment) {
      const { digest, bytes } = attachment;
      const declared = digest?.toLowerCase() ?? null;
      const bySum = declared === null ? undefined : byDigest.get(declared);
      if (bySum !== undefined)
        return { state: matches(bySum, attachment) ? 'present' : 'damaged', medium: bySum };
      const { ids, names } = leadsOf(attachment);
      for (const id of ids) {
        const own = byName.get(folded(id)) ?? [];
        const fitting = own.filter((medium) => matches(medium, { digest: declared, bytes }));
        const medium = onlyOneOf(fitting.length > 0 ? fitting : own);
        if (medium !== null) return { state: fitting.length > 0 ? 'present' : 'damaged', medium };
      }
      // Whoever sends a file chooses its name, another guest's file's as well: where anything else is declared, a file is
      // not this one for its name.
      const byNameAlone = declared === null && bytes === null && ids.length === 0;
      if (declared !== null || (bytes === null && !byNameAlone)) return { state: 'missing', medium: null };
      for (const one of names) {
        const named = (byName.get(folded(one)) ?? []).filter((medium) => matches(medium, attachment));
        const medium = onlyOneOf(named);
        if (medium !== null) return { state: 'present', medium };
      }
      return { state: 'missing', medium: null };
    },

    async *read(medium) {
      const [md5, sha256] = [createHash('md5'), createHash('sha256')];
      let bytes = 0;
      for await (const chunk of read(medium)) {
        md5.update(chunk);
        sha256.update(chunk);
        bytes += chunk.length;
        yield chunk;
      }
      if (
        bytes !== medium.bytes ||
        md5.digest('hex') !== medium.md5 ||
        sha256.digest('hex') !== medium.sha256
      ) {
        throw new CompanionError('A medium is not the one that was announced');
      }
    },
  };
}

/**
 * What the platform calls a medium, and what its sender does. The platform's id comes first among what an importer found;
 * where the name does (a recorder's, a table's), there is no id, and what else is there names the same file.
 */
function leadsOf({ refs, name }: DraftAttachment): { ids: string[]; names: string[] } {
  if (name === null) return { ids: refs, names: [] };
  const isName = (ref: string) => namesOf(ref.split(/[?#]/, 1)[0] ?? '').has(folded(name));
  const [first] = refs;
  const ids = first === undefined || isName(first) ? [] : refs.filter((ref) => !isName(ref));
  return { ids, names: [...refs.filter((ref) => !ids.includes(ref)), name] };
}

/** By what a file is found: its path, its name, and that without what follows the last dot. */
function namesOf(path: string): Set<string> {
  const own = path.slice(path.lastIndexOf('/') + 1);
  const dot = own.lastIndexOf('.');
  return new Set([path, own, dot > 0 ? own.slice(0, dot) : own].map(folded));
}

function folded(name: string): string {
  return name.normalize('NFC').toLowerCase();
}

function matches(
  medium: CompanionMedium,
  { digest, bytes }: Pick<DraftAttachment, 'digest' | 'bytes'>,
): boolean {
  const sums = [`md5:${medium.md5}`, `sha256:${medium.sha256}`];
  return (
    (bytes === null || bytes === medium.bytes) && (digest === null || sums.includes(digest.toLowerCase()))
  );
}

/** Files of one name in several folders are one where their bytes are; which of several it is isn't guessed. */
function onlyOneOf(media: readonly CompanionMedium[]): CompanionMedium | null {
  const [first] = media;
  return first !== undefined && media.every(({ sha256 }) => sha256 === first.sha256) ? first : null;
}
