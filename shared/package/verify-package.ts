import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { CustodyEvent } from '../domain/custody-event.ts';
import { custodyEventSchema, faultInChain } from '../domain/custody-event.ts';
import { digestOf, sha256 } from '../domain/digest.ts';
import { conflictsAmong, messageOf } from '../domain/message-of.ts';
import { freezeScope } from '../domain/scope.ts';
import { type StepUpEvidence, stepUpEvidenceSchema } from '../domain/step-up.ts';
import { ATTACHMENTS } from './attachment-file.ts';
import { completenessSchema, editedMessages, entryOf, suppliersOf, withheldMedia } from './completeness.ts';
import { faultInApprovals } from './fault-in-approvals.ts';
import { faultInEvents } from './fault-in-events.ts';
import { faultInSignedApprovals } from './fault-in-signed-approvals.ts';
import { LIMITS_OF_PROOF } from './limits-of-proof.ts';
import {
  ENTRIES,
  keyEntryName,
  type Manifest,
  manifestSchema,
  noteText,
  type PackageKey,
  type PackageRecord,
  packageKeySchema,
  packageRecordSchema,
} from './manifest.ts';
import { type Fault, PackageFault, parseDocument, parseLines } from './package-fault.ts';
import type { PinnedKey } from './pinned-keys.ts';
import { isSignedBy, parseNote } from './signed-note.ts';
import { articleClass, replacementsAmong, watermarkLine } from './transcript.ts';
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
    const given = manifest.approvals.map(({ role, by }) => `${role} ${by}`).join(', ');
    return {
      found: true,
      zh: `两名以上不同的人以不同角色批准了这一申请: ${given}`,
      en: 'different people in different roles, none of them the requester, approved exactly this request',
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
  check('signer', () => ({ found: true, ...signer(manifest, pinned, key, intact) }));
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

function refuse(fault: Fault | null): void {
  if (fault !== null) throw new PackageFault(fault);
}

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

function keyEntryNameOf({ signer: { keyId } }: Manifest): string {
  try {
    return keyEntryName(keyId);
  } catch (error) {
    throw new PackageFault(
      { zh: '密钥编号不是文件名', en: 'the key id can’t be a file’s name' },
      { cause: error },
    );
  }
}

function checkSignature(
  manifest: Manifest,
  digest: string,
  contents: ReadonlyMap<string, Uint8Array>,
  pinned: PinnedKey | null,
): void {
  const packageKey = readKey(manifest, contents);
  const note = parseNote(Buffer.from(contents.get(ENTRIES.signature) ?? []).toString('utf8'));
  if (note === null) throw new PackageFault({ zh: '签名文件不可读', en: 'manifest.sig is no signed note' });
  if (manifest.signer.keyName !== `dualkey/${manifest.region}`) {
    throw new PackageFault({ zh: '密钥名称与地区不符', en: 'the key’s name is not that of the region' });
  }
  if (note.text !== noteText(manifest, digest)) {
    throw new PackageFault({ zh: '签名的不是这份清单', en: 'manifest.sig signs another manifest' });
  }
  const [signature, ...others] = note.signatures;
  const spki = pinned?.spki ?? Buffer.from(packageKey.spki, 'base64');
  if (signature === undefined || others.length > 0 || !isSignedBy(note, manifest.signer.keyName, spki)) {
    throw new PackageFault({ zh: '签名无效', en: 'the signature is not valid' });
  }
}

function readKey(manifest: Manifest, contents: ReadonlyMap<string, Uint8Array>): PackageKey {
  const name = keyEntryNameOf(manifest);
  const key = packageKeySchema.safeParse(parseDocument(contents.get(name), name));
  if (
    !key.success ||
    key.data.keyId !== manifest.signer.keyId ||
    key.data.fingerprint !== manifest.signer.fingerprint ||
    sha256(Buffer.from(key.data.spki, 'base64')) !== manifest.signer.fingerprint
  ) {
    throw new PackageFault({
      zh: '包内公钥与清单不符',
      en: 'the key in the package is not the manifest’s signer',
    });
  }
  return key.data;
}

/** Why a given key is not the manifest's signer, or null: it is the same key, of the same id and region. */
function faultInPin({ keyId, fingerprint, region }: PinnedKey, manifest: Manifest): Fault | null {
  const { signer } = manifest;
  if (fingerprint !== signer.fingerprint) {
    return { zh: '是另一个密钥', en: 'it is another key' };
  }
  if (keyId !== signer.keyId) {
    return {
      zh: `给定的密钥文件称此密钥为 ${keyId},包内称 ${signer.keyId}`,
      en: `the keys that were given call this key ${keyId}, the package ${signer.keyId}`,
    };
  }
  if (region !== null && region !== manifest.region) {
    return {
      zh: `给定的密钥文件称此密钥属于 ${region},包内称 ${manifest.region}`,
      en: `the keys that were given say that this key is of ${region}, the package of ${manifest.region}`,
    };
  }
  return null;
}

function signer(
  manifest: Manifest,
  pinned: readonly PinnedKey[] | null,
  key: PinnedKey | null,
  intact: boolean,
): { zh: string; en: string } {
  const { keyId, fingerprint } = manifest.signer;
  if (pinned === null) {
    const [zh, en] = intact ? ['包完整;', 'intact; '] : ['', ''];
    return {
      zh: `${zh}签名者未确定(未提供包外的公钥),自称的密钥 ${keyId}`,
      en: `${en}signer not established: no keys were given from outside the package. It names ${fingerprint}`,
    };
  }
  if (key === null) {
    // The same key under another name or region: said for itself, as it is the keys file that disagrees.
    for (const one of pinned) {
      if (one.fingerprint === fingerprint) refuse(faultInPin(one, manifest));
    }
    throw new PackageFault({
      zh: `签名密钥 ${keyId} 不在给定的密钥中`,
      en: `signed by ${fingerprint}, which is not among the keys that were given`,
    });
  }
  const region = key.region === null ? '' : ` (${key.region})`;
  return { zh: `由给定的密钥 ${key.keyId}${region} 签名`, en: `signed by the pinned key ${key.fingerprint}` };
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

/** Ids once each, and the same records in the transcript that people read. */
function checkRecords(
  manifest: Manifest,
  records: readonly PackageRecord[],
  contents: ReadonlyMap<string, Uint8Array>,
): void {
  const ids = records.map(({ recordId }) => recordId);
  const conversations = new Set(records.map(({ conversationId }) => conversationId));
  if (new Set(ids).size !== ids.length)
    throw new PackageFault({ zh: '记录重复', en: 'a record is there twice' });
  if (ids.length !== manifest.scope.records || conversations.size !== manifest.scope.conversations) {
    throw new PackageFault({
      zh: '记录数与清单不符',
      en: 'the records are not as many as the manifest says',
    });
  }
  const transcript = Buffer.from(contents.get(ENTRIES.transcript) ?? []).toString('utf8');
  const shown = [...transcript.matchAll(/<article id="r-([0-9a-f]{32})" class="([a-z -]*)">/g)];
  if (shown.map(([, id]) => id).join() !== ids.join()) {
    throw new PackageFault({
      zh: '阅读副本与记录不符',
      en: 'the transcript shows other records than records.ndjson',
    });
  }
  checkAbout(
    records,
    shown.map(([, , kind]) => kind),
  );
}

/** A record that another takes back or stands in the place of says so, and the transcript shows it, as it does a note. */
function checkAbout(records: readonly PackageRecord[], shown: readonly (string | undefined)[]): void {
  const recalled = new Set(records.map(({ recalls }) => recalls));
  const replacements = replacementsAmong(records);
  for (const [position, record] of records.entries()) {
    const message = messageOf(record.recordId);
    if (record.recalled !== recalled.has(message) || (replacements.has(message) && !record.edited)) {
      throw new PackageFault({
        zh: `记录 ${record.recordId} 的撤回或编辑与其他记录不符`,
        en: `record ${record.recordId} isn’t marked as recalled or edited as other records say it is`,
      });
    }
    if (shown[position] !== articleClass(record, replacements)) {
      throw new PackageFault({
        zh: `阅读副本中的记录 ${record.recordId} 标注不符`,
        en: `the transcript shows record ${record.recordId} as something else`,
      });
    }
  }
}

/** The media are those that the records name, each in its place, and what the platform declared of them where it did. */
function checkMedia(
  { entries, request }: Manifest,
  records: readonly PackageRecord[],
  contents: ReadonlyMap<string, Uint8Array>,
): void {
  const named: string[] = [];
  for (const { recordId, attachments } of records) {
    for (const [position, attachment] of attachments.entries()) {
      const { state, file, digest, bytes } = attachment;
      checkCommitted(recordId, attachment);
      const sealed = state === 'present' || state === 'damaged';
      if ((file !== null) !== (sealed && request.masking === 'named')) {
        throw new PackageFault({
          zh: `记录 ${recordId} 的附件与遮盖级别不符`,
          en: `an attachment of record ${recordId} is there, or isn’t, against its state and the masking`,
        });
      }
      if (file === null) continue;
      if (!file.startsWith(`${ATTACHMENTS}${recordId}-${position + 1}.`)) {
        throw new PackageFault({
          zh: `记录 ${recordId} 的附件名称不符`,
          en: `an attachment of record ${recordId} has another record’s name`,
        });
      }
      const content = contents.get(file);
      const declared = content === undefined || digest === null ? null : declaredDigest(content, digest);
      const differs = declared !== digest || (bytes !== null && content?.length !== bytes);
      if (content === undefined || (state === 'present' && differs)) {
        throw new PackageFault({
          zh: `附件 ${file} 与记录不符`,
          en: `${file} is not the medium that its record names`,
        });
      }
      named.push(file);
    }
  }
  const listed = entries.map(({ name }) => name).filter((name) => name.startsWith(ATTACHMENTS));
  if (listed.join('\n') !== named.join('\n')) {
    throw new PackageFault({
      zh: '附件不是记录所列的附件',
      en: 'the media are not those that the records name',
    });
  }
}

/** A medium is what its commitment says of it: there is one for each that was in custody, and none for any other. */
function checkCommitted(recordId: string, { state, commitment }: PackageRecord['attachments'][number]): void {
  if (commitment === undefined) return;
  if ((commitment !== null) !== (state === 'present' || state === 'damaged')) {
    throw new PackageFault({
      zh: `记录 ${recordId} 的附件与其承诺不符`,
      en: `an attachment of record ${recordId} has a commitment, or has none, against its state`,
    });
  }
}

/** The digest of the content by the algorithm of a declared one; of an unknown algorithm, what was declared. */
function declaredDigest(content: Uint8Array, declared: string): string {
  const [algorithm = ''] = declared.split(':');
  if (algorithm !== 'md5' && algorithm !== 'sha256') return declared;
  const own = createHash(algorithm).update(content).digest('hex');
  return declared.toLowerCase() === `${algorithm}:${own}` ? declared : `${algorithm}:${own}`;
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

function checkCompleteness(
  { scope }: Manifest,
  records: readonly PackageRecord[],
  contents: ReadonlyMap<string, Uint8Array>,
): void {
  const json = parseDocument(contents.get(ENTRIES.completeness), ENTRIES.completeness);
  const parsed = completenessSchema.safeParse(json);
  if (!parsed.success)
    throw new PackageFault({ zh: '完整性说明不可读', en: 'completeness.json is not of this version' });
  const { scope: stated, found, missing, conflicts, attachments, edited, suppliers = [] } = parsed.data;
  const brought = suppliersOf(records, suppliers);
  if (digestOf(brought) !== digestOf(suppliers)) {
    throw new PackageFault({
      zh: '后到媒体的来源批次与记录不符',
      en: 'completeness.json names other batches that brought media later than the records do',
    });
  }
  if (edited !== undefined && edited !== editedMessages(records)) {
    throw new PackageFault({
      zh: '已编辑的消息数与记录不符',
      en: 'completeness.json counts other messages as edited than the records do',
    });
  }
  if (attachments.withheld !== withheldMedia(records)) {
    throw new PackageFault({
      zh: '未提供的附件数与记录不符',
      en: 'completeness.json counts other media as withheld than the records do',
    });
  }
  if (stated.digest !== scope.digest || found.records !== records.length) {
    throw new PackageFault({ zh: '完整性说明与清单不符', en: 'completeness.json is of other records' });
  }
  if (missing.length > 0 || stated.records !== records.length) {
    throw new PackageFault({
      zh: `缺少 ${missing.length} 条已批准的记录`,
      en: `${missing.length} approved records are missing`,
    });
  }
  const named = new Set(conflicts.flat());
  const unnamed = conflictsAmong(records.map(({ recordId }) => recordId))
    .flat()
    .find((recordId) => !named.has(recordId));
  if (unnamed !== undefined) {
    throw new PackageFault({
      zh: `记录 ${unnamed} 的消息有不一致的版本,完整性说明未列出`,
      en: `record ${unnamed} has other versions that completeness.json doesn't name`,
    });
  }
}

function checkEvents(manifest: Manifest, events: CustodyEvent[]): void {
  const fault = faultInChain(events);
  if (fault !== null) throw new PackageFault({ zh: '保管事件链有缺口或被更改', en: fault });
  refuse(faultInEvents(manifest, events));
}
