import type { Identifier } from '../../domain/record.ts';
import { canonicalContent } from '../documents/canonical-content.ts';
import { platformId } from '../fields/platform-id.ts';
import {
  type Draft,
  type DraftAttachment,
  type Importer,
  type ImportOptions,
  PLAIN_DRAFT,
} from '../importer.ts';
import { type DocumentElement, elementsAt, wholeOf } from '../json/document-elements.ts';
import { type JsonDocument, type Outcome, outcomeOf, readJsonDocuments } from '../json/json-documents.ts';
import { EACH } from '../json/json-spans.ts';
import { byteCountOf, isJsonObject, type JsonObject, listOf, textOf } from '../json/json-value.ts';
import { htmlText } from '../text/html-lines.ts';
import { labelled, unknownType } from '../text/labelled.ts';
import { markQuoted } from '../text/quoted-mail.ts';
import { readableFields } from '../text/readable-fields.ts';
import { platformTime } from '../time/platform-time.ts';

/**
 * Zendesk tickets: NDJSON or JSON with each ticket's comments beside it (`{…ticket, comments: […]}`,
 * `{ticket, comments}`, `{tickets: […]}`), pages of `/tickets/ID/comments` (their ticket known by `ticket_id` or the
 * page's links), and ticket audits (their comments alone); users beside them tell names, roles, mail and phone. Sources:
 * developer.zendesk.com ticket_comments, ticket_audits, tickets, users, "Adding voice comments to tickets".
 *
 * A comment whose `public` is there and isn't `true` is an internal note, never a guest's words. What a mail quotes is marked in the text. A
 * ticket's subject is a record of its own, its bytes those of the subject alone where comments stand in the ticket: an
 * internal note must not come out with them.
 */
export const crmZendesk: Importer = {
  source: 'crm-zendesk',
  read: (bytes, from, options) => readJsonDocuments(bytes, from, options, outcomesOf),
};

/** What is known around a comment: its ticket, and who is who. */
type Surroundings = { ticketId: string; requester: string; userOf: (id: string) => JsonObject | undefined };

function* outcomesOf(document: JsonDocument, options: ImportOptions): Generator<Outcome> {
  const { text } = document;
  const whole = wholeOf(document);
  const page = whole.value;
  if (!isJsonObject(page)) {
    yield { kind: 'rejected', reason: 'not-an-object', span: whole.span };
    return;
  }
  const users = usersIn(listOf(page['users']), page['identities']);
  const tickets = [...elementsAt(text, whole, ['tickets', EACH]), ...elementsAt(text, whole, ['ticket'])];
  if (tickets.length > 0) {
    for (const ticket of tickets) yield* ticketOutcomes(text, ticket, page, users, options);
    // `{ticket, comments}`: a page about one ticket.
    const [only] = tickets;
    if (tickets.length === 1 && only !== undefined && isJsonObject(only.value)) {
      yield* messageOutcomes(text, whole, surroundingsOf(only.value, users), options);
    }
    return;
  }
  const isTicket = page['requester_id'] !== undefined || page['subject'] !== undefined;
  if (isTicket && platformId(page['id']) !== '') {
    yield* ticketOutcomes(text, whole, page, users, options);
    return;
  }
  if (!Array.isArray(page['comments']) && !Array.isArray(page['audits'])) {
    yield { kind: 'rejected', reason: 'missing-field:comments', span: whole.span };
    return;
  }
  yield* messageOutcomes(
    text,
    whole,
    surroundingsOf({ ...page, users: null, id: ticketIdOf(page) }, users),
    options,
  );
}

/** A page of comments names its ticket in a field that exporters add, or in the links to its neighbours. */
function ticketIdOf(page: JsonObject): string {
  const links = [page['url'], page['next_page'], page['previous_page'], page['links']];
  return (
    platformId(page['ticket_id']) ||
    (/\/tickets\/(\d+)\/(?:comments|audits)/.exec(readableFields(links).join('\n'))?.[1] ?? '')
  );
}

function surroundingsOf(ticket: JsonObject, pageUsers: Users): Surroundings {
  const own = isJsonObject(ticket['requester']) ? platformId(ticket['requester']['id']) : '';
  const ownUsers = usersIn([...listOf(ticket['users']), ticket['requester']], ticket['identities']);
  return {
    ticketId: platformId(ticket['id']),
    requester: platformId(ticket['requester_id']) || own,
    userOf: (id) => ownUsers.get(id) ?? pageUsers.get(id),
  };
}

type Users = ReadonlyMap<string, JsonObject>;

/** Users with their identities, which stand in them or are loaded beside them. */
function usersIn(list: readonly unknown[], beside: unknown): Users {
  const identities = Map.groupBy(listOf(beside).filter(isJsonObject), ({ user_id: id }) => platformId(id));
  return new Map(
    list.flatMap((user) => {
      const id = isJsonObject(user) ? platformId(user['id']) : '';
      if (!isJsonObject(user) || id === '') return [];
      const own = identities.get(id);
      return [
        [id, own === undefined ? user : { ...user, identities: [...listOf(user['identities']), ...own] }],
      ];
    }),
  );
}

