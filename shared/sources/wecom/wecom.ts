import type { NumberRange } from '../../domain/held-numbers.ts';
import { LIMITS } from '../../domain/limits.ts';
import { decodeText } from '../bytes/decode-text.ts';
import { readLines } from '../bytes/lines.ts';
import { canonicalContent } from '../documents/canonical-content.ts';
import { withheld } from '../documents/withheld-talk.ts';
import { exactId } from '../fields/platform-id.ts';
import {
  type Draft,
  type Importer,
  type ImportOptions,
  type Item,
  PLAIN_DRAFT,
  type Placement,
  type Position,
  type RejectedLine,
  type ResumePoint,
} from '../importer.ts';
import { type JsonLine, parseJsonLine } from '../json/json-line.ts';
import { isGiven, isJsonObject, type JsonObject, listOf, textOf } from '../json/json-value.ts';
import { unixTime } from '../time/unix-time.ts';
import { followSequence, sequenceNumber } from './sequence.ts';
import { whyStillSealed } from './wecom-envelope.ts';
import { consentIn, isKnownType, readableWecom } from './wecom-text.ts';

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
    const sequence = followSequence(from.state);
    let state = sequence.state();
    let given = from.items;
    let last: Position = from;
    for await (const { line, end: position, bytes: original, length, ended } of readLines(
      bytes,
      from,
      LIMITS.lineBytes,
    )) {
      const begin: ResumePoint = { ...placeOf(last), items: 1, state };
      const first = given === 0;
      last = position;
      given = 0;
      if (length > original.length) {
        const tooLong = { line, end: endAt(position), reason: 'line-too-long', original, bytes: length };
        yield withheld({ kind: 'rejected', ...tooLong });
        continue;
      }
      const text = decodeText(original, line === 1);
      if (text?.trim() === '') {
        yield { kind: 'skipped', line, end: endAt(position) };
        continue;
      }
      const parsed: JsonLine | { ok: false; reason: 'not-utf8' } =
        text === null ? { ok: false, reason: 'not-utf8' } : parseJsonLine(text);
      if (!parsed.ok && !ended && CUT_OFF.includes(parsed.reason) && first) {
        yield { kind: 'lack', line, end: begin, lack: { kind: 'truncated' } };
      }
      const number = parsed.ok && isJsonObject(parsed.value) ? sequenceNumber(parsed.value['seq']) : null;
      const lost = number === null ? null : sequence.note(number);
      if (number !== null) state = sequence.state();
      const counted = number === null || !isWithin(number, sequence.span()) ? {} : { number };
      if (lost !== null && first) {
        yield { kind: 'lack', line, end: begin, lack: { kind: 'sequence-gap', ...lost } };
      }
      const message = parsed.ok && isJsonObject(parsed.value) ? parsed.value : null;
      const parties = message === null ? null : await partiesOf(message, options);
      const outcome =
        message === null || parties === null
          ? parsed.ok
            ? 'not-an-object'
            : parsed.reason
          : draftOf(message, parties);
      const end = endAt(position);
      if (typeof outcome !== 'string') {
        yield { kind: 'record', line, end, original, ...counted, ...outcome };
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
      yield parties !== null && guestsAmong(parties) ? rejected : withheld(rejected);
    }
    // A number that came late closed its gap: only now is it known which were never closed.
    for (let gap = sequence.settle(); gap !== null; gap = sequence.settle()) {
      state = sequence.state();
      yield { kind: 'lack', line: last.line, end: endAt(last), lack: { kind: 'sequence-gap', ...gap } };
    }
    const span = sequence.span();
    if (span !== null) {
      const end = { ...placeOf(last), items: 0, state: null };
      yield { kind: 'lack', line: last.line, end, lack: { kind: 'sequence-span', ...span } };
    }

    function endAt(position: Position): ResumePoint {
      return { ...placeOf(position), items: 0, state };
    }
  },
};

/** How a line reads of which the end is missing. */
const CUT_OFF: readonly string[] = ['not-json', 'not-utf8'];

function placeOf({ line, offset }: Position): Position {
  return { line, offset };
}

/** A number too far from all others is of no numbering, and lies outside of what came. */
function isWithin(number: bigint, span: NumberRange | null): boolean {
  return span !== null && span.from <= number && number <= span.to;
}

type Party = { id: string; kind: 'guest' | 'staff' | 'robot' };

