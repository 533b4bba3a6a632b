import { LIMITS } from '../../domain/limits.ts';
import type { Identifier, StoredRecord } from '../../domain/record.ts';
import { canonicalContent } from '../documents/canonical-content.ts';
import { occurrencesOf } from '../documents/counted-repeats.ts';
import {
  type DraftAttachment,
  type ImportOptions,
  type Item,
  PLAIN_DRAFT,
  type Placement,
  type Position,
  type ResumePoint,
  writtenOwnNames,
} from '../importer.ts';

/** What somebody said in a chat that was written to a file for people to read. */
export type Said = {
  at: Date;
  /** The display name; null where the app itself speaks. */
  speaker: string | null;
  /** Where the file says it; null where only the name tells. */
  role: StoredRecord['from']['role'] | null;
  text: string;
  attachments: DraftAttachment[];
  edited: boolean;
  sourceType: string;
};

/** One message of such a file with its lines, or what else stands there. */
export type Passage = {
  line: number;
  begin: Position;
  end: Position;
  /** The format's own state before and after it. */
  stateBefore: string | null;
  state: string | null;
  original: Uint8Array;
  bytes: number;
  what: { kind: 'said'; said: Said } | { kind: 'rejected'; reason: string } | { kind: 'skipped' };
};

/**
 * The items of a chat export. Such files give no ids, times to the minute, and people by display names:
 *
 * - The hotel is whoever has one of its own names; without any the file is rejected once (`own-name-missing`).
 * - The guest is the profile's, else the one who speaks: a name that is a phone number identifies. What the hotel says
 *   before the guest first speaks waits for that, within LIMITS.
 * - The same words twice in a minute are two messages: the second and later ones are counted in `content`.
 *
 * Both need what went before, and nothing personal may stand in a resume point: reading goes on from the last message
 * of the guest that has a time of its own, as from the beginning of a document.
 */
