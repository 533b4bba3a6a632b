import { z } from 'zod';
import type { CustodyEvent } from '../domain/custody-event.ts';
import { custodyEventSchema, faultInChain } from '../domain/custody-event.ts';
import { digestOf, sha256 } from '../domain/digest.ts';
import { ROLES } from '../domain/roles.ts';
import { freezeScope } from '../domain/scope.ts';
import { type StepUpEvidence, stepUpEvidenceSchema } from '../domain/step-up.ts';
import { ATTACHMENTS } from './attachment-file.ts';
import { checkCompleteness } from './check-completeness.ts';
import { checkMedia } from './check-media.ts';
import { checkRecords } from './check-records.ts';
import { checkSignature, faultInPin, keyEntryNameOf, signerOf } from './check-signature.ts';
import { entryOf } from './completeness.ts';
import { faultInApprovals } from './fault-in-approvals.ts';
import { faultInEvents } from './fault-in-events.ts';
import { faultInSignedApprovals } from './fault-in-signed-approvals.ts';
import { LIMITS_OF_PROOF } from './limits-of-proof.ts';
import {
  ENTRIES,
  type Manifest,
  manifestSchema,
  type PackageRecord,
  packageRecordSchema,
} from './manifest.ts';
import { PackageFault, parseDocument, parseLines, refuse } from './package-fault.ts';
import type { PinnedKey } from './pinned-keys.ts';
import { watermarkLine } from './transcript.ts';
import { visibleHtml } from './visible-html.ts';
import { readZip, ZipFaultError } from './zip-reader.ts';

/** In the order in which they are made; one that could not be made, because an earlier one failed, is left out. */
export const CHECK_NAMES = [
  'container',
  'manifest',
  'entries',
  'signature',
  'request',
  'approvals',
  'approvals-signed',
  'records',
  'scope',
  'watermark',
  'completeness',
  'events',
  'signer',
  'limits',
] as const;
export type CheckName = (typeof CHECK_NAMES)[number];
/** `detail` is in Chinese and English. */
export type Check = { name: CheckName; ok: boolean; detail: string };

export type PackageVerification = {
  ok: boolean;
  /** `pinned`: signed by a key that was given from outside. `package-only`: consistent; the signer is not established. */
  trust: 'pinned' | 'package-only';
  /** The result in a sentence, in Chinese and English. */
  summary: string;
  /** What the package says of itself; null where it can't be read. */
  package: { requestId: string; opening: string; createdAt: string; records: number } | null;
  signer: { keyId: string; fingerprint: string } | null;
  checks: Check[];
};

/**
 * Verifies a package offline: its container, the digests of its entries, its signature, and that what it says of
 * request, approvals, scope and custody holds together. `pinned` are keys from outside the package: where they are
 * given and the signer isn't among them, the package fails. Pure; never throws on a package's content.
 */
