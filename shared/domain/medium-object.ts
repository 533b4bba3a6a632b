/** Where a medium lies in the vault bucket: beside the blocks of its record's period. */
export function mediumObject(
  place: { hotel: string; recordClass: string; period: string },
  mediaId: string,
): string {
  return `${place.hotel}/${place.recordClass}/${place.period}/${mediaId}`;
}
