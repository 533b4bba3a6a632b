import { LIMITS } from '../../domain/limits.ts';
import type { Identifier } from '../../domain/record.ts';
import { canonicalContent } from '../documents/canonical-content.ts';
import { platformId } from '../fields/platform-id.ts';
import { type Draft, type Importer, type ImportOptions, PLAIN_DRAFT } from '../importer.ts';
import { elementsAt, wholeOf } from '../json/document-elements.ts';
import { type JsonDocument, type Outcome, outcomeOf, readJsonDocuments } from '../json/json-documents.ts';
import { EACH, type Step } from '../json/json-spans.ts';
import { isJsonObject, type JsonObject, listOf, textOf } from '../json/json-value.ts';
import { hasMarkup, htmlText } from '../text/html-lines.ts';
import { labelledLine } from '../text/labelled.ts';
import { readableFields } from '../text/readable-fields.ts';
import { platformTime } from '../time/platform-time.ts';

/**
 * OPERA Cloud (OHIP 25.5): pages of `GET /hotels/{hotelId}/guestMessages` (notes that the desk takes for guests, of at most
 * 2,000 characters), and comments of reservations. Source: oracle/hospitality-api-docs `rest-api-specs/property/rsv.json`,
 * `fof.json`. Their times have no zone. Mews: `Messages[]` of `operations/messages.md` in MewsSystems/gitbook-connector-api.
 *
 * A reservation's comment that is internal or confidential is an internal note. A page of comments names its reservation
 * beside them (`reservationIdList`, `reservationId`).
 */
export const pmsOpera: Importer = {
  source: 'pms-opera',
  read: (bytes, from, options) => readJsonDocuments(bytes, from, options, outcomesOf),
};

/** What stands beside records: the reservations they are all about, and those of each thread. */
type Around = { reservations: readonly Identifier[]; threads: ReadonlyMap<string, Identifier[]> };
const ALONE: Around = { reservations: [], threads: new Map() };

type Read = (value: JsonObject, around: Around, options: ImportOptions) => Draft | string;

/** Where records stand in what the platforms give, under the reservation that they are about. */
const PLACES: readonly { path: readonly Step[]; read: Read }[] = [
  { path: ['guestMessages', EACH], read: guestMessage },
  { path: ['comments', EACH], read: reservationComment },
  { path: ['reservationComments', EACH], read: reservationComment },
  { path: ['Messages', EACH], read: mewsMessage },
];
const RESERVATIONS: readonly (readonly Step[])[] = [
  ['reservations', 'reservation', EACH],
  ['reservations', EACH],
  ['reservation'],
  ['data', EACH],
];

function* outcomesOf(document: JsonDocument, options: ImportOptions): Generator<Outcome> {
  const { text } = document;
  const whole = wholeOf(document);
  const page = whole.value;
  if (!isJsonObject(page)) {
    yield { kind: 'rejected', reason: 'not-an-object', span: whole.span };
    return;
  }
  const arounds = [whole, ...RESERVATIONS.flatMap((path) => elementsAt(text, whole, path))];
  const known = arounds.some(({ value }) => PLACES.some(({ path: [list] }) => has(value, list)));
  if (!known) {
    const alone = draftAlone(page, options);
    yield alone === null
      ? { kind: 'rejected', reason: 'missing-field:guestMessages', span: whole.span }
      : outcomeOf(alone, whole.span);
    return;
  }
  for (const around of arounds) {
    const beside = aroundOf(around.value);
    for (const { path, read } of PLACES) {
      for (const element of elementsAt(text, around, path)) {
        const draft = isJsonObject(element.value) ? read(element.value, beside, options) : 'not-an-object';
        yield outcomeOf(draft, element.span);
      }
    }
  }
}

function has(value: unknown, name: Step | undefined): boolean {
  return typeof name === 'string' && isJsonObject(value) && Array.isArray(value[name]);
}

