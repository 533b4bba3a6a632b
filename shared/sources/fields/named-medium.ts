import type { DraftAttachment } from '../importer.ts';

/** A medium of which a file says the name at most; null where it left that out. */
export function namedMedium(name: string | null): DraftAttachment {
  return { name, mediaType: null, bytes: null, digest: null, refs: name === null ? [] : [name] };
}
