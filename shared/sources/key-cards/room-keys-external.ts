import { LIMITS } from '../../domain/limits.ts';
import { canonicalContent } from '../documents/canonical-content.ts';
import type { Format } from '../documents/several-formats.ts';
import { exactId } from '../fields/platform-id.ts';
import type { ImportOptions } from '../importer.ts';
import { elementsAt, wholeOf } from '../json/document-elements.ts';
import { type JsonDocument, type Outcome, outcomeOf, readJsonDocuments } from '../json/json-documents.ts';
import { EACH } from '../json/json-spans.ts';
import { isJsonObject, type JsonObject, listOf, textOf } from '../json/json-value.ts';
import { dayIn } from '../table/guest-columns.ts';
import { tableInstant } from '../table/table-time.ts';
import { keyCardDraft } from './keycard-draft.ts';

const ENVELOPE = 'roomKeysExternal';
/** A reservation has several ids of which this type is the one that people know. */
const CONFIRMATION = /confirmation/i;

/**
 * Keys that OPERA Cloud asked a door lock system to make (OHIP `roomKeysExternal`: oracle/hospitality-api-docs
 * rest-api-specs/property, `RoomKeysExternal`): an element of its own, or one or several under that name. Times of
 * `keyRequestTime` have no zone.
 */
export const roomKeysExternal: Format = {
  read: (bytes, from, options) => readJsonDocuments(bytes, from, options, read),
};

function* read(document: JsonDocument, options: ImportOptions): Generator<Outcome> {
  const whole = wholeOf(document);
  const enveloped = isJsonObject(whole.value) && Object.hasOwn(whole.value, ENVELOPE);
  const [keys] = enveloped ? elementsAt(document.text, whole, [ENVELOPE]) : [whole];
  if (keys === undefined) return;
  const listed = enveloped && Array.isArray(keys.value);
  for (const { value, span } of listed ? elementsAt(document.text, keys, [EACH]) : [keys]) {
    const draft = isJsonObject(value) ? draftOf(value, options) : 'not-an-object';
    yield outcomeOf(typeof draft === 'string' ? draft : { ...draft, content: canonicalContent(value) }, span);
  }
}

function draftOf(key: JsonObject, options: ImportOptions) {
  const time = textOf(key['keyRequestTime']);
  if (time === '') return 'missing-field:keyRequestTime';
  const instant = tableInstant(time, options);
  if ('reason' in instant) return instant.reason;
  const guest = listOf(key['roomKeyGuests']).find(isJsonObject);
  const field = (name: string): string => textOf(key[name]).trim();
  const short = ['roomId', 'cardSerialNumber', 'userId', 'encoderId'].find(
    (name) => field(name).length > LIMITS.identifierCharacters,
  );
  if (short !== undefined) return `invalid-field:${short}`;
  const rooms = [field('roomId'), ...listOf(key['additionalRooms']).map(textOf)].filter(
    (room) => room !== '',
  );
  const moved = field('oldRoomId');
  return keyCardDraft(
    {
      id: '',
      at: instant.at,
      door: rooms.join(', '),
      room: field('roomId'),
      event: [
        '制卡 key made',
        field('keyType'),
        moved === '' ? '' : `原房号 old room ${moved}`,
        count(field('noOfKeys')),
      ]
        .filter((part) => part !== '')
        .join(', '),
      direction: '',
      card: field('cardSerialNumber'),
      level: field('keyUserType'),
      holder: '',
      user: field('userId'),
      encoder: field('encoderId') || field('encoderTerminal'),
      bookings: bookingsOf(key),
      guestName: guest === undefined ? '' : nameOf(guest),
      phone: '',
      validFrom: field('keyValidityStart'),
      validUntil: field('keyValidityEnd'),
      result: '',
      remarks: '',
    },
    dayIn(field('keyValidityStart'), options),
    options,
  );
}

function count(keys: string): string {
  return keys === '' ? '' : `${keys} 张 keys`;
}

function nameOf(guest: JsonObject): string {
  return ['givenName', 'firstName', 'surname', 'lastName', 'name']
    .map((name) => textOf(guest[name]).trim())
    .filter((part) => part !== '')
    .join(' ');
}

/** Reservations of the key; confirmation numbers first, since they are what other systems know. */
function bookingsOf(key: JsonObject): { number: string; internal: boolean }[] {
  const ids = listOf(key['reservationIdList']).flatMap((one) => {
    const id = exactId(isJsonObject(one) ? one['id'] : one);
    if (id === null) return [];
    return [{ number: id, internal: !isJsonObject(one) || !CONFIRMATION.test(textOf(one['type'])) }];
  });
  const first = ids.toSorted((a, b) => Number(a.internal) - Number(b.internal));
  const byName = new Map(first.toReversed().map((one) => [JSON.stringify([one.internal, one.number]), one]));
  return first.filter((one) => byName.get(JSON.stringify([one.internal, one.number])) === one);
}
