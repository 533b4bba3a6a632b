import { DateTime } from 'luxon';
import type { RegionConfig } from '../domain/region-config.ts';

export type HotelPlace = Pick<RegionConfig['hotels'][number], 'code' | 'name' | 'zone'>;

/** An instant as the hotel's clock showed it, with its offset: `2026-05-01 08:00:03 +08:00`. */
export function hotelTime(at: string, zone: string): string {
  return DateTime.fromISO(at, { zone }).toFormat('yyyy-MM-dd HH:mm:ss ZZ');
}

/** The zone of the first of these hotels that is known; UTC where none is. */
export function zoneOf(hotels: readonly HotelPlace[], codes: readonly string[]): string {
  return hotels.find(({ code }) => codes.includes(code))?.zone ?? 'UTC';
}
