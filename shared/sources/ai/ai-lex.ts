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
import { type JsonDocument, type Outcome, readJsonDocuments } from '../json/json-documents.ts';
import { parseJsonLine } from '../json/json-line.ts';
import { EACH } from '../json/json-spans.ts';
import { isJsonObject, type JsonObject, listOf, textOf } from '../json/json-value.ts';
import { htmlText } from '../text/html-lines.ts';
import { readableFields } from '../text/readable-fields.ts';
import { platformTime } from '../time/platform-time.ts';

/**
 * Conversation logs of Amazon Lex, V2 and V1: one turn of the guest and the bot's answers to it, 0 or more, in one log
 * entry. Sources: docs.aws.amazon.com/lexv2/latest/dg/conversation-logs-cw.html and …/lex/latest/dg/conversation-logs-cw.html.
 * CloudWatch's own wrappers are read as well: `{events: [{message}]}`, `{logEvents: [{message}]}` and
 * `{"@timestamp", "@message"}` hold an entry as a JSON string, or as an object.
 *
 * The guest's turn is `requestId#0`, its bytes the whole entry (session, interpretations, slots); each answer is
 * `requestId#n`, its bytes the answer alone. Slots stay in the original: the text repeats what was said, nothing more.
 */
export const aiLex: Importer = {
  source: 'ai-lex',
  read: (bytes, from, options) => readJsonDocuments(bytes, from, options, outcomesOf),
};

/** An entry, and the bytes that it lies in; `inner` is null where they hold it as a string. */
type Entry = { entry: JsonObject; element: DocumentElement; inner: DocumentElement | null };

function* outcomesOf(document: JsonDocument, options: ImportOptions): Generator<Outcome> {
  const whole = wholeOf(document);
  const entries = entriesIn(document.text, whole);
  if (entries.length === 0) yield { kind: 'skipped' };
  for (const found of entries) {
    if ('reason' in found) yield { kind: 'rejected', ...found };
    else yield* turnsOf(document.text, found, options);
  }
}

type Unread = { reason: string; span: DocumentElement['span'] };

function entriesIn(text: string, whole: DocumentElement): (Entry | Unread)[] {
  const { value, span } = whole;
  if (!isJsonObject(value)) return [{ reason: 'not-an-object', span }];
  const wrapped = [
    ...elementsAt(text, whole, ['events', EACH, 'message']),
    ...elementsAt(text, whole, ['logEvents', EACH, 'message']),
    ...elementsAt(text, whole, ['@message']),
  ];
  const isWrapper = ['events', 'logEvents'].some((name) => Array.isArray(value[name]));
  if (wrapped.length === 0 && !isWrapper) return [{ entry: value, element: whole, inner: whole }];
  return wrapped.map((element): Entry | Unread => {
    if (isJsonObject(element.value)) return { entry: element.value, element, inner: element };
    const parsed = parsedEntry(element.value);
    return parsed === null
      ? { reason: 'invalid-field:message', span: element.span }
      : { entry: parsed, element, inner: null };
  });
}

function parsedEntry(value: unknown): JsonObject | null {
  if (typeof value !== 'string') return null;
  const parsed = parseJsonLine(value);
  return parsed.ok && isJsonObject(parsed.value) ? parsed.value : null;
}

function* turnsOf(
  text: string,
  { entry, element, inner }: Entry,
  options: ImportOptions,
): Generator<Outcome> {
  const { span } = element;
  const about = entryFacts(entry, options);
  if (typeof about === 'string') {
    yield { kind: 'rejected', reason: about, span };
    return;
  }
  const { requestId, base } = about;
  const said = textOf(entry['inputTranscript']);
  const mode = textOf(entry['inputMode']) || textOf(entry['inputType']) || 'Text';
  const speech = mode.toLowerCase() === 'speech' || mode.toLowerCase() === 'audio';
  const attachments = recordingOf(entry);
  yield {
    kind: 'record',
    span,
    draft: {
      ...base,
      sourceMessageId: `${requestId}#0`,
      // A request without words opens a dialogue, or presses a key.
      from: { role: 'guest', id: about.sender, name: null },
      text: [
        said === '' ? `[${textOf(entry['operationName']) || '无文字输入 no words'}]` : said,
        ...(speech ? ['[语音识别 speech]'] : []),
      ].join('\n'),
      attachments,
      sourceType: said === '' ? 'request' : mode,
      content: canonicalContent({ ...entry, messages: null, botResponse: null }),
    },
  };
  // V2 has any number of messages, V1 one answer.
  const answers =
    inner === null
      ? listOf(entry['messages']).map((value) => ({ value, span }))
      : elementsAt(text, inner, ['messages', EACH]);
  const single =
    inner === null ? [{ value: entry['botResponse'], span }] : elementsAt(text, inner, ['botResponse']);
  const all = [...answers, ...single.filter(({ value }) => textOf(value) !== '')];
  for (const [index, answer] of all.entries()) {
    const message: JsonObject = isJsonObject(answer.value) ? answer.value : { content: answer.value };
    const type = textOf(message['contentType']) || 'PlainText';
    const known = ['PlainText', 'SSML', 'CustomPayload', 'ImageResponseCard'].includes(type);
    yield {
      kind: 'record',
      span: answer.span,
      draft: {
        ...base,
        sourceMessageId: `${requestId}#${index + 1}`,
        from: { role: 'robot', id: about.bot, name: about.botName },
        text: answerText(type, message),
        sourceType: type,
        typeKnown: known,
        content: canonicalContent({ request: requestId, position: index + 1, message }),
      },
    };
  }
}

function entryFacts(entry: JsonObject, { timezone }: ImportOptions) {
  const version = textOf(entry['messageVersion']);
  if (version === '') return 'missing-field:messageVersion';
  const requestId = platformId(entry['requestId']);
  if (requestId === '') return 'missing-field:requestId';
  const session = platformId(entry['sessionId']) || platformId(entry['userId']);
  if (session === '') return 'missing-field:sessionId';
  if (textOf(entry['timestamp']) === '') return 'missing-field:timestamp';
  const instant = platformTime(entry['timestamp'], timezone);
  if ('reason' in instant) return instant.reason;
  const bot = isJsonObject(entry['bot']) ? entry['bot'] : {};
  // Telephone channels name a session by the caller's number.
  const isPhone = /^\+[1-9]\d{6,14}$/.test(session);
  const base = {
    ...PLAIN_DRAFT,
    placements: [
      {
        conversation: JSON.stringify(['session', session]),
        identifiers: [{ kind: isPhone ? ('phone' as const) : ('ticket' as const), value: session }],
      },
    ] satisfies Draft['placements'],
    at: instant.at,
    category: 'ai-service' as const,
  } satisfies Partial<Draft>;
  return {
    requestId,
    base,
    sender: platformId(entry['userId']) || session,
    bot: platformId(bot['id']) || platformId(entry['botName']) || null,
    botName: textOf(bot['name']) || textOf(entry['botName']) || null,
  };
}

function answerText(type: string, message: JsonObject): string {
  const content = textOf(message['content']);
  if (type === 'SSML') return htmlText(content);
  return content === '' ? readableFields(message).join('\n') : content;
}

/** Speech is kept as a file whose place the log names. */
function recordingOf(entry: JsonObject): DraftAttachment[] {
  const path = textOf(entry['audioPathInS3']) || textOf(entry['audioPath']);
  if (path === '') return [];
  const name = path.split('/').at(-1) ?? '';
  return [
    {
      name: name || null,
      mediaType: 'audio/*',
      bytes: null,
      digest: null,
      refs: [path, name].filter((ref) => ref !== ''),
    },
  ];
}
