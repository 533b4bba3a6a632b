import type { Identifier } from '../../domain/record.ts';
import { type Draft, type ImportOptions, PLAIN_DRAFT } from '../importer.ts';
import { labelledCells, nameAndRoom } from '../table/guest-columns.ts';
import { localTimeOf } from '../table/table-time.ts';

/** What a lock system says of a door event or of a key that was made; empty where it doesn't say. */
export type KeyEvent = {
  id: string;
  at: Date;
  door: string;
  room: string;
  event: string;
  direction: 'in' | 'out' | '';
  card: string;
  level: string;
  holder: string;
  /** Who made the key: an account of staff. */
  user: string;
  encoder: string;
  /** Numbers of reservations; `internal` are ids within the PMS, all others its confirmation numbers. */
  bookings: readonly { number: string; internal: boolean }[];
  guestName: string;
  phone: string;
  validFrom: string;
  validUntil: string;
  result: string;
  remarks: string;
};

const DIRECTIONS = { in: '进 in', out: '出 out', '': '' } as const;
/** Before this hour a door event belongs to the night that began the day before. */
const NIGHT_ENDS_HOUR = 12;

/**
 * A record of the lock system, which is who speaks. Its guest is found by booking number, name and room, or phone, in that
 * order; where there is none of these, by the card, else its holder. `night` is the day on which the stay's night begins,
 * where the row says; else the night of the event itself, which can be told in a known zone alone.
 */
export function keyCardDraft(
  event: KeyEvent,
  night: string | null,
  options: ImportOptions,
): Omit<Draft, 'content'> | string {
  const named = [
    ...event.bookings.map(
      ({ number, internal }): Identifier => ({
        ...{ kind: 'booking', value: number },
        ...(internal ? { issuer: 'pms-opera' } : {}),
      }),
    ),
    ...nameAndRoom(event.guestName, event.room, night ?? nightOf(event.at, options), null),
    ...(event.phone === '' ? [] : [{ kind: 'phone' as const, value: event.phone }]),
  ];
  const card = event.card || event.holder;
  const identifiers: Identifier[] =
    named.length > 0 || card === '' ? named : [{ kind: 'card' as const, value: card }];
  const [first] = identifiers;
  if (first === undefined) return 'no-guest';
  return {
    ...PLAIN_DRAFT,
    sourceMessageId: event.id || null,
    placements: [{ conversation: JSON.stringify([first.kind, first.value]), identifiers }],
    staff: event.user === '' || /\s/.test(event.user) ? [] : [`keycard:${event.user}`],
    at: event.at,
    category: 'key-card',
    from: { role: 'system', id: null, name: null },
    text: labelledCells('门卡记录 key card', [
      ['门 door', event.door],
      ['房号 room', event.room],
      ['事件 event', event.event],
      ['方向 direction', DIRECTIONS[event.direction]],
      ['结果 result', event.result],
      ['持卡人 holder', event.holder || event.guestName],
      ['卡 card', event.card],
      ['级别 level', event.level],
      ['有效期自 valid from', event.validFrom],
      ['有效期至 valid until', event.validUntil],
      ['制卡人 made by', event.user],
      ['发卡机 encoder', event.encoder],
      ['订单号 booking', event.bookings.map(({ number }) => number).join(', ')],
      ['备注 remarks', event.remarks],
    ]),
    sourceType: 'key-card',
  };
}

function nightOf(at: Date, options: ImportOptions): string | null {
  const local = localTimeOf(at, options);
  if (local === null) return null;
  if (local.hour >= NIGHT_ENDS_HOUR) return local.day;
  const [year = 0, month = 1, day = 1] = local.day.split('-').map(Number);
  return new Date(Date.UTC(year, month - 1, day - 1)).toISOString().slice(0, 10);
}
