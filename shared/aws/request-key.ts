import type { AccessGrant } from '../domain/access-grant.ts';
import type { RowKey } from './table-reader.ts';

/** The row of a request and of the grant it becomes. */
export function requestKey(requestId: string): RowKey {
  return { pk: `REQUEST#${requestId}`, sk: 'REQUEST' };
}

/** The request's row in the register of a hotel's year. */
export function registerKey(grant: Pick<AccessGrant, 'requestId' | 'requestedAt'>, hotel: string): RowKey {
  return {
    pk: `REGISTER#${hotel}#${grant.requestedAt.slice(0, 4)}`,
    sk: `${grant.requestedAt}#${grant.requestId}`,
  };
}

/** A grant's subject in the chain of custody. */
export function requestSubject(requestId: string): string {
  return `request/${requestId}`;
}