/** The numbers that Zendesk verified. The one in a profile is whatever its user wrote there: it is nobody's proof. */
function verifiedPhones(user: JsonObject): Identifier[] {
  return listOf(user['identities'])
    .filter(isJsonObject)
    .filter(({ type, verified }) => type === 'phone_number' && verified === true)
    .map(({ value }) => ({ kind: 'phone', value: platformId(value) }));
}

function* ticketOutcomes(
  text: string,
  ticket: DocumentElement,
  page: JsonObject,
  pageUsers: Users,
  options: ImportOptions,
): Generator<Outcome> {
  const { value, span } = ticket;
  if (!isJsonObject(value)) {
    yield { kind: 'rejected', reason: 'not-an-object', span };
    return;
  }
  const known = surroundingsOf(value, pageUsers);
  const embedded = ['comments', 'audits'].some((name) => Array.isArray(value[name] ?? page[name]));
  const subject = embedded ? elementsAt(text, ticket, ['subject'])[0] : ticket;
  if (subject !== undefined && (!embedded || textOf(value['subject']).trim() !== '')) {
    yield outcomeOf(subjectDraft(value, known, embedded, options), subject.span);
  }
  yield* messageOutcomes(text, ticket, known, options);
}

function* messageOutcomes(
  text: string,
  around: DocumentElement,
  known: Surroundings,
  options: ImportOptions,
): Generator<Outcome> {
  for (const comment of elementsAt(text, around, ['comments', EACH])) {
    yield outcomeOf(commentDraft(comment.value, known, null, options), comment.span);
  }
  for (const audit of elementsAt(text, around, ['audits', EACH])) {
    for (const event of elementsAt(text, audit, ['events', EACH])) {
      const type = isJsonObject(event.value) ? textOf(event.value['type']) : '';
      if (!['Comment', 'VoiceComment'].includes(type)) yield { kind: 'skipped' };
      else yield outcomeOf(commentDraft(event.value, known, audit.value, options), event.span);
    }
  }
}

/** A ticket's subject, and its description where its comments aren't there to say the same. */
function subjectDraft(
  ticket: JsonObject,
  known: Surroundings,
  embedded: boolean,
  options: ImportOptions,
): Draft | string {
  if (known.ticketId === '') return 'missing-field:id';
  const author = platformId(ticket['submitter_id']) || known.requester;
  const from = authorOf(author, known);
  if (from === null) return 'missing-field:requester_id';
  const instant = timeOf(ticket['created_at'], options);
  if (typeof instant === 'string') return instant;
  const said = {
    subject: textOf(ticket['subject']),
    description: embedded ? '' : textOf(ticket['description']),
  };
  return {
    ...PLAIN_DRAFT,
    sourceMessageId: `ticket:${known.ticketId}`,
    placements: [placementOf(known)],
    staff: staffOf(from),
    at: instant,
    from,
    text: [`[工单 ticket #${known.ticketId}] ${said.subject}`.trim(), markQuoted(said.description)]
      .filter((part) => part !== '')
      .join('\n'),
    sourceType: 'ticket',
    content: canonicalContent({ id: known.ticketId, ...said }),
  };
}

function commentDraft(
  comment: unknown,
  page: Surroundings,
  audit: unknown,
  options: ImportOptions,
): Draft | string {
  if (!isJsonObject(comment)) return 'not-an-object';
  const beside: JsonObject = isJsonObject(audit) ? audit : {};
  const known: Surroundings = {
    ...page,
    ticketId: page.ticketId || platformId(comment['ticket_id']) || platformId(beside['ticket_id']),
  };
  const id = platformId(comment['id']);
  if (id === '') return 'missing-field:id';
  if (known.ticketId === '') return 'missing-field:ticket_id';
  const author = platformId(comment['author_id'] ?? beside['author_id']);
  if (author === '') return 'missing-field:author_id';
  const internal = isInternal(comment);
  // Only staff can write an internal note, whoever the author is elsewhere.
  const from = internal
    ? { ...(authorOf(author, known) ?? { id: author, name: null }), role: 'staff' as const }
    : authorOf(author, known);
  if (from === null) return 'missing-field:requester_id';
  const instant = timeOf(comment['created_at'] ?? beside['created_at'], options);
  if (typeof instant === 'string') return instant;
  const type = textOf(comment['type']) || 'Comment';
  const typeKnown = ['Comment', 'VoiceComment'].includes(type);
  const words = bodyOf(comment);
  const voice = isJsonObject(comment['data']) ? comment['data'] : {};
  const attachments = [...listOf(comment['attachments']).flatMap(attachmentOf), ...recordingOf(voice)];
  return {
    ...PLAIN_DRAFT,
    sourceMessageId: id,
    placements: [placementOf(known)],
    staff: staffOf(from),
    at: instant,
    category: internal ? 'complaint-plan' : null,
    from,
    text: [
      typeKnown ? '' : labelled(unknownType(type)),
      type === 'VoiceComment' ? '[语音留言 voice comment]' : '',
      typeKnown ? markQuoted(words) : readableFields(comment).join('\n'),
      ...readableFields(voice, ['recording_url', 'transcription_status']),
    ]
      .filter((part) => part !== '')
      .join('\n'),
    attachments,
    edited: isRedacted(comment, words),
    internal,
    sourceType: type,
    typeKnown,
    content: contentOf(comment, known.ticketId),
  };
}

