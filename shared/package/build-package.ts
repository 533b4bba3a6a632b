import { createPublicKey } from 'node:crypto';
import type { AccessGrant, Opening } from '../domain/access-grant.ts';
import type { CustodyEvent } from '../domain/custody-event.ts';
import { sha256 } from '../domain/digest.ts';
import type { RegionConfig } from '../domain/region-config.ts';
import { requestStatement } from '../domain/request-digest.ts';
import type { StepUpEvidence } from '../domain/step-up.ts';
import type { Signer } from '../ports/signer.ts';
import type { Completeness } from './completeness.ts';
import {
  ENTRIES,
  keyEntryName,
  type Manifest,
  manifestSchema,
  noteText,
  type PackageKey,
  type Watermark,
} from './manifest.ts';
import { readmeText } from './readme.ts';
import { signNote, verifierKey } from './signed-note.ts';
import type { StagedRecord } from './staged-records.ts';
import { transcriptHtml } from './transcript.ts';
import { writeZip, type ZipEntry } from './zip-writer.ts';

/** The grant's row can't be the one that this copy is of: it lacks what check and provision set, or its events. */
export class PackageInputError extends Error {
  override name = 'PackageInputError';
}

export type PackageInput = {
  region: Pick<RegionConfig, 'region' | 'hotels'>;
  grant: AccessGrant;
  opening: Pick<Opening, 'openingId' | 'by' | 'createdAt'>;
  records: readonly StagedRecord[];
  completeness: Completeness;
  /** The media that the records name, in their order. */
  media?: readonly ZipEntry[];
  /** What the approvers' devices signed, in the order of the grant's approvals. */
  signedApprovals: readonly StepUpEvidence[];
  /** The chain `request/ID`; what came after the grant's row was read is left out. */
  events: readonly CustodyEvent[];
  signer: Signer;
};

/**
 * The ZIP of one opening (docs/formats/package.md): the same input gives the same bytes, so that rendering it again
 * changes nothing. Throws PackageInputError.
 */
export async function buildPackage(input: PackageInput): Promise<Buffer> {
  const { region, grant, records, completeness, signer } = input;
  const { keyId, spki, fingerprint } = await signer.publicKey();
  const events = eventsUpTo(input);
  const watermark = watermarkOf(input, events);
  const keyName = `dualkey/${region.region}`;
  const facts = {
    ...factsOf(input, events, watermark),
    signer: { keyId, fingerprint, keyName },
  };
  const keyEntry = keyEntryName(keyId);
  const contents: ZipEntry[] = [
    entry(keyEntry, prettyJson(publicKey(keyId, keyName, spki))),
    entry(ENTRIES.readme, readmeText(facts, keyEntry)),
    entry(ENTRIES.transcript, transcriptHtml(facts, records, completeness, region.hotels)),
    entry(ENTRIES.records, ndjson(records.map((record) => ({ ...record, watermark })))),
    entry(ENTRIES.completeness, prettyJson(completeness)),
    entry(ENTRIES.events, ndjson(events)),
    entry(ENTRIES.approvals, prettyJson(input.signedApprovals)),
    ...(input.media ?? []),
  ];
  const manifest: Manifest = {
    ...facts,
    entries: contents.map(({ name, bytes }) => ({ name, bytes: bytes.length, sha256: sha256(bytes) })),
  };
  const parsed = manifestSchema.safeParse(manifest);
  if (!parsed.success) {
    const where = parsed.error.issues.map(({ path }) => path.join('.')).join(', ');
    throw new PackageInputError(`Request ${grant.requestId} makes no manifest: ${where}`);
  }
  const manifestBytes = Buffer.from(prettyJson(manifest));
  const note = await signNote(noteText(manifest, sha256(manifestBytes)), keyName, signer);
  return writeZip([
    { name: ENTRIES.manifest, bytes: manifestBytes },
    entry(ENTRIES.signature, note),
    ...contents,
  ]);
}

function factsOf(
  { region, grant, records, opening }: PackageInput,
  events: readonly CustodyEvent[],
  watermark: Watermark,
): Omit<Manifest, 'entries' | 'signer'> {
  const head = events.at(-1);
  if (grant.scope === null || grant.requestDigest === null || head === undefined) {
    throw new PackageInputError(`Request ${grant.requestId} was not checked, or its events are missing`);
  }
  return {
    version: 1,
    kind: 'dualkey-package',
    region: region.region,
    createdAt: opening.createdAt,
    requestId: grant.requestId,
    registerNumber: grant.registerNumber,
    request: statementOf(grant),
    requestDigest: grant.requestDigest,
    approvals: grant.approvals.map(({ role, by, at, requestDigest, reasonCommitment, stepUp }) => ({
      role,
      by,
      at,
      requestDigest,
      reasonCommitment,
      // An approval that nobody signed makes no manifest.
      stepUp: stepUp?.evidence ?? '',
    })),
    ruleSet: grant.ruleSet,
    scope: {
      digest: grant.scope.digest,
      records: records.length,
      conversations: new Set(records.map(({ conversationId }) => conversationId)).size,
    },
    windowEnds: grant.windowEnds,
    opening: watermark,
    events: { count: events.length, head: head.digest },
  };
}

/** The statement that was approved, typed. Its digest is checked by whoever verifies, and by provision before. */
function statementOf(grant: AccessGrant): Manifest['request'] {
  const statement = manifestSchema.shape.request.safeParse(requestStatement(grant));
  if (statement.success) return statement.data;
  const where = statement.error.issues.map(({ path }) => path.join('.')).join(', ');
  throw new PackageInputError(`Request ${grant.requestId} makes no statement: ${where}`);
}

/** The chain as the grant's row knows it: an event that came while the copy was prepared belongs to a later row. */
function eventsUpTo({ grant, events }: PackageInput): CustodyEvent[] {
  const known = events.filter(({ sequence }) => sequence <= grant.chain.sequence);
  if (known.length !== grant.chain.sequence || known.at(-1)?.digest !== grant.chain.digest) {
    throw new PackageInputError(`The events of request ${grant.requestId} are not those of its row`);
  }
  return known;
}

function watermarkOf({ grant, opening }: PackageInput, events: readonly CustodyEvent[]): Watermark {
  const opened = events.filter(({ type }) => type === 'grant-opened').length;
  return {
    requester: opening.by,
    grant: grant.requestId,
    opening: opening.openingId,
    number: opened + 1,
    at: opening.createdAt,
  };
}

function publicKey(keyId: string, keyName: string, spki: Uint8Array): PackageKey {
  const der = Buffer.from(spki);
  return {
    keyId,
    algorithm: 'Ed25519',
    fingerprint: sha256(spki),
    spki: der.toString('base64'),
    pem: createPublicKey({ key: der, format: 'der', type: 'spki' })
      .export({ format: 'pem', type: 'spki' })
      .toString(),
    verifierKey: verifierKey(keyName, spki),
  };
}

function entry(name: string, text: string): ZipEntry {
  return { name, bytes: Buffer.from(text) };
}

function prettyJson(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function ndjson(lines: readonly object[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}
