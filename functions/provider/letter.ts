import { type Digest, sha256 } from '../../shared/domain/digest.ts';
import type { Label } from '../../shared/domain/labels.ts';
import { visibleHtml } from '../../shared/package/visible-html.ts';

/** A field of the letter: its name and what stands there, in Chinese and English. `value` where both say the same. */
export type LetterField = { label: Label; value: string | Label };

export type Letter = {
  letterNumber: string;
  issue: number;
  /** Whom it is to, as it was typed. */
  provider: string;
  address: string | null;
  /** Who asks: the hotels by name. */
  from: string[];
  fields: LetterField[];
  /** What is to be handed over, and how. */
  deliver: Label[];
  /** Whom to answer. */
  answerTo: string[];
  answerBy: string;
  dated: string;
  keyName: string;
  fingerprint: string;
};

const TITLE: Label = { zh: '关于调取记录的函', en: 'Request for records' };

/**
 * The letter as plain text: what its digest is of. Free text stands on lines of its own, indented, so that none of it
 * can pass for a line of the letter.
 */
export function letterText(letter: Letter): string {
  const { provider, address, from, fields, deliver, answerTo } = letter;
  return [
    `${TITLE.zh}`,
    `${TITLE.en}`,
    '',
    '函号 Letter no.',
    typed(
      `${letter.letterNumber}${letter.issue > 1 ? ` (第${letter.issue}次出具 issue ${letter.issue})` : ''}`,
    ),
    '日期 Date',
    typed(letter.dated),
    '致 To',
    typed(provider),
    ...(address === null ? [] : [typed(address)]),
    '发函单位 From',
    ...from.map(typed),
    '',
    OPENING.zh,
    OPENING.en,
    '',
    ...fields.flatMap(({ label, value }) => [
      `${label.zh} ${label.en}`,
      ...(typeof value === 'string' ? [typed(value)] : [typed(value.zh), typed(value.en)]),
    ]),
    '',
    `${DELIVER.zh} ${DELIVER.en}`,
    ...deliver.flatMap(({ zh, en }, index) => [typed(`${index + 1}. ${zh}`), typed(`   ${en}`)]),
    '',
    '答复期限 Answer by',
    typed(letter.answerBy),
    '答复接收方 Answer to',
    ...answerTo.map(typed),
    '',
    '签名密钥 Signing key',
    typed(letter.keyName),
    typed(letter.fingerprint),
    '',
  ].join('\n');
}

/** What the deployment's key signs: the letter by its digest. */
export function letterNote(
  letter: { letterNumber: string; issue: number; providerRequestId: string; requestDigest: string },
  digest: Digest,
): string {
  return [
    'dualkey provider letter v1',
    `letter ${letter.letterNumber} ${letter.issue}`,
    `provider-request ${letter.providerRequestId}`,
    `request ${letter.requestDigest}`,
    `text ${digest}`,
    '',
  ].join('\n');
}

/** The digest of the letter's text: SHA-256 over its UTF-8 bytes. */
export function letterDigest(text: string): Digest {
  return sha256(text);
}

