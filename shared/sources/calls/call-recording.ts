import { LIMITS } from '../../domain/limits.ts';
import type { Identifier } from '../../domain/record.ts';
import { decodeText } from '../bytes/decode-text.ts';
import { readLines } from '../bytes/lines.ts';
import { canonicalContent } from '../documents/canonical-content.ts';
import { severalFormats } from '../documents/several-formats.ts';
import { platformId } from '../fields/platform-id.ts';
import {
  type Draft,
  type DraftAttachment,
  type ImportOptions,
  type Item,
  PLAIN_DRAFT,
  type ResumePoint,
} from '../importer.ts';
import { elementsAt, wholeOf } from '../json/document-elements.ts';
import { type JsonDocument, type Outcome, outcomeOf, readJsonDocuments } from '../json/json-documents.ts';
import { EACH } from '../json/json-spans.ts';
import { isJsonObject, type JsonObject, listOf, textOf } from '../json/json-value.ts';
import { labelledLine } from '../text/labelled.ts';
import { platformTime } from '../time/platform-time.ts';
import { siprecDraft } from './siprec.ts';

/**
 * Calls and their recordings. Amazon Connect contact records (`ctr-data-model.md` of awsdocs/amazon-connect-admin-guide):
 * each recording is a medium that is looked for by its file's name and its `Location`. Twilio recordings: the resource, its
 * list, and the status callback as form lines or JSON (www.twilio.com/docs/voice/api/recording). SIPREC metadata (RFC
 * 7865), one XML document a file. A record says who called whom, when and for how long.
 */
export const callRecording = severalFormats(
  'call-recording',
  {
    json: { read: (bytes, from, options) => readJsonDocuments(bytes, from, options, outcomesOf) },
    form: { read: readForms },
    siprec: { read: readSiprec },
  },
  (head) => {
    const text = Buffer.from(head.subarray(0, 4096)).toString('utf8').replace('\uFEFF', '').trimStart();
    if (text.startsWith('<')) return 'siprec';
    return /^[A-Za-z]+=/.test(text) ? 'form' : 'json';
  },
);

function* outcomesOf(document: JsonDocument, options: ImportOptions): Generator<Outcome> {
  const { text } = document;
  const whole = wholeOf(document);
  const page = whole.value;
  if (!isJsonObject(page)) {
    yield { kind: 'rejected', reason: 'not-an-object', span: whole.span };
    return;
  }
  const list = ['recordings', 'ContactTraceRecords', 'Contacts'].find((name) => Array.isArray(page[name]));
  const elements =
    list === undefined
      ? isJsonObject(page['Contact'])
        ? elementsAt(text, whole, ['Contact'])
        : [whole]
      : elementsAt(text, whole, [list, EACH]);
  for (const element of elements) yield outcomeOf(draftOf(element.value, options), element.span);
}

function draftOf(value: unknown, options: ImportOptions): Draft | string {
  if (!isJsonObject(value)) return 'not-an-object';
  if (value['RecordingSid'] !== undefined || value['sid'] !== undefined) return twilioDraft(value, options);
  return contactDraft(value, options);
}

/** An Amazon Connect contact record. */
function contactDraft(contact: JsonObject, options: ImportOptions): Draft | string {
  const id = platformId(contact['ContactId'] ?? contact['Id']);
  if (id === '') return 'missing-field:ContactId';
  const endpoint = isJsonObject(contact['CustomerEndpoint']) ? contact['CustomerEndpoint'] : {};
  const own = isJsonObject(contact['SystemEndpoint']) ? contact['SystemEndpoint'] : {};
  const agent = isJsonObject(contact['Agent']) ? contact['Agent'] : {};
  const recordings = recordingsOf(contact);
  const started =
    contact['InitiationTimestamp'] ??
    contact['ConnectedToSystemTimestamp'] ??
    recordings[0]?.['StartTimestamp'];
  if (textOf(started) === '') return 'missing-field:InitiationTimestamp';
  const instant = platformTime(started, options.timezone);
  if ('reason' in instant) return instant.reason;
  const ended = platformTime(contact['DisconnectTimestamp'], options.timezone);
  const guest = platformId(endpoint['Address']);
  const isPhone = guest !== '' && ['', 'TELEPHONE_NUMBER'].includes(textOf(endpoint['Type']));
  const method = textOf(contact['InitiationMethod']);
  const outbound = ['OUTBOUND', 'CALLBACK', 'API', 'EXTERNAL_OUTBOUND'].includes(method);
  const username = platformId(agent['Username']) || platformId(agent['Id']) || platformId(agent['ARN']);
  const sides = [guest, platformId(own['Address']) || username];
  const { LastUpdateTimestamp: _, ...said } = contact;
  return {
    ...PLAIN_DRAFT,
    sourceMessageId: `contact:${id}`,
    placements: [
      placementOf(
        id,
        isPhone ? guest : '',
        /EMAIL/i.test(textOf(endpoint['Type'])) ? guest : '',
        'ai-connect',
      ),
    ],
    staff: username === '' ? [] : [`call-recording:${username}`],
    at: instant.at,
    category: 'call-recording',
    from: outbound
      ? { role: 'staff', id: username || null, name: null }
      : { role: method === 'INBOUND' ? 'guest' : 'system', id: guest || null, name: null },
    text: [
      callLine(
        outbound ? sides.reverse() : sides,
        'at' in ended ? secondsBetween(instant.at, ended.at) : null,
      ),
      ...labelledLine('渠道 channel', textOf(contact['Channel'])),
      ...labelledLine('方式 initiation', method),
      ...labelledLine('接听 agent', username),
      ...labelledLine('结束原因 disconnect', textOf(contact['DisconnectReason'])),
      ...recordings.map(recordingLine),
    ].join('\n'),
    attachments: recordings.flatMap(recordingMedium),
    sourceType: 'contact',
    content: canonicalContent(said),
  };
}

