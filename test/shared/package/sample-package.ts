import { generateKeyPairSync, sign } from 'node:crypto';
import type { AccessGrant } from '../../../shared/domain/access-grant.ts';
import {
  type ChainHead,
  type CustodyEvent,
  EMPTY_CHAIN,
  nextEvent,
} from '../../../shared/domain/custody-event.ts';
import { digestOf, sha256 } from '../../../shared/domain/digest.ts';
import { PLAIN_RECORD, type StoredRecord } from '../../../shared/domain/record.ts';
import { requestDigest } from '../../../shared/domain/request-digest.ts';
import { freezeScope } from '../../../shared/domain/scope.ts';
import type { StepUpEvidence } from '../../../shared/domain/step-up.ts';
import { buildPackage, type PackageInput } from '../../../shared/package/build-package.ts';
import { completenessOf } from '../../../shared/package/completeness.ts';
import type { Masking } from '../../../shared/package/mask.ts';
import type { PinnedKey } from '../../../shared/package/pinned-keys.ts';
import { type FoundRecord, stageRecords } from '../../../shared/package/staged-records.ts';
import type { Signer } from '../../../shared/ports/signer.ts';
import { challengeFor, deviceOf, newKey, SITE, signed, statementFor } from '../../fakes/signing-person.ts';
import { request } from '../policy/staff.ts';

export const REGION = {
  region: 'cn-north-1',
  hotels: [
    { code: 'SHA01', name: '上海外滩店', zone: 'Asia/Shanghai', country: 'CN' as const },
    { code: 'HGH02', name: '杭州西湖店', zone: 'Asia/Shanghai', country: 'CN' as const },
  ],
};

/** A signer with a key of its own, as the region's KMS key signs. */
export function localSigner(keyId = '6f1c2d3e-0000-4000-8000-000000000001'): Signer & { pinned: PinnedKey } {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const spki = publicKey.export({ format: 'der', type: 'spki' });
  const fingerprint = sha256(spki);
  return {
    pinned: { keyId, fingerprint, spki, region: 'cn-north-1' },
    sign: async (message) => {
      if (message.length > 4096) throw new RangeError('KMS signs at most 4,096 bytes');
      return { keyId, signature: sign(null, message, privateKey) };
    },
    publicKey: async () => ({ keyId, spki, fingerprint }),
  };
}

export function storedRecord(index: number, changes: Partial<StoredRecord> = {}): StoredRecord {
  return {
    recordId: sha256(`record ${index}`).slice(7, 39),
    platform: 'wecom',
    category: 'enquiry',
    at: new Date(Date.UTC(2026, 4, 1, 0, index)).toISOString(),
    from:
      index % 2 === 0
        ? { role: 'guest', id: 'wmGuest01', name: '王小明' }
        : { role: 'staff', id: 'frontdesk01', name: '李前台' },
    text: `第 ${index} 条消息 message`,
    ...PLAIN_RECORD,
    sourceType: 'text',
    line: index + 1,
    original: Buffer.from(`original ${index}`),
    ...changes,
  };
}

export function found(record: StoredRecord, changes: Partial<FoundRecord['block']> = {}): FoundRecord {
  return {
    record,
    block: {
      conversationId: 'cnv_00000000000000000000000000000001',
      hotel: 'SHA01',
      batchId: 'bat_01',
      guestId: 'gst_01',
      ...changes,
    },
    commitment: sha256(`salt ${record.recordId}`).slice(7),
  };
}

const REQUEST = 'req_01k5a0000000000000000000';

type Approval = AccessGrant['approvals'][number];
type Approver = Pick<Approval, 'role' | 'by'>;
const APPROVERS: readonly Approver[] = [
  { role: 'privacy-officer', by: 'p_privacy1' },
  { role: 'infosec-director', by: 'p_infosec1' },
];