/** The letter for print: Chinese and English side by side, in one file, without script or anything fetched. */
export function letterHtml(letter: Letter, note: string): string {
  const rows = letter.fields.map(({ label, value }) => {
    const [zh, en] = typeof value === 'string' ? [value, null] : [value.zh, value.en];
    const cells =
      en === null
        ? `<td colspan="2">${lines(zh)}</td>`
        : `<td>${lines(zh)}</td><td lang="en">${lines(en)}</td>`;
    return `<tr><th scope="row">${both(label)}</th>${cells}</tr>`;
  });
  const issue = letter.issue > 1 ? ` <small>第${letter.issue}次出具 issue ${letter.issue}</small>` : '';
  return `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${visibleHtml(letter.letterNumber)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${both(TITLE)}</h1>
<table class="head">
<tr><th scope="row">函号 <span lang="en">Letter no.</span></th><td>${visibleHtml(letter.letterNumber)}${issue}</td></tr>
<tr><th scope="row">日期 <span lang="en">Date</span></th><td>${visibleHtml(letter.dated)}</td></tr>
<tr><th scope="row">致 <span lang="en">To</span></th><td>${[letter.provider, letter.address].flatMap((line) => (line === null ? [] : [lines(line)])).join('<br>')}</td></tr>
<tr><th scope="row">发函单位 <span lang="en">From</span></th><td>${letter.from.map(lines).join('<br>')}</td></tr>
</table>
<div class="pair"><p>${OPENING.zh}</p><p lang="en">${OPENING.en}</p></div>
<table>
${rows.join('\n')}
</table>
<h2>${both(DELIVER)}</h2>
<ol>
${letter.deliver.map((each) => `<li><div class="pair"><span>${visibleHtml(each.zh)}</span><span lang="en">${visibleHtml(each.en)}</span></div></li>`).join('\n')}
</ol>
<table class="head">
<tr><th scope="row">答复期限 <span lang="en">Answer by</span></th><td>${visibleHtml(letter.answerBy)}</td></tr>
<tr><th scope="row">答复接收方 <span lang="en">Answer to</span></th><td>${letter.answerTo.map(lines).join('<br>')}</td></tr>
</table>
<p class="seal">（盖章） <span lang="en">(seal)</span></p>
<footer>
<div class="pair"><p>${GENUINE.zh}</p><p lang="en">${GENUINE.en}</p></div>
<p class="id">${visibleHtml(letter.keyName)}<br>${visibleHtml(letter.fingerprint)}</p>
<pre>${visibleHtml(note)}</pre>
</footer>
</main>
</body>
</html>
`;
}

const OPENING: Label = {
  zh: '我方经内部双人审批,依法调取与下列对象有关的记录。该等记录由贵方持有,我方未持有。请贵方依下列范围提供,不超出该范围。',
  en: 'After an internal approval by two persons we lawfully ask for records about the subject named below. You hold them, and we do not. Please provide what lies within the scope below, and nothing beyond it.',
};
const DELIVER: Label = { zh: '请提供', en: 'Please provide' };
const GENUINE: Label = {
  zh: '核验:随函文本(.txt)的 SHA-256 应与下列 text 一行相同,签名为下列密钥的 Ed25519 签名(C2SP signed-note)。请经独立渠道向我方核对密钥指纹。',
  en: 'To check that this letter is genuine: the SHA-256 of its text (.txt) is the one in the line “text” below, signed with the Ed25519 key named here (C2SP signed-note). Confirm the key’s fingerprint with us through another channel.',
};

function typed(text: string): string {
  // What somebody typed is one line: nothing in it begins another.
  return `  ${text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').trim()}`;
}

function lines(text: string): string {
  return visibleHtml(text.trim());
}

function both({ zh, en }: Label): string {
  return `${visibleHtml(zh)} <span lang="en">${visibleHtml(en)}</span>`;
}

const STYLE = `
:root { color-scheme: light; font: 11pt/1.5 "Noto Serif CJK SC", "Songti SC", SimSun, "Noto Sans CJK SC", serif; }
body { margin: 0; color: #111; background: #fff; }
main { max-width: 48rem; margin: 0 auto; padding: 1.5rem; }
h1 { font-size: 1.4rem; text-align: center; margin: 0 0 1rem; }
h1 span { display: block; font-size: 1rem; font-weight: 400; }
h2 { font-size: 1.05rem; margin: 1rem 0 .4rem; break-after: avoid; }
h2 span { font-weight: 400; }
table { border-collapse: collapse; width: 100%; margin: .6rem 0; }
th, td { border: 1px solid #888; padding: .3rem .5rem; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
th { width: 24%; font-weight: 600; }
th span { display: block; font-weight: 400; font-size: .85rem; }
tr, li { break-inside: avoid; }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 1rem; }
.pair p { margin: .4rem 0; }
.seal { margin: 2rem 0; text-align: right; padding-right: 4rem; }
.unseen { border: 1px dashed #b3261e; color: #b3261e; font-size: .7rem; }
footer { border-top: 1px solid #888; font-size: .8rem; break-inside: avoid; }
pre, .id { font: .68rem/1.4 ui-monospace, Consolas, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
@page { size: A4; margin: 18mm 16mm; }
`;
