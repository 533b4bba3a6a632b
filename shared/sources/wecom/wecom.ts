import type { NumberRange } from '../../domain/held-numbers.ts';
import { LIMITS } from '../../domain/limits.ts';
import { decodeText } from '../bytes/decode-text.ts';
import { readLineRuns } from '../bytes/lines.ts';
import { canonicalContent } from '../documents/canonical-content.ts';
import { withheld } from '../documents/withheld-talk.ts';
import { exactId } from '../fields/platform-id.ts';
import {
  type Draft,
  type DraftRecord,
  type Importer,
  type ImportOptions,
  type Item,
  type Placement,
  type Position,
  type RejectedLine,
  type ResumePoint,
  RUN_ITEMS,
} from '../importer.ts';
import { type JsonLine, parseJsonLine } from '../json/json-line.ts';
import { isGiven, isJsonObject, type JsonObject, listOf, textOf } from '../json/json-value.ts';
import { unixTime } from '../time/unix-time.ts';
import { followSequence, sequenceNumber } from './sequence.ts';
import { whyStillSealed } from './wecom-envelope.ts';
import { consentIn, isKnownType, readableWecom, type WecomConsent } from './wecom-text.ts';

/**
 * WeCom 企业微信 conversation archive (会话内容存档), decrypted: one message a line, as `DecryptData` gives it; a `seq`
 * beside its fields is welcome, and its gaps are stated. Sources: developer.work.weixin.qq.com/document/path/91774;
 * NICEXAI/WeWorkFinanceSDK `message.go`; Wechat-Group/WxJava `WxCpChatModel.java` and its fixtures.
 *
 * Conversations are a guest's, by external id and room. What a guest wrote is kept under that guest alone; what staff or
 * a robot wrote to several guests of a room is kept under each. A message that no guest took part in is not collected, and
 * of a line that can't be taken no word is kept unless a guest surely takes part (R7).
 */
export const wecom: Importer = {
  source: 'wecom',
  async *read(bytes, from, options): AsyncGenerator<Item> {
    for await (const items of itemRuns(bytes, from, options)) yield* items;
  },
  readRuns: itemRuns,
};

async function* itemRuns(
  bytes: AsyncIterable<Uint8Array>,
  from: ResumePoint,
  options: ImportOptions,
): AsyncGenerator<readonly Item[]> {
  const sequence = followSequence(from.state);
  let state = sequence.state();
  let given = from.items;
  let last: Position = from;
  const people = peopleOf(options);
  let items: Item[] = [];
  for await (const run of readLineRuns(bytes, from, LIMITS.lineBytes)) {
    for (const { line, end: position, bytes: original, length, ended } of run) {
      if (items.length >= RUN_ITEMS) {
        yield items;
        items = [];
      }
      const prior = last;
      const before = state;
      const first = given === 0;
      last = position;
      given = 0;
      if (length > original.length) {
        const tooLong = { line, end: endAt(position), reason: 'line-too-long', original, bytes: length };
        items.push(withheld({ kind: 'rejected', ...tooLong }));
        continue;
      }
      const text = decodeText(original, line === 1);
      if (text?.trim() === '') {
        items.push({ kind: 'skipped', line, end: endAt(position) });
        continue;
      }
      const parsed: JsonLine | { ok: false; reason: 'not-utf8' } =
        text === null ? { ok: false, reason: 'not-utf8' } : parseJsonLine(text);
      if (!parsed.ok && !ended && CUT_OFF.includes(parsed.reason) && first) {
        items.push({ kind: 'lack', line, end: beginAt(prior, before), lack: { kind: 'truncated' } });
      }
      const message = parsed.ok && isJsonObject(parsed.value) ? parsed.value : null;
      const number = message === null ? null : sequenceNumber(message['seq']);
      const lost = number === null ? null : sequence.note(number);
      if (number !== null) state = sequence.state();
      const counted = number === null || !isWithin(number, sequence.span()) ? {} : { number };
      if (lost !== null && first) {
        items.push({
          kind: 'lack',
          line,
          end: beginAt(prior, before),
          lack: { kind: 'sequence-gap', ...lost },
        });
      }
      const parties =
        message === null ? null : (people.partiesOf(message) ?? (await people.askedFor(message)));
      const end = endAt(position);
      const outcome =
        message === null || parties === null
          ? parsed.ok
            ? 'not-an-object'
            : parsed.reason
          : draftOf(message, parties, { line, end, original });
      if (typeof outcome !== 'string') {
        items.push(number === null ? outcome : { ...outcome, ...counted });
        continue;
      }
      const rejected: RejectedLine = {
        kind: 'rejected',
        line,
        end,
        reason: outcome,
        original,
        bytes: length,
        ...counted,
      };
      items.push(parties !== null && guestsAmong(parties) ? rejected : withheld(rejected));
    }
    // What was read is given out before more of the file is asked for.
    if (items.length > 0) yield items;
    items = [];
  }
  // A number that came late closed its gap: only now is it known which were never closed.
  for (let gap = sequence.settle(); gap !== null; gap = sequence.settle()) {
    state = sequence.state();
    items.push({ kind: 'lack', line: last.line, end: endAt(last), lack: { kind: 'sequence-gap', ...gap } });
  }
  const span = sequence.span();
  if (span !== null) {
    const end = { ...placeOf(last), items: 0, state: null };
    items.push({ kind: 'lack', line: last.line, end, lack: { kind: 'sequence-span', ...span } });
  }
  if (items.length > 0) yield items;

  function endAt({ line, offset }: Position): ResumePoint {
    return { line, offset, items: 0, state };
  }
}