/** A message or comment that is a document of its own, as lines of an export are. */
function draftAlone(value: JsonObject, options: ImportOptions): Draft | string | null {
  if (isJsonObject(value['message'])) return guestMessage(value, ALONE, options);
  if (isJsonObject(value['comment'])) return reservationComment(value, ALONE, options);
  return value['MessageThreadId'] === undefined ? null : mewsMessage(value, ALONE, options);
}

function guestMessage(value: JsonObject, _around: Around, options: ImportOptions): Draft | string {
  const message = value['message'];
  if (!isJsonObject(message)) return 'missing-field:message';
  const delivery = isJsonObject(value['delivery']) ? value['delivery'] : {};
  const at = timeOf(message['messageDate'], 'messageDate', options);
  if (typeof at === 'string') return at;
  const identifiers = withoutDoubles([
    ...reservationsOf(message),
    { kind: 'phone', value: platformId(delivery['textMessageRecipientNo']) },
  ]);
  const first = identifiers[0];
  if (first === undefined) return 'no-guest';
  const id = idOf(value['id']);
  const operator = idOrNull(message['operator']);
  return {
    ...PLAIN_DRAFT,
    sourceMessageId: id === '' ? null : `message:${id}`,
    placements: [{ conversation: JSON.stringify(['reservation', first.value]), identifiers }],
    staff: operator === null ? [] : [`pms-opera:${operator}`],
    at,
    from: { role: 'staff', id: operator, name: null },
    text: [
      textOf(message['messageText']),
      ...labelledLine('收件人 recipient', textOf(message['recipient'])),
      ...labelledLine('类型 type', textOf(message['typeOfMessage'])),
      ...labelledLine(
        '送达 delivery',
        [textOf(delivery['deliveryStatus']), textOf(delivery['deliveryDate'])].join(' ').trim(),
      ),
    ].join('\n'),
    sourceType: 'guestMessage',
    content: canonicalContent(value),
  };
}

function reservationComment(value: JsonObject, around: Around, options: ImportOptions): Draft | string {
  // `comment` stands by itself, or within `commentInfo`.
  const info = isJsonObject(value['commentInfo']) ? value['commentInfo'] : value;
  const comment = info['comment'];
  if (!isJsonObject(comment)) return 'missing-field:comment';
  const created = info['createDateTime'] ?? value['createDateTime'];
  const at = timeOf(created, 'createDateTime', options);
  if (typeof at === 'string') return at;
  const identifiers = withoutDoubles([
    ...reservationsOf(info),
    ...reservationsOf(value),
    ...around.reservations,
  ]);
  const first = identifiers[0];
  if (first === undefined) return 'missing-field:reservationId';
  const id = idOf(info['id'] ?? value['id']);
  const creator = idOrNull(info['creatorId'] ?? value['creatorId']);
  const internal = isTrue(comment['internal']) || isTrue(comment['confidential']);
  const said = isJsonObject(comment['text']) ? comment['text']['value'] : comment['text'];
  const title = textOf(comment['commentTitle']);
  const type = textOf(comment['type']);
  return {
    ...PLAIN_DRAFT,
    sourceMessageId: id === '' ? null : `comment:${id}`,
    placements: [{ conversation: JSON.stringify(['reservation', first.value]), identifiers }],
    staff: creator === null ? [] : [`pms-opera:${creator}`],
    at,
    category: internal ? 'complaint-plan' : null,
    from: { role: 'staff', id: creator, name: null },
    text: [
      `[备注 comment] ${[title, type].filter((part) => part !== '').join(' · ')}`.trim(),
      plain(textOf(said)),
    ].join('\n'),
    internal,
    sourceType: 'reservationComment',
    content: canonicalContent(value),
  };
}

