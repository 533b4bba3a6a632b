import { z } from 'zod';
import { guestIdentifierSchema } from '../domain/hotel-guest.ts';
import { instantSchema } from '../domain/instant.ts';
import { JURISDICTIONS } from '../domain/jurisdiction.ts';
import { LIMITS } from '../domain/limits.ts';
import { ROLE_NAMES } from '../domain/roles.ts';
import { parseInstant } from '../sources/time/instant.ts';

/** An opaque id as the directory gives them, and demo directories have them. */
export const PERSON_ID = /^p_[a-z0-9]{1,40}$/;

const word = z.string().trim().min(1).max(LIMITS.staffNameCharacters);
const username = word.regex(/^[A-Za-z0-9][A-Za-z0-9._@+-]*$/).refine((name) => !PERSON_ID.test(name));
/** A person of the directory or of the file: by id or by username. */
const somebody = word.regex(/^[A-Za-z0-9][A-Za-z0-9._@+-]*$/);
const role = z.enum(ROLE_NAMES, { error: 'unknown-role' });
/** Compared with the region's own afterwards. */
const hotel = z.string({ error: 'unknown-hotel' }).regex(/^[A-Z0-9]{3,12}$/, 'unknown-hotel');
const hotels = z.union([z.literal('*'), z.array(hotel).min(1).max(LIMITS.hotelsPerRequest)], {
  error: 'unknown-hotel',
});
const account = z
  .string()
  .regex(/^[a-z-]+:\S+$/)
  .max(LIMITS.identifierCharacters);

/** A time with its offset, kept in UTC. */
const instant = z.string().transform((text, context) => {
  const time = timeOf(text, null);
  if (typeof time !== 'string') return time.toISOString();
  context.addIssue({ code: 'custom', message: time });
  return z.NEVER;
});

/** A guest as `phone:+8613800138000`, or as an object with an issuer. It is looked up, and stands nowhere after. */
const guest = z.union([
  guestIdentifierSchema,
  z
    .string()
    .regex(/^[a-z-]+:./)
    .transform((text) => ({
      kind: text.slice(0, text.indexOf(':')),
      value: text.slice(text.indexOf(':') + 1),
    }))
    .pipe(guestIdentifierSchema),
]);

/** A shift: its times have an offset each, or are in `zone` (IANA). */
const shift = z
  .strictObject({ hotel, from: z.string(), to: z.string(), zone: z.string().optional() })
  .transform(({ hotel: where, from, to, zone }, context) => {
    if (zone !== undefined && !isZone(zone)) {
      context.addIssue({ code: 'custom', message: 'unknown-zone', path: ['zone'] });
      return z.NEVER;
    }
    const [begins, ends] = [timeOf(from, zone ?? null), timeOf(to, zone ?? null)];
    for (const [field, time] of [['from', begins] as const, ['to', ends] as const]) {
      if (typeof time === 'string') context.addIssue({ code: 'custom', message: time, path: [field] });
    }
    if (typeof begins === 'string' || typeof ends === 'string') return z.NEVER;
    if (ends <= begins) {
      context.addIssue({ code: 'custom', message: 'ends-before-it-begins', path: ['to'] });
    } else if (ends.getTime() - begins.getTime() > LIMITS.shiftHours * 3_600_000) {
      context.addIssue({ code: 'custom', message: 'shift-too-long', path: ['to'] });
    }
    return { hotel: where, from: begins.toISOString(), to: ends.toISOString() };
  });

function timeOf(text: string, zone: string | null): Date | 'no-zone' | 'bad-value' {
  const read = parseInstant(text, zone);
  if ('reason' in read) return read.reason === 'date-without-zone' ? 'no-zone' : 'bad-value';
  const checked = instantSchema.safeParse(read.at.toISOString());
  return checked.success ? read.at : 'bad-value';
}

function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

const isForward = ({ from, until }: { from: string; until: string }) => from < until;

/**
 * What a directory file says of one person. A field that isn't there stays as it is; null takes away. Whatever is not as it
 * should be has a code of FILE_FAULTS for its message, or none where no more than `bad-value` can be said.
 */
export const staffFieldsSchema = z.strictObject({
  personId: z.string().regex(PERSON_ID).optional(),
  username: username.optional(),
  displayName: word.optional(),
  department: word.optional(),
  hotel: hotel.optional(),
  manager: somebody.nullable().optional(),
  active: z.boolean().optional(),
  roles: z.array(z.strictObject({ role, hotels })).max(LIMITS.rolesPerPerson).optional(),
  deputies: z
    .array(
      z
        .strictObject({ role, for: somebody, hotels, from: instant, until: instant })
        .refine(isForward, { error: 'ends-before-it-begins', path: ['until'] }),
    )
    .max(LIMITS.rolesPerPerson)
    .optional(),
  accounts: z.array(account).max(LIMITS.accountsPerPerson).optional(),
  clients: z.array(guest).max(LIMITS.clientsPerPerson).optional(),
  shifts: z.array(shift).max(LIMITS.shiftsPerPerson).optional(),
  training: instant.nullable().optional(),
  exam: instant.nullable().optional(),
  secondments: z
    .array(
      z
        .strictObject({ department: word, hotel, from: instant, to: instant })
        .refine(({ from, to }) => from < to, { error: 'ends-before-it-begins', path: ['to'] }),
    )
    .max(LIMITS.secondmentsPerPerson)
    .optional(),
  mentor: somebody.nullable().optional(),
  legalEntity: word.nullable().optional(),
  jurisdiction: z.enum(JURISDICTIONS).nullable().optional(),
  issuer: z.url().max(LIMITS.identifierCharacters).optional(),
  subject: word.nullable().optional(),
});
export type StaffFields = z.infer<typeof staffFieldsSchema>;

/** One person of a file: where it begins, and on which line each field that may turn out wrong later stands. */
export type StaffLine = {
  line: number;
  fields: StaffFields;
  lineOf(field: string): number;
  /** Fields that can't be read (empty: none of them can); only of a file that is refused. */
  unread?: readonly string[];
};