/** How a line reads of which the end is missing. */
const CUT_OFF: readonly string[] = ['not-json', 'not-utf8'];

function placeOf({ line, offset }: Position): Position {
  return { line, offset };
}

/** Where a line begins of which its first item was given. */
function beginAt(prior: Position, state: string | null): ResumePoint {
  return { ...placeOf(prior), items: 1, state };
}

/** A number too far from all others is of no numbering, and lies outside of what came. */
function isWithin(number: bigint, span: NumberRange | null): boolean {
  return span !== null && span.from <= number && number <= span.to;
}

/** Somebody who takes part, and how a record says so: held once for all of their messages. */
type Party = {
  id: string;
  kind: 'guest' | 'staff' | 'robot';
  from: Draft['from'];
  staff: string[];
  /** Where a guest's messages outside of rooms belong. */
  alone: [Placement];
};

/** Who takes part in a message; `sender` is null where `from` names nobody. */
type Parties = {
  sender: Party | null;
  recipients: Party[];
  /** Whether `tolist` could be read to its end. */
  whole: boolean;
};

/** Who takes part in the messages of a file. */
type People = {
  /** Null where somebody's id alone doesn't tell who they are. */
  partiesOf(message: JsonObject): Parties | null;
  /** The same, once the directory was asked. */
  askedFor(message: JsonObject): Promise<Parties>;
};

function peopleOf(options: ImportOptions): People {
  const known = new Map<string, Party>();
  let directory: ReadonlySet<string> | null = null;

  function partyOf(value: unknown): Party | 'ask' | null {
    const id = typeof value === 'string' && known.has(value) ? value : exactId(value);
    if (id === null) return null;
    const there = known.get(id);
    if (there !== undefined) return there;
    const kind = kindOf(id, directory);
    if (kind === 'ask') return kind;
    const party: Party = {
      id,
      kind,
      from: { role: kind, id, name: null },
      staff: kind === 'staff' ? [`wecom:${id}`] : [],
      alone: [placementOf(id, '')],
    };
    known.set(id, party);
    return party;
  }

  function partiesOf(message: JsonObject): Parties | null {
    const list = message['tolist'] ?? [];
    const recipients: Party[] = [];
    let whole = Array.isArray(list);
    for (const one of listOf(list)) {
      const party = partyOf(one);
      if (party === 'ask') return null;
      if (party === null) whole = false;
      else if (!recipients.includes(party)) recipients.push(party);
    }
    const sender = partyOf(message['from']);
    return sender === 'ask' ? null : { sender, recipients, whole };
  }

  return {
    partiesOf,
    async askedFor(message) {
      directory ??= await options.staffAccounts();
      const parties = partiesOf(message);
      if (parties === null) throw new Error('The directory was asked, and did not say');
      return parties;
    },
  };
}

/** Whether it is sure that a guest takes part, whatever else is wrong with the message. */
function guestsAmong({ sender, recipients }: Parties): boolean {
  return sender?.kind === 'guest' || recipients.some(({ kind }) => kind === 'guest');
}

