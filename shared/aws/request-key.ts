import type { AccessGrant } from '../domain/access-grant.ts';
import type { RowKey } from './table-reader.ts';

/** The row of a request and of the grant it becomes. */
export function requestKey(requestId: string): RowKey {
  return { pk: `REQUEST#${requestId}`, sk: 'REQUEST' };
}

/** The request's row in the register of a hotel's year, in the order in which requests were made. */
export function registerKey(
  { requestId, requestedAt }: Pick<AccessGrant, 'requestId' | 'requestedAt'>,
  hotel: string,
): RowKey {
  return { pk: registerOf(hotel, requestedAt.slice(0, 4)), sk: `${requestedAt}#${requestId}` };
}

/** The partition of a hotel's register of one year. */
export function registerOf(hotel: string, year: number | string): string {
  return `REGISTER#${hotel}#${year}`;
}

/** A grant's subject in the chain of custody. */
export function requestSubject(requestId: string): string {
  return `request/${requestId}`;
}