function mewsMessage(value: JsonObject, around: Around, options: ImportOptions): Draft | string {
  const thread = platformId(value['MessageThreadId']);
  if (thread === '') return 'missing-field:MessageThreadId';
  const at = timeOf(value['CreatedUtc'], 'CreatedUtc', { ...options, timezone: 'utc' });
  if (typeof at === 'string') return at;
  const sender = isJsonObject(value['Sender']) ? textOf(value['Sender']['Discriminator']) : '';
  // An application sends what the guest wrote in it; the enterprise is the hotel.
  const role = { Enterprise: 'staff', Application: 'guest', Customer: 'guest' } as const;
  const known = sender === 'Enterprise' || sender === 'Application' || sender === 'Customer';
  const bookings = [...reservationsOf(value), ...(around.threads.get(thread) ?? [])];
  return {
    ...PLAIN_DRAFT,
    sourceMessageId: platformId(value['Id']) || null,
    placements: [
      {
        conversation: JSON.stringify(['thread', thread]),
        identifiers: withoutDoubles([...bookings, { kind: 'ticket', value: thread }]),
      },
    ],
    at,
    from: { role: known ? role[sender] : 'system', id: null, name: null },
    text: textOf(value['Text']) || readableFields(value).join('\n'),
    sourceType: 'Message',
    typeKnown: known,
    content: canonicalContent(value),
  };
}

/** Threads beside the messages say which reservation they are about. */
function aroundOf(value: unknown): Around {
  if (!isJsonObject(value)) return ALONE;
  return {
    reservations: reservationsOf(value),
    threads: new Map(
      listOf(value['MessageThreads']).flatMap((one) =>
        isJsonObject(one) ? [[platformId(one['Id']), reservationsOf(one)] as const] : [],
      ),
    ),
  };
}

/** Ids of a reservation within the system count for themselves; the confirmation number is the hotel's. */
const OPERA = 'pms-opera';

/** Reservations that a value names: by OPERA's list of typed ids, or plainly. */
function reservationsOf(value: JsonObject): Identifier[] {
  const found = listOf(value['reservationIdList']).slice(0, LIMITS.linkedGuests);
  const internal = [value['reservationId'], value['ReservationId'], value['reservationID']];
  const confirmed = [value['confirmationNo'], value['confirmationNumber']];
  return [
    ...found.map((id) => bookingOf(id, isConfirmation(id) ? undefined : OPERA)),
    ...internal.map((id) => bookingOf(id, isConfirmation(id) ? undefined : OPERA)),
    ...confirmed.map((id) => bookingOf(id)),
  ].filter(({ value: number }) => number !== '');
}

function bookingOf(id: unknown, issuer?: string): Identifier {
  return { kind: 'booking', value: idOf(id), ...(issuer === undefined ? {} : { issuer }) };
}

function isConfirmation(value: unknown): boolean {
  const one = Array.isArray(value) ? value[0] : value;
  return isJsonObject(one) && /confirmation/i.test(textOf(one['type']));
}

/** An id by itself, or `{id, type}` as OPERA writes it; its bookings' ids may be a list of one. */
function idOf(value: unknown): string {
  const one = Array.isArray(value) ? value[0] : value;
  return platformId(isJsonObject(one) ? one['id'] : one);
}

function idOrNull(value: unknown): string | null {
  return idOf(value) || null;
}

function isTrue(value: unknown): boolean {
  return value === true || ['true', 'y', '1'].includes(textOf(value).toLowerCase());
}

/** Comments may carry markup. */
function plain(text: string): string {
  return hasMarkup(text) ? htmlText(text) : text;
}

function withoutDoubles(identifiers: Identifier[]): Identifier[] {
  return identifiers.filter(
    ({ kind, value, issuer }, index) =>
      value !== '' &&
      identifiers.findIndex(
        (other) => other.kind === kind && other.value === value && other.issuer === issuer,
      ) === index,
  );
}

function timeOf(value: unknown, field: string, { timezone }: ImportOptions): Date | string {
  if (textOf(value) === '') return `missing-field:${field}`;
  const instant = platformTime(value, timezone);
  return 'reason' in instant ? instant.reason : instant.at;
}
