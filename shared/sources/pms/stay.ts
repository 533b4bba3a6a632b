import { DateTime } from 'luxon';
import { LIMITS } from '../../domain/limits.ts';
import type { Identifier } from '../../domain/record.ts';
import { countryIn } from '../fields/country-in.ts';
import { type ImportOptions, PLAIN_DRAFT } from '../importer.ts';
import {
  COMMON_ALIASES,
  dayIn,
  identifiersIn,
  labelledCells,
  nameAndRoom,
  plainCell,
} from '../table/guest-columns.ts';
import { mappedTable, type RowOutcome, type TableRow } from '../table/mapped-table.ts';
import { tableInstant } from '../table/table-time.ts';

/** What the text of a record calls each column; the order is that of the text. */
const LABELS = {
  hotel: '酒店 hotel',
  booking: '订单号 booking',
  guest_name: '客人 guest',
  room: '房号 room',
  status: '状态 status',
  status_date: '状态日期 status date',
  arrival: '入住 arrival',
  departure: '离店 departure',
  nights: '晚数 nights',
  phone: '电话 phone',
  email: '邮箱 e-mail',
  document_type: '证件类型 document type',
  document: '证件号 document',
  country: '国家 country',
  adults: '成人 adults',
  children: '儿童 children',
  babies: '婴儿 babies',
  meal: '餐食 meal',
  adr: '日均房价 average daily rate',
  reserved_room_type: '预订房型 reserved room type',
  assigned_room_type: '入住房型 assigned room type',
  market_segment: '细分市场 market segment',
  distribution_channel: '渠道 channel',
  agent: '代理 agent',
  company: '公司 company',
  customer_type: '客户类型 customer type',
  deposit_type: '押金 deposit',
  is_canceled: '已取消 cancelled',
  is_repeated_guest: '回头客 repeated guest',
  previous_cancellations: '过往取消 previous cancellations',
  previous_bookings_not_canceled: '过往入住 previous bookings not cancelled',
  booking_changes: '订单变更 booking changes',
  days_in_waiting_list: '候补天数 days in waiting list',
  required_car_parking_spaces: '车位 car parking spaces',
  total_of_special_requests: '特殊要求 special requests',
  lead_time: '提前天数 lead time',
  arrival_date_year: '入住年 arrival year',
  arrival_date_month: '入住月 arrival month',
  arrival_date_week_number: '入住周 arrival week',
  arrival_date_day_of_month: '入住日 arrival day',
  stays_in_weekend_nights: '周末晚数 weekend nights',
  stays_in_week_nights: '平日晚数 week nights',
  remarks: '备注 remarks',
} as const satisfies Record<string, string>;

const COLUMNS = [
  'record_id',
  'at',
  'hotel',
  'booking',
  'guest_name',
  'room',
  'status',
  'status_date',
  'arrival',
  'departure',
  'nights',
  'phone',
  'email',
  'document_type',
  'document',
  'country',
  'adults',
  'children',
  'babies',
  'meal',
  'adr',
  'reserved_room_type',
  'assigned_room_type',
  'market_segment',
  'distribution_channel',
  'agent',
  'company',
  'customer_type',
  'deposit_type',
  'is_canceled',
  'is_repeated_guest',
  'previous_cancellations',
  'previous_bookings_not_canceled',
  'booking_changes',
  'days_in_waiting_list',
  'required_car_parking_spaces',
  'total_of_special_requests',
  'lead_time',
  'arrival_date_year',
  'arrival_date_month',
  'arrival_date_week_number',
  'arrival_date_day_of_month',
  'stays_in_weekend_nights',
  'stays_in_week_nights',
  'remarks',
] as const;
type Column = (typeof COLUMNS)[number];

const NEVER_CAME = /cancel|no[\s_-]?show|取消|未到|未入住/i;

/**
 * Stay records 入住登记 as a table: a register with the guest's identity, or the extract of 32 columns without any (`hotel,
 * is_canceled, lead_time, arrival_date_year …`; rfordatascience/tidytuesday data/2020/2020-02-11/hotels.csv), whose rows
 * belong to nobody (`no-guest`) unless a booking, guest or conversation column stands beside them. `NULL` is an empty cell.
 * One record a row; its time is that of column `at`, else the arrival (`planned`). All identifiers of a row are one guest's, name and
 * room for each night of the stay, unless the guest never came.
 */
