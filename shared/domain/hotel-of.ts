import type { RegionConfig } from './region-config.ts';

export type Hotel = RegionConfig['hotels'][number];

/** Somebody works for a hotel that the region's configuration doesn't have. */
export class UnknownHotelError extends Error {
  override name = 'UnknownHotelError';
}

/** The hotel of this code. Throws UnknownHotelError. */
export function hotelOf(region: Pick<RegionConfig, 'hotels'>, code: string): Hotel {
  const hotel = region.hotels.find((one) => one.code === code);
  if (hotel === undefined) throw new UnknownHotelError(`Hotel ${code} is not in this region`);
  return hotel;
}

/**
 * The hotel's IANA zone; UTC where the region has it no longer: what was kept for it is still read, merged and deleted, and
 * periods that were named before keep their names.
 */
export function zoneOf<Zoned extends { code: string; zone: string }>(
  { hotels }: { hotels: readonly Zoned[] },
  code: string,
): string {
  return hotels.find((one) => one.code === code)?.zone ?? 'UTC';
}