/** The record of one line, or the reason why there is none. Who takes part is decided before all else. */
function draftOf(
  message: JsonObject,
  parties: Parties,
  { line, end, original }: Pick<DraftRecord, 'line' | 'end' | 'original'>,
): DraftRecord | string {
  const sealed = whyStillSealed(message);
  if (sealed !== null) return sealed;
  const { sender, recipients, whole } = parties;
  // An employee changed company: no guest takes part.
  if (message['action'] === 'switch') return 'no-guest';
  if (sender !== null && whole && !guestsAmong(parties)) return 'no-guest';

  for (const field of FIELDS) if (!isGiven(message[field])) return `missing-field:${field}`;
  for (const field of FIELDS) {
    if (field === 'msgtime' || (field === 'from' && sender !== null)) continue;
    if (!isIdentifier(message[field])) return `invalid-field:${field}`;
  }
  const time = timeOf(message['msgtime']);
  if (time === null) return 'invalid-field:msgtime';
  if (sender === null) return 'invalid-field:from';
  if (!whole) return 'invalid-field:tolist';
  const guests = sender.kind === 'guest' ? [sender] : recipients.filter(({ kind }) => kind === 'guest');
  if (guests.length > LIMITS.guestsPerMessage) return 'too-many-guests';
  const [first, ...others] = guests;
  if (first === undefined) return 'no-guest';

  const type = textOf(message['msgtype']);
  if (type === 'text' && !(isJsonObject(message['text']) && typeof message['text']['content'] === 'string')) {
    return 'missing-field:text.content';
  }
  const recalled = isJsonObject(message['revoke']) ? message['revoke']['pre_msgid'] : undefined;
  const takesBack = message['action'] === 'recall' || type === 'revoke';
  if (takesBack && !isIdentifier(recalled)) return 'missing-field:revoke.pre_msgid';
  const room = textOf(message['roomid']);
  const { text, attachments } = readableWecom(type, message);
  // Spelled out: an archive has millions of them, and a copy of another object costs more than all of its fields.
  const draft: DraftRecord = {
    kind: 'record',
    line,
    end,
    sourceMessageId: textOf(message['msgid']),
    recalls: takesBack ? textOf(recalled) : null,
    edits: null,
    placements:
      room === '' && others.length === 0
        ? first.alone
        : [placementOf(first.id, room), ...others.map(({ id }) => placementOf(id, room))],
    staff: staffAmong(sender, recipients),
    at: time.at,
    timeKnown: time.timeKnown,
    category: null,
    from: sender.from,
    text,
    attachments,
    edited: false,
    internal: false,
    sourceType: type,
    typeKnown: isKnownType(type),
    // `seq` is the place of a message in what was pulled, not of the message.
    content: canonicalContent(message, 'seq'),
    original,
  };
  const consent = consentIn(message);
  if (consent === null) return draft;
  return { ...draft, consent: consentSaid(consent) };
}

const FIELDS = ['msgid', 'action', 'from', 'msgtime', 'msgtype'];

function staffAmong(sender: Party, recipients: readonly Party[]): string[] {
  const [only] = recipients;
  if (recipients.length === 0 || only === undefined) return sender.staff;
  // What one person wrote to one guest, or one guest to one person, shares the list of that person.
  if (recipients.length === 1 && only.staff.length === 0) return sender.staff;
  if (recipients.length === 1 && sender.staff.length === 0) return only.staff;
  return [sender, ...recipients].flatMap(({ staff }) => staff);
}

function consentSaid({ state, staff, at }: WecomConsent): NonNullable<Draft['consent']> {
  return { state, staff: staff.map((id) => `wecom:${id}`), at };
}

function placementOf(guest: string, room: string): Placement {
  return {
    conversation: JSON.stringify(room === '' ? [guest] : [guest, room]),
    identifiers: [{ kind: 'wecom', value: guest }],
  };
}

/** Some exporters write ids as numbers. */
function isIdentifier(value: unknown): boolean {
  return exactId(value) !== null;
}

/** Milliseconds since 1970, though some exporters write seconds; archives began in 2017. Zero is a time left out. */
function timeOf(value: unknown): { at: Date; timeKnown: boolean } | null {
  if (value === 0 || (typeof value === 'string' && /^0{1,15}$/.test(value))) {
    return { at: new Date(0), timeKnown: false };
  }
  const at = unixTime(value, 'ten-digits-are-seconds');
  return at === null ? null : { at, timeKnown: true };
}

/** An external id as the platform makes them: its prefix and 24 characters or more. User ids don't look so. */
const EXTERNAL_ID = /^w[mob][A-Za-z0-9_-]{24,}$/;
/** What may be a shorter one: a letter alone behind `wo` is how names begin (Wolfgang, 文 Wong), and ids have no dots. */
const SHORT_EXTERNAL_ID = /^(?:w[mb]|wo(?!\p{Ll}*$))[A-Za-z0-9_-]*$/u;

/**
 * Who an id stands for: `wm…` and `wo…` are external contacts, `wb…` robots, everything else user ids of staff. A user id
 * may begin so too: one that isn't of an external id's full form is staff's where the directory knows the account, and
 * where it reads as a name; `ask` where only the directory can tell.
 */
function kindOf(id: string, directory: ReadonlySet<string> | null): Party['kind'] | 'ask' {
  if (!EXTERNAL_ID.test(id)) {
    if (!SHORT_EXTERNAL_ID.test(id)) return 'staff';
    if (directory === null) return 'ask';
    if (directory.has(`wecom:${id}`)) return 'staff';
  }
  return id.startsWith('wb') ? 'robot' : 'guest';
}