export function verifyPackageBytes(
  bytes: Uint8Array,
  pinned: readonly PinnedKey[] | null,
): PackageVerification {
  const checks: Check[] = [];
  /** Makes one check: what it found, or null where it failed. */
  function check<Found>(name: CheckName, act: () => { found: Found; zh: string; en: string }): Found | null {
    try {
      const { found, zh, en } = act();
      checks.push({ name, ok: true, detail: `${zh} · ${en}` });
      return found;
    } catch (error) {
      if (!(error instanceof PackageFault) && !(error instanceof ZipFaultError)) throw error;
      const detail = error instanceof PackageFault ? error.message : `ZIP 结构有误 · ${error.message}`;
      checks.push({ name, ok: false, detail });
      return null;
    }
  }

  const zip = check('container', () => {
    const read = readZip(bytes);
    return {
      found: read,
      zh: `${read.length} 个文件,每个字节都有归属`,
      en: `${read.length} entries, every byte accounted for`,
    };
  });
  if (zip === null) return verification(checks, null, false);
  const contents = new Map(zip.map((entry) => [entry.name, entry.bytes]));

  const read = check('manifest', () => ({
    found: readManifest(contents),
    zh: '清单可读',
    en: 'the manifest is readable',
  }));
  if (read === null) return verification(checks, null, false);
  const { manifest, digest } = read;

  check('entries', () => {
    checkEntries(manifest, zip);
    return {
      found: true,
      zh: '所有文件与清单一致,没有多余或缺少',
      en: 'every file is as the manifest says; none is missing or added',
    };
  });

  const key = pinned?.find((one) => faultInPin(one, manifest) === null) ?? null;
  check('signature', () => {
    checkSignature(manifest, digest, contents, key);
    return { found: true, zh: '清单的签名有效', en: 'the signature over the manifest is valid' };
  });

  check('request', () => {
    checkRequest(manifest);
    return { found: true, zh: '申请摘要重新计算相符', en: 'the request digest was recomputed' };
  });
  check('approvals', () => {
    refuse(faultInApprovals(manifest));
    const given = (language: 'zh' | 'en') =>
      manifest.approvals.map(({ role, by }) => `${ROLES[role][language]} ${by}`).join(', ');
    return {
      found: true,
      zh: `不同的人以不同角色批准了这一申请,均非申请人: ${given('zh')}`,
      en: `different people in different roles, none of them the requester, approved exactly this request: ${given('en')}`,
    };
  });

  check('approvals-signed', () => {
    const signed = readSignedApprovals(contents);
    refuse(faultInSignedApprovals(manifest, signed));
    const software = signed.filter(({ credential }) => credential.kind === 'software').length;
    return {
      found: true,
      zh: `每项审批都由审批人本人的设备签署(其中 ${software} 项由软件保管的密钥签署)`,
      en: `each approval was signed by a device of the approver's own (${software} of ${signed.length} by a key that software keeps)`,
    };
  });

  const records = check('records', () => {
    const lines = parseLines(contents.get(ENTRIES.records), ENTRIES.records, packageRecordSchema);
    checkRecords(manifest, lines, contents);
    checkMedia(manifest, lines, contents);
    return {
      found: lines,
      zh: `${lines.length} 条记录`,
      en: `${lines.length} records, the same in the transcript`,
    };
  });
  if (records !== null) {
    check('scope', () => {
      checkScope(manifest, records);
      return {
        found: true,
        zh: '范围摘要由记录重新计算相符',
        en: 'the scope digest was recomputed from the records',
      };
    });
    check('watermark', () => {
      checkWatermark(manifest, records, contents);
      return {
        found: true,
        zh: `水印 ${manifest.opening.opening}`,
        en: 'every record bears this opening’s watermark',
      };
    });
    check('completeness', () => {
      checkCompleteness(manifest, records, contents);
      return { found: true, zh: '批准范围内的记录齐全', en: 'every approved record is here' };
    });
  }
  check('events', () => {
    const events = parseLines(contents.get(ENTRIES.events), ENTRIES.events, custodyEventSchema);
    checkEvents(manifest, events);
    return {
      found: true,
      zh: `${events.length} 个保管事件连成一链`,
      en: `${events.length} custody events form one chain that agrees with the approvals and the opening`,
    };
  });
  const intact = checks.every(({ ok }) => ok);
  check('signer', () => ({ found: true, ...signerOf(manifest, pinned, key, intact) }));
  checks.push({
    name: 'limits',
    ok: true,
    detail: LIMITS_OF_PROOF.map(({ zh, en }) => `${zh} ${en}`).join(' | '),
  });
  return verification(checks, manifest, key !== null);
}

function verification(checks: Check[], manifest: Manifest | null, pinned: boolean): PackageVerification {
  const signed = checks.some(({ name, ok }) => name === 'signature' && ok);
  const ok = checks.every((check) => check.ok);
  const trust = pinned && signed ? 'pinned' : 'package-only';
  return {
    ok,
    trust,
    summary: ok ? SUMMARIES[trust] : SUMMARIES.failed,
    package:
      manifest === null
        ? null
        : {
            requestId: manifest.requestId,
            opening: manifest.opening.opening,
            createdAt: manifest.createdAt,
            records: manifest.scope.records,
          },
    signer:
      manifest === null ? null : { keyId: manifest.signer.keyId, fingerprint: manifest.signer.fingerprint },
    checks,
  };
}

const SUMMARIES = {
  pinned: '完整,由给定的密钥签名 · intact, and signed by a key that was given from outside',
  'package-only': '完整,签名者未确定 · intact; signer not established',
  failed: '不通过 · failed: this is not a package as it was delivered',
} as const;

function readManifest(contents: ReadonlyMap<string, Uint8Array>): { manifest: Manifest; digest: string } {
  const bytes = contents.get(ENTRIES.manifest);
  const json = parseDocument(bytes, ENTRIES.manifest);
  const manifest = manifestSchema.safeParse(json);
  if (bytes === undefined || !manifest.success) {
    const where = manifest.error?.issues.map(({ path }) => path.join('.')).join(', ') ?? '';
    throw new PackageFault({ zh: `清单格式不符: ${where}`, en: 'the manifest is not of this version' });
  }
  return { manifest: manifest.data, digest: sha256(bytes) };
}

