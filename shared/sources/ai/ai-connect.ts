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
import { isJsonObject, type JsonObject, listOf, textOf } from '../json/json-value.ts';
import { labelled, unknownType } from '../text/labelled.ts';
import { readableFields } from '../text/readable-fields.ts';
import { platformTime } from '../time/platform-time.ts';

/**
 * Chats of Amazon Connect, with an assistant or an agent: Contact Lens files (original and redacted) and the raw
 * transcripts that Connect puts into S3, which have the same items beside other fields. Sources:
 * awsdocs/amazon-connect-admin-guide `contact-lens-example-output-files-chat.md` (21c6475); Amazon Connect API reference
 * `Item`, `AttachmentItem`. Google's CX Insights transcripts (`{conversation_info, entries}`, its conversation data
 * format) are read too: they are the same kind of record, and name no guest either.
 *
 * Redaction's offsets are not used: they don't fit the text in the vendor's own sample. Whether `[PII]` stands in place of
 * words is part of what the item says, so that the redacted and the original file give two versions of one message.
 */
export const aiConnect: Importer = {
  source: 'ai-connect',
  read: (bytes, from, options) => readJsonDocuments(bytes, from, options, outcomesOf),
};

type Role = Draft['from']['role'];

const ROLES: Readonly<Record<string, Role>> = {
  CUSTOMER: 'guest',
  AGENT: 'staff',
  SUPERVISOR: 'staff',
  SYSTEM: 'system',
  CUSTOM_BOT: 'robot',
  BOT: 'robot',
};

const EVENTS: Readonly<Record<string, string>> = {
  'participant.joined': '加入会话 joined',
  'participant.left': '离开会话 left',
  'participant.invited': '已邀请 invited',
  'participant.idle': '无响应 idle',
  'participant.returned': '已返回 returned',
  'participant.autodisconnection': '自动断开 disconnected',
  'participant.disconnected': '断开 disconnected',
  'participant.active': '在线 active',
  'participant.inactive': '离线 inactive',
  'chat.ended': '会话结束 chat ended',
  'chat.rehydrated': '会话恢复 chat resumed',
  'transfer.succeeded': '转接成功 transferred',
  'transfer.failed': '转接失败 transfer failed',
  'message.delivered': '已送达 delivered',
  'message.read': '已读 read',
  typing: '正在输入 typing',
  'connection.acknowledged': '已连接 connected',
};
const EVENT_PREFIX = 'application/vnd.amazonaws.connect.event.';

const GOOGLE_ROLES: Readonly<Record<string, Role>> = {
  AGENT: 'staff',
  HUMAN_AGENT: 'staff',
  AUTOMATED_AGENT: 'robot',
  CUSTOMER: 'guest',
  END_USER: 'guest',
};

/** What is known of a chat beside its items. */
type Chat = {
  contactId: string;
  identifiers: Identifier[];
  participants: ReadonlyMap<string, JsonObject>;
};

function* outcomesOf(document: JsonDocument, options: ImportOptions): Generator<Outcome> {
  const { text } = document;
  const whole = wholeOf(document);
  const file = whole.value;
  if (!isJsonObject(file)) {
    yield { kind: 'rejected', reason: 'not-an-object', span: whole.span };
    return;
  }
  if (Array.isArray(file['entries']) && file['Transcript'] === undefined) {
    yield* googleOutcomes(text, whole, file, options);
    return;
  }
  const chat = chatOf(file);
  const fault = chat.contactId === '' ? 'missing-field:ContactId' : null;
  if (fault !== null || !Array.isArray(file['Transcript'])) {
    yield { kind: 'rejected', reason: fault ?? 'missing-field:Transcript', span: whole.span };
    return;
  }
  for (const item of elementsAt(text, whole, ['Transcript', EACH])) {
    yield outcomeOf(itemDraft(item.value, chat, options), item.span);
  }
}

function chatOf(file: JsonObject): Chat {
  const metadata = isJsonObject(file['CustomerMetadata']) ? file['CustomerMetadata'] : {};
  const contactId = platformId(file['ContactId']) || platformId(metadata['ContactId']);
  const endpoint = isJsonObject(file['CustomerEndpoint']) ? file['CustomerEndpoint'] : {};
  const address = platformId(endpoint['Address']);
  const kind = /EMAIL/i.test(textOf(endpoint['Type'])) || address.includes('@') ? 'email' : 'phone';
  const participants = new Map<string, JsonObject>();
  for (const one of listOf(file['Participants'])) {
    if (isJsonObject(one)) participants.set(platformId(one['ParticipantId']), one);
  }
  const isAddress = kind === 'email' || /^\+?[\d\s()-]{5,}$/.test(address);
  return {
    contactId,
    identifiers: [
      ...(address !== '' && isAddress ? [{ kind, value: address } as const] : []),
      { kind: 'ticket', value: contactId },
    ],
    participants,
  };
}

