import { z } from 'zod';
import { instantSchema } from '../../shared/domain/instant.ts';

/**
 * The body of `POST /retention/runs`. `asOf` says what would be due at another time: anywhere on a dry run, which
 * changes nothing; for a run that deletes only where the deployment takes an injected time.
 */
export function runBodySchema(clock: 'system' | 'injectable') {
  return z
    .strictObject({ asOf: instantSchema.optional(), dryRun: z.boolean().default(false) })
    .refine(({ asOf, dryRun }) => asOf === undefined || dryRun || clock === 'injectable', {
      message:
        'this deployment deletes by its own clock: asOf goes with dryRun only · 此部署按自己的时钟删除:asOf 只能与 dryRun 同用',
      path: ['asOf'],
    });
}