function checkEntries(manifest: Manifest, zip: { name: string; bytes: Uint8Array }[]): void {
  const expected = [
    keyEntryNameOf(manifest),
    ENTRIES.readme,
    ENTRIES.transcript,
    ENTRIES.records,
    ENTRIES.completeness,
    ENTRIES.events,
    ENTRIES.approvals,
  ];
  const named = manifest.entries.map(({ name }) => name);
  // Which media there must be is what the records say: checked with them.
  const media = named.slice(expected.length);
  const own = named.slice(0, expected.length).join('\n') === expected.join('\n');
  if (!own || media.some((name) => !name.startsWith(ATTACHMENTS))) {
    throw new PackageFault({
      zh: '清单列出的文件不是本格式的文件',
      en: 'the manifest lists other files than this format has',
    });
  }
  const inZip = zip.map(({ name }) => name);
  const inOrder = [ENTRIES.manifest, ENTRIES.signature, ...named];
  const missing = inOrder.filter((name) => !inZip.includes(name));
  const added = inZip.filter((name) => !inOrder.includes(name));
  if (missing.length > 0) {
    throw new PackageFault({ zh: `缺少文件 ${missing.join(', ')}`, en: `missing: ${missing.join(', ')}` });
  }
  if (added.length > 0)
    throw new PackageFault({ zh: `多出文件 ${added.join(', ')}`, en: `added: ${added.join(', ')}` });
  if (inZip.join('\n') !== inOrder.join('\n')) {
    throw new PackageFault({ zh: '文件次序与清单不符', en: 'the entries are not in the manifest’s order' });
  }
  for (const { name, bytes, sha256: digest } of manifest.entries) {
    const entry = zip.find((one) => one.name === name);
    if (entry?.bytes.length !== bytes || sha256(entry.bytes) !== digest) {
      throw new PackageFault({ zh: `文件被更改 ${name}`, en: `${name} was changed` });
    }
  }
}

function readSignedApprovals(contents: ReadonlyMap<string, Uint8Array>): StepUpEvidence[] {
  const json = parseDocument(contents.get(ENTRIES.approvals), ENTRIES.approvals);
  const signed = z.array(stepUpEvidenceSchema).safeParse(json);
  if (signed.success) return signed.data;
  const where = signed.error.issues.map(({ path }) => path.join('.')).join(', ');
  throw new PackageFault({
    zh: `${ENTRIES.approvals} 格式不符 ${where}`,
    en: `${ENTRIES.approvals} is not of this version`,
  });
}

function checkRequest({ request, requestDigest, requestId, ruleSet, scope, opening }: Manifest): void {
  if (digestOf(request) !== requestDigest) {
    throw new PackageFault({ zh: '申请摘要与申请不符', en: 'the request digest is not that of the request' });
  }
  if (request.requestId !== requestId || request.ruleSet !== ruleSet || request.scope !== scope.digest) {
    throw new PackageFault({
      zh: '清单与申请不符',
      en: 'the manifest disagrees with the request that was approved',
    });
  }
  if (opening.grant !== requestId || ![request.requester, request.recipient].includes(opening.requester)) {
    throw new PackageFault({
      zh: '打开者不是申请人或收件人',
      en: 'opened by neither the requester nor the recipient',
    });
  }
  if (opening.number > request.opens) {
    throw new PackageFault({ zh: '打开次数超出许可', en: 'more openings than the request allows (R11)' });
  }
}

function checkScope({ request, scope }: Manifest, records: readonly PackageRecord[]): void {
  if (freezeScope(records.map(entryOf)).digest !== scope.digest) {
    throw new PackageFault({
      zh: '记录不是批准的范围',
      en: 'the records are not the scope that was approved',
    });
  }
  const outside = records.find(
    ({ hotel, platform, category, at }) =>
      !request.hotels.includes(hotel) ||
      !request.platforms.includes(platform) ||
      !request.categories.includes(category) ||
      (request.from !== null && Date.parse(at) < Date.parse(request.from)) ||
      (request.to !== null && Date.parse(at) > Date.parse(request.to)),
  );
  if (outside !== undefined) {
    throw new PackageFault({
      zh: `记录 ${outside.recordId} 超出申请的范围`,
      en: `record ${outside.recordId} is outside what the request names (R11)`,
    });
  }
}

function checkWatermark(
  { opening }: Manifest,
  records: readonly PackageRecord[],
  contents: ReadonlyMap<string, Uint8Array>,
): void {
  const digest = digestOf(opening);
  const other = records.find(({ watermark }) => digestOf(watermark) !== digest);
  const transcript = Buffer.from(contents.get(ENTRIES.transcript) ?? []).toString('utf8');
  const margins = transcript.split(`<aside>${visibleHtml(watermarkLine({ opening }))}</aside>`).length - 1;
  if (other !== undefined || margins !== records.length) {
    throw new PackageFault({
      zh: '水印不一致',
      en: 'a record bears another watermark than the manifest says',
    });
  }
}

function checkEvents(manifest: Manifest, events: CustodyEvent[]): void {
  const fault = faultInChain(events);
  if (fault !== null) throw new PackageFault({ zh: '保管事件链有缺口或被更改', en: fault });
  refuse(faultInEvents(manifest, events));
}
