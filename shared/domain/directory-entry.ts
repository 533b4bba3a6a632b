import { z } from 'zod';
import { instantSchema } from './instant.ts';
import { JURISDICTIONS } from './jurisdiction.ts';
import { nobody, personSchema, secondmentSchema } from './person.ts';
import { ROLE_NAMES } from './roles.ts';
import { shiftSchema } from './shift.ts';

/** How an issuer of tokens names somebody: its `iss` and `sub`. */
export const loginSchema = z.object({ issuer: z.string(), subject: z.string() });
export type Login = z.infer<typeof loginSchema>;

/** All that the directory says of one person, as a change sees it. */
export const directoryEntrySchema = z.object({
  person: personSchema,
  /** Everyone above the person, nearest first. */
  superiors: z.array(z.string()),
  shifts: z.array(shiftSchema),
  /** Guest ids of an account manager's own clients (T6). */
  clients: z.array(z.string()),
  login: loginSchema.nullable(),
});
export type DirectoryEntry = z.infer<typeof directoryEntrySchema>;

/** Somebody whom the directory doesn't have yet. */
export function newEntry(personId: string): DirectoryEntry {
  return { person: nobody(personId), superiors: [], shifts: [], clients: [], login: null };
}

const hotelsSchema = z.union([z.literal('*'), z.array(z.string())]);

/**
 * What is to become of one person: each field that is there is its whole new value, each that isn't stays as it is. Shifts
 * alone are added: they replace those that begin in the time which they cover; an empty list takes them all away.
 */
export const staffPatchSchema = z.object({
  personId: z.string(),
  username: z.string().optional(),
  displayName: z.string().optional(),
  department: z.string().optional(),
  hotel: z.string().optional(),
  manager: z.string().nullable().optional(),
  active: z.boolean().optional(),
  roles: z.array(z.object({ role: z.enum(ROLE_NAMES), hotels: hotelsSchema })).optional(),
  deputyships: z
    .array(
      z.object({
        role: z.enum(ROLE_NAMES),
        hotels: hotelsSchema,
        deputyOf: z.string(),
        from: instantSchema,
        until: instantSchema,
      }),
    )
    .optional(),
  accounts: z.array(z.string()).optional(),
  clients: z.array(z.string()).optional(),
  shifts: z.array(shiftSchema).optional(),
  training: instantSchema.nullable().optional(),
  exam: instantSchema.nullable().optional(),
  secondments: z.array(secondmentSchema).optional(),
  mentor: z.string().nullable().optional(),
  legalEntity: z.string().nullable().optional(),
  jurisdiction: z.enum(JURISDICTIONS).nullable().optional(),
  login: loginSchema.nullable().optional(),
});
export type StaffPatch = z.infer<typeof staffPatchSchema>;

/** A name of a field of a patch: what events and lists of changes say instead of its value. */
export const staffFieldSchema = staffPatchSchema.omit({ personId: true }).keyof();
export type StaffField = z.infer<typeof staffFieldSchema>;
