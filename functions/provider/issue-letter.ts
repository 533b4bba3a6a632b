import { DateTime } from 'luxon';
import { openText } from '../../shared/crypto/sealed-text.ts';
import type { AccessGrant } from '../../shared/domain/access-grant.ts';
import {
  BASIS_LABELS,
  CATEGORY_LABELS,
  type Label,
  PLATFORM_LABELS,
  PURPOSE_LABELS,
  SUBJECT_LABELS,
} from '../../shared/domain/labels.ts';
import { LIMITS } from '../../shared/domain/limits.ts';
import { canProviderMove, type ProviderRequest } from '../../shared/domain/provider-request.ts';
import { evidenceKeyOf } from '../../shared/loop/evidence-key.ts';
import { requestTexts } from '../../shared/loop/request-texts.ts';
import { hotelTime, zoneOf } from '../../shared/package/hotel-time.ts';
import { signNote } from '../../shared/package/signed-note.ts';
import { conflict, done, type HttpResult } from '../../shared/runtime/http-result.ts';
import { changeAsItStands, type ProviderCall, type Step, stop } from './change-as-it-stands.ts';
import { type Letter, type LetterField, letterDigest, letterHtml, letterNote, letterText } from './letter.ts';
import type { ProviderDependencies } from './provider-dependencies.ts';
import { notInState } from './record-what-became.ts';

type Issued = { letter: Letter; text: string; note: string };

/**
 * Issues the letter: its event, with its digest, stands before the letter is handed out, since it names the guest.
 * Issued again it is another issue with another event; once it was sent, the date by which to answer stays.
 */
export async function issueLetter(
  call: ProviderCall,
  dependencies: ProviderDependencies,
): Promise<HttpResult> {
  const { actor, now } = call;
  const { providers, signer, region } = dependencies;
  let issued: Issued | null = null;
  const result = await changeAsItStands(
    call,
    'ask-provider',
    dependencies,
    async (row, grant): Promise<Step> => {
      if (!canProviderMove(row.state, 'issue')) return stop(notInState());
      if (row.letters.length >= LIMITS.providerLetters) {
        return stop(conflict('L8', 'too-many-provider-requests'));
      }
      const zone = zoneOf(region.hotels, row.hotels);
      const answerBy =
        row.sent !== null && row.answerBy !== null ? row.answerBy : dueDate(now, row.dueDays, zone);
      const letter = await letterOf({ row, grant, answerBy, zone, now }, dependencies);
      const text = letterText(letter);
      const digest = letterDigest(text);
      const { letterNumber, providerRequestId } = row;
      const signed = {
        letterNumber,
        issue: letter.issue,
        providerRequestId,
        requestDigest: grant.requestDigest ?? '',
      };
      const note = await signNote(letterNote(signed, digest), letter.keyName, signer);
      issued = { letter, text, note };
      return providers.move(
        row,
        'issue',
        {
          answerBy,
          letters: [
            ...row.letters,
            { issue: letter.issue, by: actor.personId, at: now.toISOString(), digest },
          ],
        },
        {
          at: now,
          actor: actor.personId,
          data: { requestId: row.requestId, letterNumber, issue: letter.issue, digest, answerBy },
        },
      );
    },
  );
  if (result.outcome === 'stop') return result.answer;
  return done(handedOut(result.row, issued));
}

function handedOut(row: ProviderRequest, issued: Issued | null): object {
  if (issued === null) throw new Error(`${row.providerRequestId} moved without a letter`);
  const { letter, text, note } = issued;
  return {
    providerRequestId: row.providerRequestId,
    letterNumber: row.letterNumber,
    issue: letter.issue,
    state: row.state,
    answerBy: row.answerBy,
    digest: letterDigest(text),
    keyFingerprint: letter.fingerprint,
    text,
    signature: note,
    html: letterHtml(letter, note),
  };
}

type Facts = { row: ProviderRequest; grant: AccessGrant; answerBy: string; zone: string; now: Date };

async function letterOf(
  { row, grant, answerBy, zone, now }: Facts,
  { keys, directory, signer, region }: ProviderDependencies,
): Promise<Letter> {
  const { requestId, providerRequestId } = row;
  const [key, requester, { fingerprint }] = await Promise.all([
    evidenceKeyOf(keys, requestId),
    directory.byId(grant.requester),
    signer.publicKey(),
  ]);
  const typed = (what: 'provider' | 'address' | 'reply-to', sealed: string | null) =>
    sealed === null ? null : openText(key, requestTexts.provider(requestId, providerRequestId, what), sealed);
  const hotels = row.hotels.map((code) => {
    const name = region.hotels.find((hotel) => hotel.code === code)?.name;
    return name === undefined ? code : `${name} (${code})`;
  });
  const replyTo = typed('reply-to', row.replyTo);
  const subject = grant.subject === null ? '' : openText(key, requestTexts.subject(requestId), grant.subject);
  return {
    letterNumber: row.letterNumber,
    issue: row.letters.length + 1,
    provider: typed('provider', row.provider) ?? '',
    address: typed('address', row.address),
    from: hotels,
    fields: fieldsOf(row, grant, { hotels, subject, zone, department: requester?.department ?? '', key }),
    deliver: DELIVER,
    answerTo: [
      ...(requester === null ? [] : [`${requester.displayName} · ${requester.department}`]),
      ...hotels.slice(0, 1),
      ...(replyTo === null ? [] : [replyTo]),
    ],
    answerBy: hotelTime(answerBy, zone),
    dated: hotelTime(now.toISOString(), zone),
    keyName: `dualkey/${region.region}`,
    fingerprint,
  };
}

