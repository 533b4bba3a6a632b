import type { Source } from '../../domain/record.ts';
import { canonicalContent } from '../documents/canonical-content.ts';
import { type Counts, numbered } from '../documents/counted-repeats.ts';
import { severalFormats } from '../documents/several-formats.ts';
import { lookUp } from '../fields/look-up.ts';
import { platformError } from '../fields/platform-error.ts';
import { platformId } from '../fields/platform-id.ts';
import { type Reading, whyNoField } from '../fields/reading.ts';
import { type DraftAttachment, type Importer, PLAIN_DRAFT } from '../importer.ts';
import { elementsAt, wholeOf } from '../json/document-elements.ts';
import { type JsonDocument, type Outcome, outcomeOf, readJsonDocuments } from '../json/json-documents.ts';
import { EACH } from '../json/json-spans.ts';
import { isJsonObject, type JsonObject, textOf } from '../json/json-value.ts';
import { labelled, unknownType } from '../text/labelled.ts';
import { readableFields } from '../text/readable-fields.ts';
import { readXmlDocuments, type XmlOutcome } from '../xml/xml-documents.ts';
import type { XmlElement } from '../xml/xml-elements.ts';
import { membersOf, readWechatPush, wechatPlacement, wechatTime } from './wechat-push.ts';

/**
 * The importer of a WeChat account that has the customer service interface: pages of its chat records
 * (`getmsglist`, the older `getrecord`), single rows of them, and pushed messages in JSON or XML.
 */
export function wechatService(source: Source): Importer {
  return severalFormats(
    source,
    {
      json: {
        read: (bytes, from, options) =>
          readJsonDocuments(bytes, from, options, (document) => readJson(source, document)),
      },
      xml: { read: (bytes, from, options) => readXmlDocuments(bytes, from, options, readPushedXml) },
    },
    (head) => (beginsAsXml(head) ? 'xml' : 'json'),
  );
}

/** Whether the first character that isn't white is a `<`. */
export function beginsAsXml(head: Uint8Array): boolean {
  return /^\uFEFF?\s*</.test(Buffer.from(head.subarray(0, 1024)).toString());
}

function* readPushedXml(root: XmlElement): Generator<XmlOutcome> {
  const message = membersOf(root);
  const reading = message === null ? 'duplicate-key' : readWechatPush(message);
  if (reading === null) yield { kind: 'skipped' };
  else if (typeof reading === 'string') yield { kind: 'rejected', reason: reading };
  else yield { kind: 'record', draft: reading };
}

function* readJson(source: Source, document: JsonDocument): Generator<Outcome> {
  const whole = wholeOf(document);
  const page = whole.value;
  const error = isJsonObject(page) ? platformError(page) : 'not-an-object';
  if (error !== null) {
    yield { kind: 'rejected', reason: error, span: whole.span };
    return;
  }
  const listed = isJsonObject(page) && page['recordlist'] !== undefined;
  if (listed && !Array.isArray(page['recordlist'])) {
    yield { kind: 'rejected', reason: 'invalid-field:recordlist', span: whole.span };
    return;
  }
  if (!listed) {
    yield outcomeOf(readElement(source, page), whole.span);
    return;
  }
  // A page that overlaps another holds the same rows again: each counts for itself.
  const counts: Counts = new Map();
  for (const { value, span } of elementsAt(document.text, whole, ['recordlist', EACH])) {
    const reading = readElement(source, value);
    const isRow = reading !== null && typeof reading !== 'string' && reading.sourceMessageId === null;
    yield outcomeOf(isRow ? numbered(reading, counts) : reading, span);
  }
}

function readElement(source: Source, value: unknown): Reading {
  if (!isJsonObject(value)) return 'not-an-object';
  if (value['opercode'] !== undefined) return readRow(source, value);
  if (value['MsgType'] !== undefined || value['Encrypt'] !== undefined) return readWechatPush(value);
  // An answer that all went well.
  return value['errcode'] === undefined ? 'unknown-shape' : null;
}

/** 2001 is of `getrecord`: what the account received before an employee had it. */
const SPEAKERS: Readonly<Record<string, 'guest' | 'staff'>> = { 2001: 'guest', 2002: 'staff', 2003: 'guest' };
/** 1000 to 1005: a session begun, taken over, closed. */
const SESSION = /^100[0-5]$/;

/** What stands in the place of a medium; whoever types these very words is taken for one who sent it. */
const MEDIA: Readonly<Record<string, [type: string, mediaType: string]>> = {
  '[image]': ['image', 'image/*'],
  '[voice]': ['voice', 'audio/*'],
  '[video]': ['video', 'video/*'],
};

/** One row of the chat records. The platform gives rows no id: the same words again within one second of a page are counted. */
function readRow(source: Source, row: JsonObject): Reading {
  const code = textOf(row['opercode']);
  if (SESSION.test(code)) return null;
  const guest = platformId(row['openid']);
  if (guest === '') return whyNoField(row, 'openid');
  const time = wechatTime(row['time']);
  if (time === null) return whyNoField(row, 'time');
  if (row['text'] === undefined) return 'missing-field:text';
  const worker = platformId(row['worker']);
  const at = worker.lastIndexOf('@');
  const employee = at === -1 ? worker : worker.slice(0, at);
  const speaker = lookUp(SPEAKERS, code);
  const text = textOf(row['text']);
  const medium = lookUp(MEDIA, text);
  const attachments: DraftAttachment[] =
    medium === null ? [] : [{ name: null, mediaType: medium[1], bytes: null, digest: null, refs: [] }];
  return {
    ...PLAIN_DRAFT,
    sourceMessageId: null,
    placements: [wechatPlacement(guest, at === -1 ? '' : worker.slice(at + 1))],
    staff: employee === '' ? [] : [`${source}:${employee}`],
    ...time,
    from: {
      role: speaker ?? 'system',
      id: speaker === 'guest' ? guest : speaker === 'staff' && employee !== '' ? employee : null,
      name: null,
    },
    text:
      speaker === null
        ? [labelled(unknownType(`opercode ${code.slice(0, 16)}`)), ...readableFields(row, ['opercode'])].join(
            '\n',
          )
        : text,
    attachments,
    sourceType: speaker === null ? `opercode-${code.slice(0, 16)}` : (medium?.[0] ?? 'text'),
    typeKnown: speaker !== null,
    content: canonicalContent(row),
  };
}
