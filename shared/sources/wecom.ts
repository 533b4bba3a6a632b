import { LIMITS } from '../domain/limits.ts';
import { canonicalContent } from './canonical-content.ts';
import { decodeText } from './decode-text.ts';
import {
  type Draft,
  type Importer,
  type ImportOptions,
  type Item,
  PLAIN_DRAFT,
  type Placement,
  type Position,
  type ResumePoint,
} from './importer.ts';
import { type JsonLine, parseJsonLine } from './json-line.ts';
import { isGiven, isJsonObject, type JsonObject, listOf, textOf } from './json-value.ts';
import { readLines } from './lines.ts';
import { exactId } from './platform-id.ts';
import { followSequence, sequenceNumber } from './sequence.ts';
import { unixTime } from './unix-time.ts';
import { whyStillSealed } from './wecom-envelope.ts';
import { consentIn, isKnownType, readableWecom } from './wecom-text.ts';

/**
 * WeCom 企业微信 conversation archive (会话内容存档), decrypted: one message a line, as `DecryptData` gives it; a `seq`
 * beside its fields is welcome, and its gaps are stated. Sources: developer.work.weixin.qq.com/document/path/91774;
 * NICEXAI/WeWorkFinanceSDK `message.go`; Wechat-Group/WxJava `WxCpChatModel.java` and its fixtures.
 *
 * Conversations are a guest's, by external id and room. What a guest wrote is kept under that guest alone; what staff or
 * a robot wrote to several guests of a room is kept under each. A message that no guest took part in is not collected
 * (R7).
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
        yield {
          kind: 'rejected',
          line,
          end: endAt(position),
          reason: 'line-too-long',
          original,
          bytes: length,
        };
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
      if (lost !== null && first) {
        yield { kind: 'lack', line, end: begin, lack: { kind: 'sequence-gap', ...lost } };
      }
      const outcome = parsed.ok ? await draftOf(parsed.value, options) : parsed.reason;
      const end = endAt(position);
      yield typeof outcome === 'string'
        ? { kind: 'rejected', line, end, reason: outcome, original, bytes: length }
        : { kind: 'record', line, end, original, ...outcome };
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

/** The record of one line, or the reason why there is none. */
async function draftOf(message: unknown, options: ImportOptions): Promise<Draft | string> {
  if (!isJsonObject(message)) return 'not-an-object';
  const sealed = whyStillSealed(message);
  if (sealed !== null) return sealed;
  const switched = message['action'] === 'switch';
  const missing = ['msgid', 'action', ...(switched ? ['time', 'user'] : ['from', 'msgtime', 'msgtype'])].find(
    (field) => !isGiven(message[field]),
  );
  if (missing !== undefined) return `missing-field:${missing}`;
  const wrong = ['msgid', 'action', ...(switched ? ['user'] : ['from', 'msgtype'])].find(
    (field) => !isIdentifier(message[field]),
  );
  if (wrong !== undefined) return `invalid-field:${wrong}`;
  // An employee changed company: no guest takes part.
  if (switched) return 'no-guest';

  const time = timeOf(message['msgtime']);
  if (time === null) return 'invalid-field:msgtime';
  const recipients = recipientsOf(message);
  if (recipients === null) return 'invalid-field:tolist';
  const sender = textOf(message['from']);
  const senderKind = await kindOf(sender, options);
  const others = await Promise.all(recipients.map(async (id) => ({ id, kind: await kindOf(id, options) })));
  const addressed = others.filter(({ kind }) => kind === 'guest').map(({ id }) => id);
  const guests = senderKind === 'guest' ? [sender] : addressed;
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
    staff: [{ id: sender, kind: senderKind }, ...others]
      .filter(({ kind }) => kind === 'staff')
      .map(({ id }) => `wecom:${id}`),
    ...time,
    from: { role: senderKind, id: sender, name: null },
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

function recipientsOf(message: JsonObject): string[] | null {
  const list = message['tolist'];
  if (list === undefined || list === null) return [];
  if (!Array.isArray(list) || !list.every(isIdentifier)) return null;
  return [...new Set(listOf(list).map(textOf))];
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

/** The length from which an id that begins as external ids do is one: user ids of 24 characters and more are not seen. */
const EXTERNAL_ID_CHARACTERS = 24;

/**
 * Who an id stands for: `wm…` and `wo…` are external contacts, `wb…` robots, everything else user ids of staff. A user id
 * may begin so too (wong, wolfgang), which its third character shows, an external id's being of mixed case as a rule;
 * where the shape doesn't tell, the directory does.
 */
async function kindOf(id: string, options: ImportOptions): Promise<'guest' | 'staff' | 'robot'> {
  const prefix = /^w([mob])(.?)/.exec(id);
  if (prefix === null) return 'staff';
  const clear = id.length >= EXTERNAL_ID_CHARACTERS || !/^\p{Ll}?$/u.test(prefix[2] ?? '');
  if (!clear && (await options.staffAccounts()).has(`wecom:${id}`)) return 'staff';
  return prefix[1] === 'b' ? 'robot' : 'guest';
}
