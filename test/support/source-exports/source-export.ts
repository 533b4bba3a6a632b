import type { Category, Identifier, Source } from '../../../shared/domain/record.ts';
import type { ImportProfile } from '../../../shared/sources/import-profile.ts';

/** One invented guest under all the names that platforms know a guest by. */
export type Guest = {
  name: string;
  phone: string;
  email: string;
  booking: string;
  room: string;
  /** Letters and digits of this guest alone: what ids are made of. */
  tag: string;
  /** A number of this guest alone, beyond what a double holds. */
  number: string;
};

type Said = { at: Date; by: 'guest' | 'staff'; text: string };

/** What happens in a conversation; each source says it in its own form, if it can at all. */
export type Entry = { id: string; guest: Guest; at: Date } & (
  | ({ kind: 'said' } & Said)
  | { kind: 'medium'; by: 'guest' | 'staff'; name: string; bytes: Uint8Array; brought: boolean }
  /** Takes back what was said before. */
  | { kind: 'recall'; of: Entry & { kind: 'said' } }
  | { kind: 'edit'; of: Entry & { kind: 'said' }; text: string }
  /** A note of staff to staff. */
  | { kind: 'note'; text: string }
  /** A type of message that nobody has heard of. */
  | { kind: 'unknown'; text: string }
  | { kind: 'bad' }
);
export type SaidEntry = Entry & { kind: 'said' };

export type ExpectedMedium = { name: string | null; state: 'present' | 'missing'; bytes: Uint8Array | null };

/** What must come out of custody for one record. */
export type ExpectedRecord = {
  at: string;
  from: { role: 'guest' | 'staff' | 'robot' | 'system'; id: string | null; name: string | null };
  text: string;
  category: Category;
  /** Records of one conversation have one name here, whatever ids they get. */
  conversation: string;
  /** The words that are taken back. */
  recalls: string | null;
  edits: string | null;
  edited: boolean;
  internal: boolean;
  attachments: ExpectedMedium[];
};

/** One entry as the file says it: part of the file, and what becomes of it. */
export type Fragment = {
  piece: string;
  records: ExpectedRecord[];
  /** Why it is rejected; null where it isn't. */
  rejected: string | null;
  /** What its type is counted as, where nobody knows it. */
  unknown: string | null;
};

/** How one source writes one of its formats. */
export type Writer = {
  source: Source;
  /** What the format is called in tests. */
  format: string;
  subject(guest: Guest): Identifier;
  timezone?: string;
  profile?(guest: Guest): ImportProfile;
  /** Null where the platform has nothing of that kind. */
  write(entry: Entry): Fragment | null;
  /** The file, from what was written of each entry, in order. */
  file(written: readonly { entry: Entry; piece: string }[]): Uint8Array;
  /** Records that a conversation has besides those of its entries (a ticket's subject, a chat's head). */
  head?(guest: Guest, first: Date): ExpectedRecord[];
  /** The platform gives a conversation from its beginning each time: no file holds a later part of it alone. */
  whole?: true;
  /** A file of it is one guest's. */
  oneGuest?: true;
  extension: string;
};

/** A file of a source, what must be made of it, and a second file that overlaps with it. */
export type SourceExport = {
  source: Source;
  format: string;
  extension: string;
  file: Uint8Array;
  /** A later export: some of the first file's records, and some that are new. */
  later: Uint8Array;
  timezone: string | null;
  profile: ImportProfile | null;
  media: Record<string, Uint8Array>;
  subject: Identifier;
  records: ExpectedRecord[];
  /** What only the later file has. */
  added: ExpectedRecord[];
  rejected: string[];
  unknown: Record<string, number>;
  /** Identifiers of somebody else that the guest typed in the chat. */
  typed: Identifier[];
  /** Somebody else in the same file, whose records must not come out; null where a file is one guest's. */
  other: { subject: Identifier; records: ExpectedRecord[] } | null;
};

/** A record of the entry as most platforms give it, with what is different. */
export function recordOf(entry: Entry, changes: Partial<ExpectedRecord> = {}): ExpectedRecord {
  const by =
    entry.kind === 'said' || entry.kind === 'medium' ? entry.by : entry.kind === 'note' ? 'staff' : 'guest';
  return {
    at: entry.at.toISOString(),
    from: { role: by, id: null, name: null },
    text: 'text' in entry ? entry.text : '',
    category: 'enquiry',
    conversation: entry.guest.tag,
    recalls: entry.kind === 'recall' ? entry.of.text : null,
    edits: entry.kind === 'edit' ? entry.of.text : null,
    edited: entry.kind === 'edit',
    internal: entry.kind === 'note',
    attachments: entry.kind === 'medium' ? [mediumOf(entry, entry.name)] : [],
    ...changes,
  };
}

/** `name`: what the platform calls it. */
export function mediumOf(
  { bytes, brought }: Entry & { kind: 'medium' },
  name: string | null,
): ExpectedMedium {
  return brought ? { name, state: 'present', bytes } : { name, state: 'missing', bytes: null };
}

export function fragment(piece: string | object, ...records: ExpectedRecord[]): Fragment {
  return {
    piece: typeof piece === 'string' ? piece : JSON.stringify(piece),
    records,
    rejected: null,
    unknown: null,
  };
}

export function bad(piece: string | object, rejected: string): Fragment {
  return { ...fragment(piece), rejected };
}

export function ofUnknownType(type: string, piece: string | object, record: ExpectedRecord): Fragment {
  return { ...fragment(piece, record), unknown: type };
}

/** Seconds since 1970. */
export function seconds(at: Date): number {
  return Math.floor(at.getTime() / 1000);
}

/** `2026-05-20 09:30:00` on a clock in Shanghai. */
export function inShanghai(at: Date): string {
  return new Date(at.getTime() + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
}

export function lines(pieces: readonly string[], ending = '\n'): Uint8Array {
  return Buffer.from(pieces.map((piece) => `${piece}${ending}`).join(''));
}

/** Entries of each guest, in the order in which guests first come. */
export function byGuest<Written extends { entry: Entry }>(written: readonly Written[]): [Guest, Written[]][] {
  return [...Map.groupBy(written, ({ entry }) => entry.guest)];
}

export function csv(cells: readonly string[], delimiter = ','): string {
  return cells
    .map((cell) => (/[",;|\t\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell))
    .join(delimiter);
}
