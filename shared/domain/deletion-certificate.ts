import { z } from 'zod';
import type { Digest } from './digest.ts';
import { RECORD_CLASSES } from './record.ts';

const count = z.number().int().min(0);
const bilingual = z.object({ en: z.string(), zh: z.string() });

/** What was deleted, why, when, by which rule (D4). Never content, a name, or an identifier. */
export const deletionCertificateSchema = z.object({
  version: z.literal(1),
  certificateId: z.string(),
  region: z.string(),
  what: z.object({
    hotel: z.string(),
    recordClass: z.enum(RECORD_CLASSES),
    period: z.string(),
    blocks: count,
    records: count,
    /** Media of these records. */
    media: count.default(0),
    guestKeys: count,
  }),
  /** Kept because a legal hold stands on it (D3). */
  held: z.object({ blocks: count, records: count, media: count.default(0), guestKeys: count }),
  why: z.object({ rules: z.array(z.string()), reason: bilingual }),
  when: z.object({
    dueAt: z.string(),
    intendedAt: z.string(),
    decidedAt: z.string(),
    deletedAt: z.string(),
    /** Days by which the first record outlived its own term. */
    overshootDays: count,
  }),
  responsible: z.string(),
  /** Steps that were done, in this order. */
  steps: z.array(z.enum(['audit', 'backup-check', 'delete', 'certificate', 'notice'])),
  /** Until when an administrator could restore wrapped keys: the longest cache, and the key table's recovery after it. */
  recoverableUntil: z.string(),
  limits: bilingual,
  /** Digests of the ledger's two entries. */
  ledger: z.object({ intent: z.string(), decision: z.string() }),
});
export type DeletionCertificate = z.infer<typeof deletionCertificateSchema>;

export const CERTIFICATE_LIMITS = {
  en: 'Unusable by the product at once. Until the time stated an administrator of the account could restore wrapped keys; copies made earlier can’t be recalled.',
  zh: '产品内即刻不可用。在所示时间之前,账户管理员仍可能恢复被封装的密钥;此前已作出的副本无法收回。',
} as const;

/** Keys in the evidence bucket. Ids begin with their time, so that a listing is in order. */
export const certificateKeys = {
  folder: 'certificates/',
  certificate: (certificateId: string): string => `certificates/${certificateId}.json`,
  signature: (certificateId: string): string => `certificates/${certificateId}.json.sig`,
};

/** What the signature signs: the certificate by its digest. */
export function certificateNote(certificateId: string, digest: Digest): string {
  return ['dualkey deletion certificate v1', `certificate ${certificateId}`, `digest ${digest}`, ''].join(
    '\n',
  );
}
