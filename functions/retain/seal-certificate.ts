import { canonicalJson } from '../../shared/domain/canonical-json.ts';
import {
  CERTIFICATE_LIMITS,
  certificateKeys,
  certificateNote,
  type DeletionCertificate,
  deletionCertificateSchema,
} from '../../shared/domain/deletion-certificate.ts';
import type { DeletionDecision, DeletionIntent } from '../../shared/domain/deletion-ledger.ts';
import { type Digest, digestOf, sha256 } from '../../shared/domain/digest.ts';
import { zoneOf } from '../../shared/domain/hotel-of.ts';
import { LONGEST_CACHE_MS } from '../../shared/domain/key-cache-time.ts';
import { signNote } from '../../shared/package/signed-note.ts';
import { overshootDays, RETENTION_RULES } from '../../shared/policy/retention-rules.ts';
import type { RetainDependencies } from './retain-dependencies.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** An object of the evidence bucket is not what its name says. */
export class EvidenceAlteredError extends Error {
  override name = 'EvidenceAlteredError';
}

/**
 * Writes and signs the certificate of a deletion, each once: the one that an earlier run wrote stands, since it stated
 * when the deletion really ended.
 */
export async function sealCertificate(
  intent: DeletionIntent,
  decision: DeletionDecision,
  { evidence, signer, region, clock }: RetainDependencies,
): Promise<{ certificate: DeletionCertificate; digest: Digest }> {
  const { certificateId, hotel, recordClass, period } = intent;
  const now = clock();
  const rule = RETENTION_RULES[recordClass];
  const zone = zoneOf(region, hotel);
  const first = decision.firstRecordAt === null ? null : new Date(decision.firstRecordAt);
  const heldWhy = decision.held.guestKeys > 0 ? ['D3'] : [];
  const own: DeletionCertificate = {
    version: 1,
    certificateId,
    region: intent.region,
    what: {
      hotel,
      recordClass,
      period,
      ...decision.deleted,
      guestKeys: decision.guestKeys.length,
    },
    held: decision.held,
    why: { rules: [rule.rule, 'D4', ...heldWhy], reason: { en: rule.en, zh: rule.zh } },
    when: {
      dueAt: intent.dueAt,
      intendedAt: intent.intendedAt,
      decidedAt: decision.decidedAt,
      deletedAt: now.toISOString(),
      overshootDays: overshootDays(first, region.retention[recordClass], zone, now),
    },
    responsible: intent.responsible,
    steps: ['audit', 'backup-check', 'delete', 'certificate', 'notice'],
    recoverableUntil: new Date(
      now.getTime() + LONGEST_CACHE_MS + intent.backup.recoveryDays * DAY_MS,
    ).toISOString(),
    limits: CERTIFICATE_LIMITS,
    ledger: { intent: digestOf(intent), decision: digestOf(decision) },
  };
  const bytes = Buffer.from(canonicalJson(own));
  const key = certificateKeys.certificate(certificateId);
  const written = await evidence.putOnce(key, bytes, { contentType: 'application/json' });
  const standing = written === 'written' ? bytes : await evidence.get(key);
  if (standing === null) throw new EvidenceAlteredError(`Certificate ${certificateId} is gone`);
  const certificate = deletionCertificateSchema.parse(JSON.parse(Buffer.from(standing).toString('utf8')));
  if (certificate.certificateId !== certificateId || certificate.ledger.intent !== own.ledger.intent) {
    throw new EvidenceAlteredError(`Certificate ${certificateId} states another deletion`);
  }
  const digest = sha256(standing);
  const note = await signNote(certificateNote(certificateId, digest), `dualkey/${intent.region}`, signer);
  await evidence.putOnce(certificateKeys.signature(certificateId), Buffer.from(note), {
    contentType: 'text/plain',
  });
  return { certificate, digest };
}