function recordingsOf(contact: JsonObject): JsonObject[] {
  const several = listOf(contact['Recordings']).filter(isJsonObject);
  return several.length > 0 ? several : [contact['Recording']].filter(isJsonObject);
}

function recordingLine(recording: JsonObject): string {
  const status = textOf(recording['Status']) || 'NULL';
  return [
    `[录音 recording] ${fileNameOf(textOf(recording['Location']))}`.trim(),
    textOf(recording['MediaStreamType']),
    textOf(recording['ParticipantType']),
    status === 'DELETED' ? '已删除 DELETED' : status,
    textOf(recording['DeletionReason']),
  ]
    .filter((part) => part !== '')
    .join(' · ');
}

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  AUDIO: 'audio/*',
  VIDEO: 'video/*',
  CHAT: 'application/json',
};

/** A deleted recording is a medium too: that it isn't there is then said, not passed over. */
function recordingMedium(recording: JsonObject): DraftAttachment[] {
  const location = textOf(recording['Location']);
  const name = fileNameOf(location);
  const stream = textOf(recording['MediaStreamType']);
  return [
    {
      name: name || null,
      mediaType: MEDIA_TYPES[stream === '' ? 'AUDIO' : stream] ?? null,
      bytes: null,
      digest: null,
      refs: [name, location].filter((ref) => ref !== ''),
    },
  ];
}

/** A Twilio recording: the resource, or the same in the names of its callback. */
function twilioDraft(value: JsonObject, options: ImportOptions): Draft | string {
  const field = (name: string, callback: string) => textOf(value[name] ?? value[callback]).trim();
  const sid = platformId(field('sid', 'RecordingSid'));
  if (sid === '') return 'missing-field:sid';
  const call = platformId(field('call_sid', 'CallSid'));
  if (call === '') return 'missing-field:call_sid';
  const started = field('start_time', 'RecordingStartTime') || field('date_created', 'Timestamp');
  const instant = started === '' ? null : platformTime(started, options.timezone);
  if (instant !== null && 'reason' in instant) return instant.reason;
  const duration = field('duration', 'RecordingDuration');
  const status = field('status', 'RecordingStatus');
  const [from, to] = [field('from', 'From'), field('to', 'To')];
  const outbound = field('direction', 'Direction').startsWith('outbound');
  const guest = numberIn(outbound ? to : from);
  const location = field('media_url', 'RecordingUrl') || field('uri', 'RecordingUri');
  const said = {
    sid,
    call,
    conference: field('conference_sid', 'ConferenceSid'),
    status,
    duration,
    channels: field('channels', 'RecordingChannels'),
    source: field('source', 'RecordingSource'),
    from,
    to,
  };
  return {
    ...PLAIN_DRAFT,
    sourceMessageId: `recording:${sid}`,
    placements: [placementOf(call, guest, '')],
    // The callback's documented fields have no time.
    at: instant?.at ?? new Date(0),
    timeKnown: instant !== null,
    category: 'call-recording',
    from:
      guest === ''
        ? { role: 'system', id: null, name: null }
        : { role: outbound ? 'staff' : 'guest', id: outbound ? from || null : guest, name: null },
    text: [
      callLine([from, to], /^\d+$/.test(duration) ? Number(duration) : null),
      ...labelledLine('录音 recording', [sid, status].filter((part) => part !== '').join(' · ')),
      ...labelledLine('声道 channels', said.channels),
      ...labelledLine('错误 error', field('error_code', 'ErrorCode')),
    ].join('\n'),
    attachments: [
      {
        name: sid,
        mediaType: 'audio/*',
        bytes: null,
        digest: null,
        refs: [sid, `${sid}.wav`, `${sid}.mp3`, location].filter((ref) => ref !== ''),
      },
    ],
    sourceType: 'recording',
    content: canonicalContent(said),
  };
}