function itemDraft(item: unknown, chat: Chat, options: ImportOptions): Draft | string {
  if (!isJsonObject(item)) return 'not-an-object';
  const id = platformId(item['Id']);
  if (id === '') return 'missing-field:Id';
  if (textOf(item['AbsoluteTime']) === '') return 'missing-field:AbsoluteTime';
  const instant = platformTime(item['AbsoluteTime'], options.timezone);
  if ('reason' in instant) return instant.reason;
  const participantId = platformId(item['ParticipantId']);
  const participant = chat.participants.get(participantId) ?? {};
  // Events such as the end of a chat have no role: nobody says them.
  const roleName = textOf(item['ParticipantRole']) || textOf(participant['ParticipantRole']);
  const role = ROLES[roleName.toUpperCase()] ?? 'system';
  const contentType = textOf(item['ContentType']);
  const type = textOf(item['Type']) || (contentType.startsWith(EVENT_PREFIX) ? 'EVENT' : 'MESSAGE');
  const attachments = listOf(item['Attachments']).flatMap(attachmentOf);
  const { text, known } = textIn(type, contentType, item, attachments);
  return {
    ...PLAIN_DRAFT,
    sourceMessageId: id,
    placements: [
      { conversation: JSON.stringify(['contact', chat.contactId]), identifiers: chat.identifiers },
    ],
    staff: role === 'staff' && participantId !== '' ? [`ai-connect:${participantId}`] : [],
    at: instant.at,
    category: 'ai-service',
    from: {
      role,
      id: participantId || null,
      name: textOf(item['DisplayName']) || textOf(participant['DisplayName']) || null,
    },
    text,
    attachments,
    sourceType: [type, contentType].filter((part) => part !== '').join(' '),
    typeKnown: known && (roleName === '' || Object.hasOwn(ROLES, roleName.toUpperCase())),
    content: canonicalContent({
      Id: id,
      Type: type,
      ContentType: contentType,
      Content: textOf(item['Content']),
      ParticipantId: participantId,
      Attachments: attachments.map(({ name, refs }) => [name, ...refs]),
    }),
  };
}

function textIn(
  type: string,
  contentType: string,
  item: JsonObject,
  attachments: readonly DraftAttachment[],
): { text: string; known: boolean } {
  const content = textOf(item['Content']);
  switch (type.toUpperCase()) {
    case 'MESSAGE':
      return { text: content, known: true };
    case 'EVENT': {
      const event = contentType.startsWith(EVENT_PREFIX)
        ? contentType.slice(EVENT_PREFIX.length)
        : contentType;
      const known = Object.hasOwn(EVENTS, event);
      return {
        text: [`[${known ? EVENTS[event] : `${event} 未知事件 unknown event`}]`, content]
          .filter((part) => part !== '')
          .join(' '),
        known,
      };
    }
    case 'ATTACHMENT':
      return {
        text: [`[附件 attachment] ${attachments.map(({ name }) => name ?? '').join(', ')}`.trim(), content]
          .filter((part) => part !== '')
          .join('\n'),
        known: true,
      };
    default:
      return {
        text: [labelled(unknownType(type)), ...readableFields(item)].join('\n'),
        known: false,
      };
  }
}

function attachmentOf(value: unknown): DraftAttachment[] {
  if (!isJsonObject(value)) return [];
  const name = textOf(value['AttachmentName']) || null;
  return [
    {
      name,
      mediaType: textOf(value['ContentType']) || null,
      bytes: null,
      digest: null,
      refs: [platformId(value['AttachmentId']), name ?? ''].filter((ref) => ref !== ''),
    },
  ];
}

function* googleOutcomes(
  text: string,
  whole: DocumentElement,
  file: JsonObject,
  options: ImportOptions,
): Generator<Outcome> {
  const info = isJsonObject(file['conversation_info']) ? file['conversation_info'] : {};
  const name = platformId(info['conversation_id']) || platformId(info['name']) || platformId(file['name']);
  for (const entry of elementsAt(text, whole, ['entries', EACH])) {
    yield outcomeOf(entryDraft(entry.value, name, options), entry.span);
  }
}

/** An entry has no id of its own, and the format none for the conversation: `conversation_info` must bring one. */
function entryDraft(entry: unknown, conversation: string, { timezone }: ImportOptions): Draft | string {
  if (!isJsonObject(entry)) return 'not-an-object';
  if (conversation === '') return 'missing-field:conversation_info.conversation_id';
  const roleName = textOf(entry['role']).toUpperCase();
  const role = GOOGLE_ROLES[roleName];
  if (textOf(entry['start_timestamp_usec']) === '') return 'missing-field:start_timestamp_usec';
  const instant = platformTime(entry['start_timestamp_usec'], timezone);
  if ('reason' in instant) return instant.reason;
  return {
    ...PLAIN_DRAFT,
    sourceMessageId: null,
    placements: [
      {
        conversation: JSON.stringify(['insights', conversation]),
        identifiers: [{ kind: 'ticket', value: conversation }],
      },
    ],
    at: instant.at,
    category: 'ai-service',
    from: { role: role ?? 'system', id: platformId(entry['user_id']) || null, name: null },
    text: textOf(entry['text']),
    sourceType: 'entry',
    typeKnown: role !== undefined,
    content: canonicalContent(entry),
  };
}
