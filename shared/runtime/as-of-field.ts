import { z } from 'zod';

const instant = z.iso.datetime({ offset: true, error: 'must be an ISO 8601 date and time with a zone' });

/** The body field `asOf`: an injected time where the deployment allows one; elsewhere it may not be there. */
export function asOfField(mode: 'system' | 'injectable') {
  return instant
    .optional()
    .refine((time) => time === undefined || mode === 'injectable', 'this deployment takes no injected time');
}
