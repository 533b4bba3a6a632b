import { HOTEL_NUMBERING } from '../../domain/identifier-issuer.ts';
import type { Identifier, StoredRecord } from '../../domain/record.ts';
import { canonicalContent } from '../documents/canonical-content.ts';
import { exactId } from '../fields/platform-id.ts';
import { type Draft, type DraftAttachment, type Importer, PLAIN_DRAFT } from '../importer.ts';
import { type DocumentElement, elementsAt, wholeOf } from '../json/document-elements.ts';
import {
  type JsonDocument,
  type Outcome,
  outcomeOf,
  readJsonDocuments,
  type Span,
} from '../json/json-documents.ts';
import { EACH, type Step } from '../json/json-spans.ts';
import { isGiven, isJsonObject, type JsonObject, listOf, textOf } from '../json/json-value.ts';
import { labelled, unknownType } from '../text/labelled.ts';
import { readableFields } from '../text/readable-fields.ts';
import { parseInstant } from '../time/instant.ts';

/**
 * Message threads of Expedia's Lodging Connectivity API (GraphQL): a thread's response, a property's list of threads, or
 * threads as they are. Source: ExpediaGroup/lodging-connectivity-graphql-operations (Apache-2.0)
 * `supply/schema.graphqls`, `supply/experimental/queries/MessageThread.graphql`.
 *
 * The schema leaves a message's `type`, `body` and `fromRole` open: a message without a role is kept as the platform's own
 * (`system`), never as a guest's or a hotel's words. What the platform blocked says so in its text.
 */
export const expedia: Importer = {
  source: 'expedia',
  read: (bytes, from, options) => readJsonDocuments(bytes, from, options, outcomesOf),
};

/** Where threads stand in a document. Lists come plainly, as `elements`, or as `edges` with a `node`. */
const PLACES: readonly (readonly Step[])[] = [
  ['data', 'messageThread'],
  ['data', 'property', 'messageThreads', 'elements', EACH],
  ['data', 'property', 'messageThreads', EACH],
  ['data', 'messageThreads', 'elements', EACH],
  ['data', 'messageThreads', 'edges', EACH, 'node'],
  ['data', 'messageThreads', EACH],
  ['data', 'reservation', 'messageThread'],
  ['messageThread'],
  ['messageThreads', 'elements', EACH],
  ['messageThreads', EACH],
  ['elements', EACH],
  [],
];

function* outcomesOf(document: JsonDocument): Generator<Outcome> {
  const { text } = document;
  const whole = wholeOf(document);
  const { value, span } = whole;
  if (!isJsonObject(value)) {
    yield { kind: 'rejected', reason: 'not-an-object', span };
    return;
  }
  for (const path of PLACES) {
    const threads = elementsAt(text, whole, path).filter((element) => isThread(element.value));
    if (threads.length === 0) continue;
    const messages = messagesOf(text, whole, path);
    for (const { thread, message, at } of messages) {
      yield outcomeOf(isJsonObject(message) ? draftOf(thread, message) : 'not-an-object', at);
    }
    if (messages.length === 0) yield { kind: 'skipped' };
    return;
  }
  if (listOf(value['errors']).length > 0) yield { kind: 'rejected', reason: 'platform-error', span };
  else if (Object.hasOwn(value, 'data') || Object.hasOwn(value, 'messageThreads')) yield { kind: 'skipped' };
  else yield { kind: 'rejected', reason: 'unknown-shape', span };
}

function isThread(value: unknown): value is JsonObject {
  return isJsonObject(value) && Object.hasOwn(value, 'messages');
}

/** Every message of the threads that this path leads to, in whichever form its list has. */
function messagesOf(
  text: string,
  whole: DocumentElement,
  path: readonly Step[],
): { thread: JsonObject; message: unknown; at: Span }[] {
  const inner: readonly (readonly Step[])[] = [
    ['messages', 'elements', EACH],
    ['messages', 'edges', EACH, 'node'],
    ['messages', EACH],
  ];
  return inner
    .flatMap((rest) =>
      elementsAt(text, whole, [...path, ...rest]).flatMap(({ value, within, span }) => {
        const thread = within[path.length];
        return isJsonObject(thread) ? [{ thread, message: value, at: span }] : [];
      }),
    )
    .sort((a, b) => a.at.start - b.at.start);
}