/** Who takes part in a message; `sender` is null where `from` names nobody. */
type Parties = {
  sender: Party | null;
  recipients: Party[];
  /** Whether `tolist` could be read to its end. */
  whole: boolean;
};

async function partiesOf(message: JsonObject, options: ImportOptions): Promise<Parties> {
  const list = message['tolist'] ?? [];
  const ids = Array.isArray(list) ? [...new Set(listOf(list).filter(isIdentifier).map(textOf))] : [];
  const partyOf = async (id: string): Promise<Party> => ({ id, kind: await kindOf(id, options) });
  return {
    sender: isIdentifier(message['from']) ? await partyOf(textOf(message['from'])) : null,
    recipients: await Promise.all(ids.map(partyOf)),
    whole: Array.isArray(list) && list.every(isIdentifier),
  };
}

/** Whether it is sure that a guest takes part, whatever else is wrong with the message. */
function guestsAmong({ sender, recipients }: Parties): boolean {
  return sender?.kind === 'guest' || recipients.some(({ kind }) => kind === 'guest');
}

/** The record of one line, or the reason why there is none. Who takes part is decided before all else. */
function draftOf(message: JsonObject, parties: Parties): Draft | string {
  const sealed = whyStillSealed(message);
  if (sealed !== null) return sealed;
  const { sender, recipients, whole } = parties;
  // An employee changed company: no guest takes part.
  if (message['action'] === 'switch') return 'no-guest';
  if (sender !== null && whole && !guestsAmong(parties)) return 'no-guest';

  const fields = ['msgid', 'action', 'from', 'msgtime', 'msgtype'];
  const missing = fields.find((field) => !isGiven(message[field]));
  if (missing !== undefined) return `missing-field:${missing}`;
  const wrong = fields.find((field) => field !== 'msgtime' && !isIdentifier(message[field]));
  if (wrong !== undefined) return `invalid-field:${wrong}`;
  const time = timeOf(message['msgtime']);
  if (time === null) return 'invalid-field:msgtime';
  if (sender === null) return 'invalid-field:from';
  if (!whole) return 'invalid-field:tolist';
  const addressed = recipients.filter(({ kind }) => kind === 'guest').map(({ id }) => id);
  const guests = sender.kind === 'guest' ? [sender.id] : addressed;
  if (guests.length > LIMITS.guestsPerMessage) return 'too-many-guests';
  const room = textOf(message['roomid']);
  const [first, ...rest] = guests.map((guest): Placement => placementOf(guest, room));
  if (first === undefined) return 'no-guest';

  const type = textOf(message['msgtype']);
  if (type === 'text' && !(isJsonObject(message['text']) && typeof message['text']['content'] === 'string')) {
    return 'missing-field:text.content';
  }
  const recalled = isJsonObject(message['revoke']) ? message['revoke']['pre_msgid'] : undefined;
  const takesBack = message['action'] === 'recall' || type === 'revoke';
  if (takesBack && !isIdentifier(recalled)) return 'missing-field:revoke.pre_msgid';
  return {
    ...PLAIN_DRAFT,
    sourceMessageId: textOf(message['msgid']),
    recalls: takesBack ? textOf(recalled) : null,
    placements: [first, ...rest],
    staff: [sender, ...recipients].filter(({ kind }) => kind === 'staff').map(({ id }) => `wecom:${id}`),
    ...time,
    from: { role: sender.kind, id: sender.id, name: null },
    ...readableWecom(type, message),
    sourceType: type,
    typeKnown: isKnownType(type),
    content: contentOf(message),
    ...saidConsent(message),
  };
}

function saidConsent(message: JsonObject): Pick<Draft, 'consent'> {
  const consent = consentIn(message);
  if (consent === null) return {};
  const { state, staff, at } = consent;
  return { consent: { state, staff: staff.map((id) => `wecom:${id}`), at } };
}

/** `seq` is the place of a message in what was pulled, not of the message. */
function contentOf({ seq: _, ...message }: JsonObject): string {
  return canonicalContent(message);
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
 * where it reads as a name.
 */
async function kindOf(id: string, options: ImportOptions): Promise<Party['kind']> {
  if (!EXTERNAL_ID.test(id)) {
    if (!SHORT_EXTERNAL_ID.test(id)) return 'staff';
    if ((await options.staffAccounts()).has(`wecom:${id}`)) return 'staff';
  }
  return id.startsWith('wb') ? 'robot' : 'guest';
}