/** Everything that one package is made of; `change` alters the grant before it is approved. */
export function samplePackage(
  records: FoundRecord[] = [found(storedRecord(0)), found(storedRecord(1)), found(storedRecord(2))],
  change: Partial<AccessGrant> & { masking?: Masking } = {},
  signer = localSigner(),
  approvers: readonly Approver[] = APPROVERS,
): PackageInput & { signer: ReturnType<typeof localSigner> } {
  const frozen = freezeScope(
    records.map(({ record, commitment, media }) => ({
      recordId: record.recordId,
      commitment,
      ...(media === undefined ? {} : { media: [...media] }),
    })),
  );
  const masking = change.masking ?? 'masked';
  const staged = stageRecords(records, masking);
  const grant = request({
    requestId: REQUEST,
    state: 'awaiting-approval',
    chain: { sequence: 0, digest: null },
    requestedAt: '2026-06-01T01:00:00.000Z',
    requester: 'p_legal1',
    recipient: 'p_legal1',
    from: '2026-05-01T00:00:00+08:00',
    to: '2026-05-31T23:59:59+08:00',
    masking,
    registerNumber: 'SHA01-2026-0001',
    route: ['privacy-officer', 'infosec-director'],
    ruleSet: sha256('rules'),
    scope: {
      digest: frozen.digest,
      conversations: new Set(staged.map(({ conversationId }) => conversationId)).size,
      records: frozen.scope.records.length,
      guests: ['gst_01'],
      sensitive: 0,
    },
    ...change,
  });
  grant.requestDigest = requestDigest(grant);
  const digest = grant.requestDigest;
  grant.approvals = approvers.map(({ role, by }, at) =>
    approval(role, by, `2026-06-01T0${at + 2}:00:00.000Z`, digest),
  );
  const open: AccessGrant = {
    ...grant,
    state: 'open',
    provisionedAt: '2026-06-01T03:00:05.000Z',
    windowEnds: '2026-06-04T03:00:05.000Z',
  };
  const events = chainOf(open);
  const last = events.at(-1);
  return {
    region: REGION,
    grant: { ...open, chain: { sequence: events.length, digest: last?.digest ?? null } },
    opening: { openingId: `opn_${'ab12'.repeat(8)}`, by: 'p_legal1', createdAt: '2026-06-01T04:00:00.000Z' },
    records: staged,
    completeness: completenessOf({
      scope: frozen.scope,
      scopeDigest: frozen.digest,
      records: staged,
      newer: [],
      batches: [{ batchId: 'bat_01', accepted: 3, duplicates: 0, conflicts: 0, rejected: 0, lacks: null }],
      commitments: new Map(),
    }),
    events,
    signedApprovals: grant.approvals.map(({ role, by, at, requestDigest: approved }) =>
      signedApproval(role, by, at, approved),
    ),
    signer,
  };
}

function approval(role: Approval['role'], by: string, at: string, digest: string): Approval {
  const evidence = signedApproval(role, by, at, digest);
  return {
    role,
    by,
    at,
    requestDigest: digest,
    decision: 'approve',
    reason: 'sealed',
    reasonCommitment: evidence.statement.reason ?? '',
    stepUp: { credentialId: evidence.credential.credentialId, evidence: digestOf(evidence) },
  };
}

const signedAlready = new Map<string, StepUpEvidence>();

/** What the approver's device signed a minute before; the same for the same approval. */
export function signedApproval(
  role: Approval['role'],
  by: string,
  at: string,
  digest: string,
  changes: (evidence: StepUpEvidence) => StepUpEvidence = (same) => same,
): StepUpEvidence {
  const known = signedAlready.get([role, by, at, digest].join());
  if (known !== undefined) return changes(known);
  const act = {
    action: 'approve',
    subject: REQUEST,
    digest,
    role,
    reason: `reason of ${by}`,
    person: by,
    now: new Date(Date.parse(at) - 60_000),
  } as const;
  const key = newKey();
  const { statement, assertion } = signed(key, statementFor(act, challengeFor(act)));
  const { credentialId, kind, publicKey, enrolled, confirmed } = deviceOf(key, by);
  const { credentialId: _, ...parts } = assertion;
  const evidence: StepUpEvidence = {
    version: 1,
    kind: 'dualkey-step-up',
    relyingParty: SITE,
    statement,
    credential: {
      credentialId,
      kind,
      publicKey,
      enrolled,
      confirmed: confirmed ?? { by: 'p_confirmer', at },
    },
    counterBefore: 0,
    assertion: parts,
  };
  signedAlready.set([role, by, at, digest].join(), evidence);
  return changes(evidence);
}

/** The chain of a request that was made, checked, approved and provisioned. */
export function chainOf(grant: AccessGrant): CustodyEvent[] {
  const drafts: Pick<CustodyEvent, 'type' | 'actor' | 'at' | 'data'>[] = [
    { type: 'request-made', actor: grant.requester, at: grant.requestedAt, data: {} },
    {
      type: 'request-checked',
      actor: 'function:check',
      at: grant.requestedAt,
      data: { requestDigest: grant.requestDigest },
    },
    ...grant.approvals.map(({ by, at, role, requestDigest: digest, reasonCommitment, stepUp }) => ({
      type: 'request-approved' as const,
      actor: by,
      at,
      data: { role, requestDigest: digest, reasonCommitment, stepUp: stepUp?.evidence ?? null },
    })),
    { type: 'grant-provisioned', actor: 'function:provision', at: grant.provisionedAt ?? '', data: {} },
  ];
  return linked(grant.requestId, drafts);
}

export function linked(
  requestId: string,
  drafts: Pick<CustodyEvent, 'type' | 'actor' | 'at' | 'data'>[],
): CustodyEvent[] {
  const events: CustodyEvent[] = [];
  let head: ChainHead = EMPTY_CHAIN;
  for (const draft of drafts) {
    const event = nextEvent(head, { ...draft, subject: `request/${requestId}`, at: new Date(draft.at) });
    head = { sequence: event.sequence, digest: event.digest };
    events.push(event);
  }
  return events;
}

export async function sampleZip(): Promise<{ bytes: Buffer; input: ReturnType<typeof samplePackage> }> {
  const input = samplePackage();
  return { bytes: await buildPackage(input), input };
}
