import { canonicalContent } from '../documents/canonical-content.ts';
import { platformId } from '../fields/platform-id.ts';
import {
  type Draft,
  type DraftAttachment,
  type ImportOptions,
  PLAIN_DRAFT,
  writtenOwnNames,
} from '../importer.ts';
import { platformTime } from '../time/platform-time.ts';
import { childrenNamed, readXml, type XmlElement } from '../xml/xml-elements.ts';

const NAMESPACE = 'urn:ietf:params:xml:ns:recording:1';
/** Shorter numbers are extensions of a house. */
const SHORTEST_NUMBER = 7;

type Participant = { id: string; aor: string; name: string; number: string };

/**
 * SIPREC recording metadata (RFC 7865) as one record: its participants in the order of the text, the first of them taken as
 * the caller where the metadata says nothing else. The guest is found by the one telephone number that isn't among the
 * hotel's own (`ownNames`), else by the session alone: of two foreign numbers either could be the guest's.
 */
export function siprecDraft(text: string, options: ImportOptions): Draft | string {
  const xml = readXml(text);
  if (!xml.ok) return xml.reason;
  const { root } = xml;
  if (root.localName !== 'recording' || !Object.values(root.attributes).includes(NAMESPACE)) {
    return 'unknown-shape';
  }
  const [session] = childrenNamed(root, 'session');
  const id = platformId(session?.attributes['session_id'] ?? session?.attributes['id']);
  if (session === undefined || id === '') return 'missing-field:session_id';
  const associations = ['sessionrecordingassoc', 'participantsessionassoc'].flatMap((name) =>
    childrenNamed(root, name),
  );
  const started =
    wordsOf(session, 'start-time') ||
    associations.map((one) => wordsOf(one, 'associate-time')).find((time) => time !== '');
  const instant = started === undefined || started === '' ? null : platformTime(started, options.timezone);
  if (instant !== null && 'reason' in instant) return instant.reason;
  const stopped =
    wordsOf(session, 'stop-time') ||
    associations.map((one) => wordsOf(one, 'disassociate-time')).find((time) => time !== '');
  const end = stopped === undefined || stopped === '' ? null : platformTime(stopped, options.timezone);

  const participants = childrenNamed(root, 'participant').map(participantOf);
  const own = new Set(writtenOwnNames(options).map(compact));
  const isOwn = ({ aor, name, number }: Participant) =>
    [aor, name, number].some((one) => one !== '' && own.has(compact(one)));
  const foreign = participants.filter(
    (one) => !isOwn(one) && one.number.replaceAll(/\D/g, '').length >= SHORTEST_NUMBER,
  );
  const guest = foreign.length === 1 ? foreign[0] : undefined;
  const streams = childrenNamed(root, 'stream');
  const senders = sendersOf(root, participants);
  const sides = participants.map(({ name, number, aor }) => [name, number || aor].filter(Boolean).join(' '));
  const seconds =
    instant !== null && end !== null && 'at' in end && end.at >= instant.at
      ? Math.round((end.at.getTime() - instant.at.getTime()) / 1000)
      : null;
  return {
    ...PLAIN_DRAFT,
    sourceMessageId: `session:${id}`,
    placements: [
      {
        conversation: JSON.stringify(['call', id]),
        identifiers: [
          ...(guest === undefined ? [] : [{ kind: 'phone' as const, value: guest.number }]),
          { kind: 'ticket', value: id },
        ],
      },
    ],
    at: instant?.at ?? new Date(0),
    timeKnown: instant !== null,
    category: 'call-recording',
    from:
      guest === undefined || participants[0] !== guest
        ? { role: 'system', id: null, name: null }
        : { role: 'guest', id: guest.number, name: guest.name || null },
    text: [
      `[通话 call] ${sides.join(' → ')}${seconds === null ? '' : ` · 时长 duration ${seconds} s`}`,
      ...streams.map((stream) =>
        [
          `[录音流 stream] ${wordsOf(stream, 'label')}`,
          (senders.get(stream.attributes['stream_id'] ?? '') ?? []).join(', '),
        ]
          .filter((part) => part !== '')
          .join(' · '),
      ),
    ].join('\n'),
    attachments: streams.flatMap((stream) => mediumOf(stream, id)),
    sourceType: 'siprec',
    content: canonicalContent(plainOf(root)),
  };
}

function participantOf(element: XmlElement): Participant {
  const [nameId] = childrenNamed(element, 'nameID');
  const aor = (nameId?.attributes['aor'] ?? '').trim();
  const number = /^(?:sips?:|tel:)?(\+?[\d().-]{3,20})(?:[@;]|$)/i.exec(aor)?.[1] ?? '';
  return {
    id: platformId(element.attributes['participant_id'] ?? element.attributes['id']),
    aor,
    name: nameId === undefined ? '' : wordsOf(nameId, 'name'),
    number,
  };
}

/** Whom one hears on each stream: those that send it. */
function sendersOf(root: XmlElement, participants: readonly Participant[]): ReadonlyMap<string, string[]> {
  const names = new Map(participants.map(({ id, name, number, aor }) => [id, name || number || aor]));
  const senders = new Map<string, string[]>();
  for (const one of childrenNamed(root, 'participantstreamassoc')) {
    const name = names.get(one.attributes['participant_id'] ?? '');
    if (name === undefined) continue;
    for (const { text } of childrenNamed(one, 'send')) {
      const heard = senders.get(text.trim()) ?? [];
      heard.push(name);
      senders.set(text.trim(), heard);
    }
  }
  return senders;
}

/** The metadata name no file: recorders name theirs by stream or session. */
function mediumOf(stream: XmlElement, session: string): DraftAttachment[] {
  const id = platformId(stream.attributes['stream_id'] ?? stream.attributes['id']);
  const refs = [id, session].filter((ref) => ref !== '').flatMap((ref) => [ref, `${ref}.wav`, `${ref}.mp3`]);
  return [{ name: id || null, mediaType: 'audio/*', bytes: null, digest: null, refs }];
}

function wordsOf(element: XmlElement, child: string): string {
  return childrenNamed(element, child)[0]?.text.trim() ?? '';
}

function compact(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[\s()-]/g, '');
}

/** The document without the white space between its elements. */
function plainOf({ localName, attributes, children, text }: XmlElement): unknown {
  return { localName, attributes: { ...attributes }, text: text.trim(), children: children.map(plainOf) };
}