/** The links to media carry tokens that change with each export, and an audit's event lacks what its audit says. */
function contentOf(comment: JsonObject, ticketId: string): string {
  const { id, author_id: author, body, html_body: html, plain_body: plain, type, data } = comment;
  return canonicalContent({
    id,
    ticketId,
    author: author ?? null,
    words: textOf(plain) || textOf(html) || textOf(body),
    public: !isInternal(comment),
    type: type ?? 'Comment',
    data: data ?? null,
    attachments: listOf(comment['attachments']).map((one) =>
      isJsonObject(one) ? [one['id'], one['file_name'], one['size']].map(textOf) : [],
    ),
  });
}

/** Public is what Zendesk says is public: a `public` that it can't have been written so hides its comment. */
function isInternal(comment: JsonObject): boolean {
  return Object.hasOwn(comment, 'public') && comment['public'] !== true;
}

/** `plain_body` keeps white space as entities. */
function bodyOf(comment: JsonObject): string {
  const plain = textOf(comment['plain_body']);
  if (plain.trim() !== '') return plain.replaceAll('&nbsp;', ' ').replaceAll('\u00a0', ' ').trim();
  const html = textOf(comment['html_body']);
  return html.trim() === '' ? textOf(comment['body']).trim() : htmlText(html).toWellFormed();
}

/** Redaction puts ▇ in place of each character, and `redacted.txt` in place of a file. */
function isRedacted(comment: JsonObject, words: string): boolean {
  return (
    words.includes('▇') ||
    /<redact/i.test(textOf(comment['html_body'])) ||
    listOf(comment['attachments']).some((one) => isJsonObject(one) && one['file_name'] === 'redacted.txt')
  );
}

function authorOf(author: string, { requester, userOf }: Surroundings): Draft['from'] | null {
  const user = userOf(author);
  const name = textOf(user?.['name']) || null;
  if (author === '-1') return { role: 'system', id: author, name };
  if (author !== '' && author === requester) return { role: 'guest', id: author, name };
  const role = textOf(user?.['role']);
  if (role === 'end-user') return { role: 'guest', id: author, name };
  // Whoever isn't the requester is staff, where it is known who the requester is.
  return role === '' && requester === '' ? null : { role: 'staff', id: author || null, name };
}

function staffOf({ role, id }: Draft['from']): string[] {
  return role === 'staff' && id !== null ? [`crm-zendesk:${id}`] : [];
}

function placementOf({ ticketId, requester, userOf }: Surroundings): Draft['placements'][number] {
  const user = userOf(requester) ?? {};
  const identifiers: Identifier[] = [
    { kind: 'crm', value: requester },
    { kind: 'email', value: platformId(user['email']) },
    ...verifiedPhones(user),
    { kind: 'ticket', value: ticketId },
  ];
  return {
    conversation: JSON.stringify(['ticket', ticketId]),
    identifiers: identifiers.filter(({ value }) => value !== ''),
  };
}

function attachmentOf(value: unknown): DraftAttachment[] {
  if (!isJsonObject(value)) return [];
  const name = textOf(value['file_name']) || null;
  return [
    {
      name,
      mediaType: textOf(value['content_type']) || null,
      bytes: byteCountOf(value['size']),
      digest: null,
      refs: [platformId(value['id']), name ?? ''].filter((ref) => ref !== ''),
    },
  ];
}

/** A call's recording stays where its link leads; the link's last part is its file's name. */
function recordingOf(voice: JsonObject): DraftAttachment[] {
  const url = textOf(voice['recording_url']);
  if (url === '') return [];
  const name = url.split(/[?#]/, 1)[0]?.split('/').at(-1) || null;
  const refs = [url, name ?? ''].filter((ref) => ref !== '');
  return [{ name, mediaType: 'audio/*', bytes: null, digest: null, refs }];
}

function timeOf(value: unknown, { timezone }: ImportOptions): Date | string {
  if (textOf(value) === '') return 'missing-field:created_at';
  const instant = platformTime(value, timezone);
  return 'reason' in instant ? instant.reason : instant.at;
}