/** Callbacks as they were posted, one body a line. */
async function* readForms(
  bytes: AsyncIterable<Uint8Array>,
  from: ResumePoint,
  options: ImportOptions,
): AsyncGenerator<Item> {
  for await (const { line, end: position, bytes: original, length } of readLines(
    bytes,
    from,
    LIMITS.lineBytes,
  )) {
    const end = { ...position, items: 0, state: null };
    const text = length > original.length ? null : decodeText(original, line === 1);
    if (text?.trim() === '') {
      yield { kind: 'skipped', line, end };
      continue;
    }
    const draft =
      text === null ? (length > original.length ? 'line-too-long' : 'not-utf8') : formDraft(text, options);
    yield typeof draft === 'string'
      ? { kind: 'rejected', line, end, reason: draft, original, bytes: length }
      : { kind: 'record', line, end, original, ...draft };
  }
}

function formDraft(text: string, options: ImportOptions): Draft | string {
  const pairs = [...new URLSearchParams(text.trim())];
  if (new Set(pairs.map(([name]) => name)).size !== pairs.length) return 'duplicate-key';
  const fields: JsonObject = Object.fromEntries(pairs);
  return fields['RecordingSid'] === undefined ? 'missing-field:RecordingSid' : twilioDraft(fields, options);
}

/** One document, at most LIMITS.documentBytes. */
async function* readSiprec(
  bytes: AsyncIterable<Uint8Array>,
  from: ResumePoint,
  options: ImportOptions,
): AsyncGenerator<Item> {
  const pieces: Uint8Array[] = [];
  let held = 0;
  let length = 0;
  let endings = 0;
  for await (const chunk of bytes) {
    length += chunk.length;
    for (let at = chunk.indexOf(0x0a); at !== -1; at = chunk.indexOf(0x0a, at + 1)) endings += 1;
    const kept = chunk.subarray(0, LIMITS.documentBytes - held);
    if (kept.length > 0) pieces.push(kept);
    held += kept.length;
  }
  if (length === 0) return;
  const line = from.line + 1;
  const end: ResumePoint = { line: from.line + endings, offset: from.offset + length, items: 0, state: null };
  const original = Buffer.concat(pieces);
  const text = length > held ? null : decodeText(original, from.offset === 0);
  if (text?.trim() === '') {
    yield { kind: 'skipped', line, end };
    return;
  }
  const draft =
    text === null ? (length > held ? 'document-too-large' : 'not-utf8') : siprecDraft(text.trim(), options);
  yield typeof draft === 'string'
    ? {
        kind: 'rejected',
        line,
        end,
        reason: draft,
        original: original.subarray(0, LIMITS.lineBytes),
        bytes: length,
      }
    : { kind: 'record', line, end, original, ...draft };
}

/** Contacts of Amazon Connect have one id in its chats and in its calls. */
function placementOf(
  call: string,
  phone: string,
  email: string,
  issuer?: 'ai-connect',
): Draft['placements'][number] {
  const identifiers: Identifier[] = [
    { kind: 'phone', value: phone },
    { kind: 'email', value: email },
    { kind: 'ticket', value: call, ...(issuer === undefined ? {} : { issuer }) },
  ];
  return {
    conversation: JSON.stringify(['call', call]),
    identifiers: identifiers.filter(({ value }) => value !== ''),
  };
}

/** Who called whom, and for how long. */
function callLine([from, to]: readonly (string | undefined)[], seconds: number | null): string {
  const sides = from || to ? ` ${from || '?'} → ${to || '?'}` : '';
  return `[通话 call]${sides}${seconds === null ? '' : ` · 时长 duration ${seconds} s`}`;
}

function secondsBetween(start: Date, end: Date): number | null {
  const seconds = Math.round((end.getTime() - start.getTime()) / 1000);
  return seconds < 0 ? null : seconds;
}

function fileNameOf(location: string): string {
  return location.split(/[?#]/, 1)[0]?.split('/').at(-1) ?? '';
}

/** A telephone number, but not a client or SIP address. */
function numberIn(address: string): string {
  return /^\+?[\d\s()-]{5,20}$/.test(address) ? address : '';
}