export async function* readChat(
  passages: AsyncIterable<Passage>,
  from: ResumePoint,
  options: ImportOptions,
  severalGuests: boolean,
): AsyncGenerator<Item> {
  if (from.state === REFUSED) return;
  const own = ownNamesOf(options);
  const given = options.profile?.guest ?? null;
  let guest: string | null = null;
  let minute: { at: number; counts: Map<string, number> } | null = null;
  let document: ResumePoint = { ...from, items: 0 };
  let items = 0;
  let held: { item: Item; after: ResumePoint } | null = null;

  function* give(passage: Passage): Generator<Item> {
    const { what } = passage;
    const role = what.kind === 'said' ? roleOf(what.said, own) : null;
    if (what.kind === 'said') {
      const at = what.said.at.getTime();
      const another = minute?.at !== at;
      const knows = given !== null || severalGuests || role === 'guest';
      if (another && knows) {
        yield* released(null);
        document = { ...passage.begin, items: 0, state: passage.stateBefore };
        items = 0;
      }
      if (another) minute = { at, counts: new Map() };
      if (role === 'guest') guest = what.said.speaker;
    }
    yield* released({ ...document, items });
    items += 1;
    held = { item: itemOf(passage, role), after: { ...passage.end, items: 0, state: passage.state } };
  }

  /** Gives the item that is held, unless it was given before: within its document, or as the last of it. */
  function* released(within: ResumePoint | null): Generator<Item> {
    if (held === null) return;
    const { item, after } = held;
    held = null;
    if (passedOver > 0) passedOver -= 1;
    else yield { ...item, end: within ?? after };
  }
  let passedOver = from.items;

  function itemOf(passage: Passage, role: Said['role']): Item {
    const { what, line, original, bytes } = passage;
    const end = document;
    if (what.kind === 'skipped') return { kind: 'skipped', line, end };
    if (what.kind === 'rejected')
      return {
        kind: 'rejected',
        line,
        end,
        reason: what.reason,
        original: original.subarray(0, LIMITS.lineBytes),
        bytes,
      };
    const { said } = what;
    const told = role ?? 'system';
    const phone = told === 'guest' && said.speaker !== null ? phoneIn(said.speaker) : null;
    const essence = {
      at: said.at.toISOString(),
      role: told,
      text: said.text,
      attachments: said.attachments.map(({ refs }) => refs),
      ...(said.edited ? { edited: true } : {}),
    };
    const nth = occurrencesOf(canonicalContent(essence), minute?.counts ?? new Map());
    return {
      kind: 'record',
      line,
      end,
      original,
      ...PLAIN_DRAFT,
      sourceMessageId: null,
      placements: [placementOf(told, said.speaker)],
      at: said.at,
      from: { role: told, id: phone, name: said.speaker },
      text: said.text,
      attachments: said.attachments,
      edited: said.edited,
      sourceType: said.sourceType,
      content: canonicalContent(nth === 1 ? essence : { ...essence, nth }),
    };
  }

  function placementOf(role: NonNullable<Said['role']>, speaker: string | null): Placement {
    if (given !== null) return { conversation: conversationOf(given), identifiers: [given] };
    const whose = severalGuests ? (role === 'guest' ? speaker : null) : guest;
    if (whose === null) return { conversation: 'unnamed', identifiers: [] };
    const phone = phoneIn(whose);
    if (phone === null) return { conversation: JSON.stringify(['name', whose]), identifiers: [] };
    const identifier: Identifier = { kind: 'phone', value: phone };
    return { conversation: conversationOf(identifier), identifiers: [identifier] };
  }

  const waiting: Passage[] = [];
  let waitingBytes = 0;
  let waits = given === null && !severalGuests;
  for await (const passage of passages) {
    const { what } = passage;
    if (what.kind === 'said' && own.size === 0 && what.said.role === null && what.said.speaker !== null) {
      yield refusedFile(passage, 'own-name-missing');
      return;
    }
    if (waits) {
      waiting.push(passage);
      waitingBytes += passage.bytes;
      if (what.kind === 'said' && roleOf(what.said, own) === 'guest') {
        guest = what.said.speaker;
      } else if (waiting.length < LIMITS.heldExportMessages && waitingBytes < LIMITS.documentBytes) {
        continue;
      }
      waits = false;
      for (const one of waiting.splice(0)) yield* give(one);
    } else {
      yield* give(passage);
    }
  }
  for (const one of waiting) yield* give(one);
  yield* released(null);
}

/** The state behind a file that was rejected as a whole: nothing more is read of it. */
const REFUSED = 'refused';

/** A file that can't be read at all is one rejected item. */
export function refusedFile({ line, end, original, bytes }: Passage, reason: string): Item {
  return {
    kind: 'rejected',
    line,
    end: { ...end, items: 0, state: REFUSED },
    reason,
    original: original.subarray(0, LIMITS.lineBytes),
    bytes,
  };
}

/** The hotel's names, of the region's configuration and of the profile, in one spelling. */
export function ownNamesOf(options: ImportOptions): ReadonlySet<string> {
  return new Set(writtenOwnNames(options).map(plainName));
}

export function plainName(name: string): string {
  return name
    .normalize('NFKC')
    .replaceAll(/[\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF]/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

function roleOf({ speaker, role }: Said, own: ReadonlySet<string>): NonNullable<Said['role']> {
  if (role !== null) return role;
  if (speaker === null) return 'system';
  return own.has(plainName(speaker)) ? 'staff' : 'guest';
}

/** A display name that is a phone number, as apps show people who aren't among the contacts. */
function phoneIn(name: string): string | null {
  const plain = plainName(name);
  const digits = plain.replaceAll(/\D/g, '');
  if (!/^\+?[\d\s().\-\u2010-\u2015]+$/.test(plain) || digits.length < 7 || digits.length > 15) return null;
  return plain.startsWith('+') ? `+${digits}` : digits;
}

/** The same key as that of webhooks, which name the conversation by the guest's number or id. */
function conversationOf({ kind, value }: Identifier): string {
  return kind === 'phone' ? (phoneIn(value) ?? value) : value;
}