function fieldsOf(
  row: ProviderRequest,
  grant: AccessGrant,
  told: { hotels: string[]; subject: string; zone: string; department: string; key: Uint8Array },
): LetterField[] {
  const instrument = instrumentOf(grant, told.key);
  const kind = SUBJECT_LABELS[grant.subjectKind ?? 'ticket'];
  const all = (labels: Label[]): Label => ({
    zh: labels.map(({ zh }) => zh).join('、'),
    en: labels.map(({ en }) => en).join(', '),
  });
  const field = (zh: string, en: string, value: string | Label): LetterField => ({
    label: { zh, en },
    value,
  });
  const categories = row.categories.length > 0 ? row.categories : grant.categories;
  return [
    ...(told.department === '' ? [] : [field('经办部门', 'department', told.department)]),
    ...(grant.matter === null ? [] : [field('案号', 'matter', grant.matter)]),
    ...(grant.ticket === null ? [] : [field('工单', 'ticket', grant.ticket)]),
    ...(grant.purpose === null ? [] : [field('目的', 'purpose', PURPOSE_LABELS[grant.purpose])]),
    ...(grant.basis === null ? [] : [field('法律依据', 'legal basis', BASIS_LABELS[grant.basis])]),
    ...(instrument === null ? [] : [field('法律文书', 'legal instrument', instrument)]),
    field('平台', 'platform', PLATFORM_LABELS[row.platform]),
    field('酒店', 'hotels', told.hotels.join(' · ')),
    field('对象', 'subject', `${kind.zh} ${kind.en}: ${told.subject}`),
    ...(grant.from === null || grant.to === null
      ? []
      : [
          field(
            '时间范围',
            'time range',
            `${hotelTime(grant.from, told.zone)} – ${hotelTime(grant.to, told.zone)}`,
          ),
        ]),
    ...(categories.length === 0
      ? []
      : [field('记录类别', 'categories', all(categories.map((category) => CATEGORY_LABELS[category])))]),
    field('申请编号', 'request no.', grant.registerNumber),
    field('申请摘要', 'request digest', grant.requestDigest ?? ''),
  ];
}

/** What the request cites, as it was written: a text, or its fields one after the other. */
function instrumentOf(grant: AccessGrant, key: Uint8Array): string | null {
  if (!grant.instrument || grant.citations === undefined) return null;
  const cited: unknown = JSON.parse(openText(key, requestTexts.citations(grant.requestId), grant.citations));
  const instrument =
    typeof cited === 'object' && cited !== null && 'instrument' in cited ? cited.instrument : null;
  if (instrument === null) return null;
  if (typeof instrument !== 'object') return String(instrument);
  return Object.entries(instrument)
    .flatMap(([name, value]) =>
      typeof value === 'string' || typeof value === 'number' ? [`${name}: ${value}`] : [],
    )
    .join('; ');
}

/** The end of the day, by the hotel's clock, so many days after the letter. */
function dueDate(now: Date, days: number, zone: string): string {
  return DateTime.fromJSDate(now, { zone }).plus({ days }).endOf('day').toJSDate().toISOString();
}

const DELIVER: Label[] = [
  {
    zh: '上述范围内的全部记录,以贵方系统的原始导出格式提供,不作改写;附发送方、接收方、时间(含时区)与消息编号。',
    en: 'All records within this scope, in the original export format of your system and unaltered, with sender, recipient, time (with its zone) and message numbers.',
  },
  {
    zh: '撤回、删除或编辑过的消息请一并说明;图片、语音等附件随附原文件。',
    en: 'Say which messages were recalled, deleted or edited; enclose images, voice messages and other media as files.',
  },
  {
    zh: '每个文件的 SHA-256 摘要、导出时间与经办人,以便核验来源与完整性。',
    en: 'The SHA-256 digest of each file, when it was exported and by whom, so that origin and integrity can be verified.',
  },
  {
    zh: '请以加密方式交付,密码经另一渠道告知;如无记录、部分拒绝或全部拒绝,请书面说明理由并引用本函号。',
    en: 'Deliver it encrypted, and send the password through another channel. If there are no records, or you refuse in part or in whole, say why in writing and cite the number of this letter.',
  },
];
