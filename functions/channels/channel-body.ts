import { IANAZone } from 'luxon';
import { z } from 'zod';
import { CHANNELS, channelAccountSchema } from '../../shared/domain/channel.ts';
import { LIMITS } from '../../shared/domain/limits.ts';
import { CATEGORIES } from '../../shared/domain/record.ts';

const place = {
  channel: z.enum(CHANNELS, `must be one of ${CHANNELS.join(', ')} · 须为下列之一:${CHANNELS.join(', ')}`),
  account: channelAccountSchema,
};
/** Checked by the channel's own schema; what is wrong with it is said without a word of it. */
const secrets = z.record(z.string().max(64), z.string().max(LIMITS.channelSecretCharacters));

/** What `POST /channels` takes. */
export const addBodySchema = z.strictObject({
  ...place,
  hotel: z.string().max(LIMITS.referenceCharacters),
  category: z
    .enum(CATEGORIES, `must be one of ${CATEGORIES.join(', ')} · 须为下列之一:${CATEGORIES.join(', ')}`)
    .default('enquiry'),
  timezone: z
    .string()
    .max(LIMITS.referenceCharacters)
    .refine(
      (zone) => IANAZone.isValidZone(zone),
      'must be an IANA zone such as Asia/Shanghai · 须为 IANA 时区,如 Asia/Shanghai',
    )
    .optional(),
  secrets,
});

/** What `POST /channels/rotate` takes: new secrets beside the present ones, or (`finish`) the older ones gone. */
export const rotateBodySchema = z.union([
  z.strictObject({ ...place, secrets }),
  z.strictObject({ ...place, finish: z.literal(true) }),
]);

/** What `POST /channels/remove` takes. */
export const removeBodySchema = z.strictObject(place);

/** What `POST /channels/read-again` takes. */
export const readAgainBodySchema = z.strictObject({ hotel: z.string().max(LIMITS.referenceCharacters) });

export type AddBody = z.infer<typeof addBodySchema>;
export type RotateBody = z.infer<typeof rotateBodySchema>;
export type RemoveBody = z.infer<typeof removeBodySchema>;