export const stay = mappedTable<Column>(
  'stay',
  {
    columns: COLUMNS,
    aliases: {
      ...COMMON_ALIASES,
      record_id: [
        '登记编号',
        '记录编号',
        '流水号',
        'id',
        'record id',
        'registration no',
        'registration number',
      ],
      at: ['时间', '登记时间', '记录时间', 'time', 'registered at', 'created at', 'timestamp'],
      hotel: ['酒店', '酒店名称', '门店', 'property'],
      guest_name: [...COMMON_ALIASES.guest_name, '姓名', '登记姓名'],
      status: ['状态', '预订状态', '入住状态', 'reservation status'],
      status_date: ['状态日期', 'reservation status date'],
      nights: ['晚数', '间夜', '天数', 'number of nights', 'los', 'length of stay'],
      document_type: ['证件类型', '证件种类', 'id type'],
      country: ['国籍', '国家', '国家地区', 'nationality'],
      adults: ['成人', '成人数'],
      children: ['儿童', '儿童数'],
      adr: ['房价', '日均房价', 'room rate', 'rate'],
      assigned_room_type: ['房型', '入住房型', 'room type'],
      reserved_room_type: ['预订房型'],
      distribution_channel: ['渠道', '预订渠道', 'channel'],
      market_segment: ['市场', '客源', 'segment'],
      company: ['公司', '协议单位'],
      remarks: ['备注', 'remark', 'notes', 'comment'],
    },
    required: [['arrival', 'arrival_date_year', 'at']],
    long: ['remarks'],
    empty: ['NULL'],
  },
  draftOf,
);

function draftOf(row: TableRow<Column>, options: ImportOptions): RowOutcome {
  const arrivalCell = plainCell(row.cell('arrival')) || arrivalInParts(row);
  if (arrivalCell === null) return 'invalid-date';
  const recorded = plainCell(row.cell('at'));
  const time = recorded || arrivalCell;
  const instant = tableInstant(time, options, { dayAlone: true });
  if ('reason' in instant) return instant.reason;
  const arrival = dayIn(arrivalCell, options);
  if (arrival === null && arrivalCell !== '') return 'invalid-field:arrival';
  const departureCell = row.cell('departure');
  const departure = departureCell === '' ? departureByNights(row, arrival) : dayIn(departureCell, options);
  if (departure === null && departureCell !== '') return 'invalid-field:departure';
  if (arrival !== null && departure !== null && departure < arrival) return 'invalid-field:departure';

  const came = !NEVER_CAME.test(row.cell('status')) && row.cell('is_canceled') !== '1';
  const identifiers: Identifier[] = [
    ...identifiersIn(row, ['booking', 'phone', 'email', 'document']).map((one) => withCountry(one, row)),
    ...(came ? nameAndRoom(row.cell('guest_name'), plainCell(row.cell('room')), arrival, departure) : []),
  ];
  const [first] = identifiers;
  if (first === undefined) return 'no-guest';
  return {
    ...PLAIN_DRAFT,
    sourceMessageId: plainCell(row.cell('record_id')) || null,
    placements: [{ conversation: JSON.stringify([first.kind, first.value]), identifiers }],
    at: instant.at,
    ...(recorded === '' ? { planned: true } : {}),
    category: 'stay',
    from: { role: 'system', id: null, name: null },
    text: labelledCells(
      '入住登记 stay',
      COLUMNS.flatMap((column) =>
        column === 'record_id' || column === 'at' ? [] : [[LABELS[column], row.cell(column)] as const],
      ),
    ),
    sourceType: 'stay',
  };
}

/** Kinds of documents whose numbers the guest's own country gives, each to one person. */
const NATIONAL_DOCUMENT = /护照|passport|身份证|identity card|id card/i;

/** A document's number with who issued it, where the row says of what kind it is and of which country its holder. */
function withCountry(identifier: Identifier, row: TableRow<Column>): Identifier {
  if (identifier.kind !== 'document') return identifier;
  const country = NATIONAL_DOCUMENT.test(row.cell('document_type')) ? countryIn(row.cell('country')) : null;
  return country === null ? identifier : { ...identifier, issuer: country };
}

/** A day whose year, month (by its English name or number) and day stand in columns of their own; null where it is none. */
function arrivalInParts(row: TableRow<Column>): string | null {
  const year = row.cell('arrival_date_year');
  if (year === '') return '';
  const text = `${year} ${row.cell('arrival_date_month')} ${row.cell('arrival_date_day_of_month')}`;
  for (const format of ['yyyy MMMM d', 'yyyy MMM d', 'yyyy M d']) {
    const day = DateTime.fromFormat(text, format, { zone: 'utc', locale: 'en-US' });
    if (day.isValid) return day.toISODate();
  }
  return null;
}

function departureByNights(row: TableRow<Column>, arrival: string | null): string | null {
  const cells = row.cell('nights') !== '' ? ['nights' as const] : PARTS;
  const nights = cells.reduce((sum, column) => sum + Number(row.cell(column)), 0);
  if (arrival === null || !Number.isInteger(nights) || nights < 1 || nights > LIMITS.countedNights)
    return null;
  return DateTime.fromISO(arrival, { zone: 'utc' }).plus({ days: nights }).toISODate();
}

const PARTS = ['stays_in_weekend_nights', 'stays_in_week_nights'] as const;