function draftOf(thread: JsonObject, message: JsonObject): Draft | string {
  const threadId = exactId(thread['id']);
  if (threadId === null) return isGiven(thread['id']) ? 'invalid-field:thread.id' : 'missing-field:thread.id';
  const id = exactId(message['id']);
  if (id === null) return isGiven(message['id']) ? 'invalid-field:id' : 'missing-field:id';
  const time = message['creationDateTimeUtc'];
  if (!isGiven(time)) return 'missing-field:creationDateTimeUtc';
  // The name of the field says the zone where the value doesn't.
  const instant = parseInstant(textOf(time), 'utc');
  if ('reason' in instant) return instant.reason;

  const role = roleOf(message['fromRole']);
  const type = textOf(message['type']);
  const attachments = attachmentsOf(message);
  const words = wordsOf(message);
  const blocked = textOf(message['reviewStatus']).toUpperCase() === 'BLOCKED';
  // A type is only a name here: what a message says stands in its body and attachments, or nowhere that is known.
  const typeKnown = words !== '' || attachments.length > 0 || type === '';
  return {
    ...PLAIN_DRAFT,
    sourceMessageId: id,
    placements: [{ conversation: threadId, identifiers: identifiersOf(thread) }],
    at: instant.at,
    from: { role, id: null, name: role === 'guest' ? travellerOf(thread) : null },
    text: [
      ...(blocked ? ['[平台已拦截 blocked by the platform]'] : []),
      ...(typeKnown
        ? [words || (attachments.length > 0 ? '[附件 attachment]' : '[无内容 no content]')]
        : [labelled(unknownType(type)), ...readableFields(message)]),
    ].join('\n'),
    attachments,
    sourceType: type || 'message',
    typeKnown,
    // A review ends and links are signed anew from one response to the next: the message stays the same.
    content: canonicalContent({
      at: instant.at.toISOString(),
      role,
      body: typeKnown ? words : message,
      attachments: attachments.map(({ refs: [first = ''] }) => first),
      blocked,
    }),
  };
}

function wordsOf(message: JsonObject): string {
  const body = message['body'];
  return isJsonObject(body) ? textOf(body['value']) : textOf(body);
}

function roleOf(value: unknown): StoredRecord['from']['role'] {
  switch (textOf(value).toUpperCase()) {
    case 'TRAVELER':
      return 'guest';
    case 'SUPPLIER':
      return 'staff';
    default:
      return 'system';
  }
}

function travellerOf(thread: JsonObject): string | null {
  const traveller = thread['primaryTraveler'];
  if (!isJsonObject(traveller)) return null;
  const names = [textOf(traveller['firstName']), textOf(traveller['lastName'])].map((name) => name.trim());
  return names.filter((name) => name !== '').join(' ') || null;
}

/** The reservation's number with Expedia, then the hotel's own. */
function identifiersOf(thread: JsonObject): Identifier[] {
  const summary = thread['reservationSummary'];
  if (!isJsonObject(summary)) return [];
  const others = Array.isArray(summary['alternativeIds'])
    ? summary['alternativeIds']
    : [summary['alternativeIds']];
  const theirs = exactId(summary['id']);
  const ours = others.flatMap((other: unknown) =>
    isJsonObject(other) ? (exactId(other['supplierId']) ?? []) : [],
  );
  return [
    ...(theirs === null ? [] : [{ kind: 'booking' as const, value: theirs }]),
    ...[...new Set(ours)].map((value) => ({ kind: 'booking' as const, value, issuer: HOTEL_NUMBERING })),
  ];
}

function attachmentsOf(message: JsonObject): DraftAttachment[] {
  return listOf(message['attachments']).flatMap((attachment) => {
    if (!isJsonObject(attachment)) return [];
    const name = textOf(attachment['name']) || null;
    const refs = [attachment['id'], attachment['url'], name].map(textOf).filter((ref) => ref !== '');
    return [{ name, mediaType: null, bytes: null, digest: null, refs }];
  });
}
