/** What stands before words of an earlier mail. */
export const QUOTED = '[引用 quoted]';

/** Longer lines are nobody's heading of a quotation. */
const LONGEST_HEADING_CHARACTERS = 400;
/** A heading such as `On … wrote:` is wrapped onto so many lines at most. */
const HEADING_LINES = 3;

/** Forms of `On … wrote:` that may be wrapped, known by how they begin. */
const WROTE = [
  /^On\s.+\swrote:$/i,
  /^(?:在|于)\s?.*\d{4}.*(?:写道|寫道)[::]$/,
  /^Am\s.+\sschrieb\s.+:$/i,
  /^Le\s.+\sa écrit\s?:$/i,
  /^El\s.+\sescribió:$/i,
];
/** Those that begin with a name or a date stand on one line. */
const WROTE_ON_ONE_LINE = [/\d{4}.*(?:写道|寫道)[::]$/, /^\d{4}[年/-].+<.+@.+>[::]$/];
const ORIGINAL_MESSAGE = [
  /^-{2,}\s*(?:Original Message|Original Appointment|Forwarded message|Forwarded by .+)\s*-{2,}$/i,
  /^-{2,}\s*(?:原始邮件|原始郵件|转发的邮件|转发邮件信息|回复邮件|原邮件)\s*-{2,}$/,
  /^Begin forwarded message:$/i,
];
const FROM_FIELD = /^\*?(?:From|发件人|寄件者|Von|De)\*?\s?[::]\s?\*?\s*\S/i;
const OTHER_FIELD =
  /^\*?(?:Sent|Date|To|Subject|发送时间|发送日期|日期|时间|收件人|主题|寄件日期|收件者|主旨|Gesendet|An|Betreff|Envoyé|Objet)\*?\s?[::]/i;

/**
 * A mail's text with what it quotes marked: `[引用 quoted]` before it, `> ` before each of its lines. Nothing is left out.
 * What stands under a heading (`On … wrote:`, `-----Original Message-----`, `发件人:` with another field of a mail under it)
 * is quoted to the end, or to the end of its `>` lines where it has them.
 */
export function markQuoted(text: string): string {
  const lines = text.split(/\r\n|\r|\n/);
  const marked: string[] = [];
  let quoting = false;
  let toTheEnd = false;

  function quote(line: string): void {
    if (!quoting) marked.push(QUOTED);
    quoting = true;
    marked.push(line.startsWith('>') ? line : `> ${line}`);
  }

  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    if (toTheEnd || line.trimStart().startsWith('>')) {
      quote(line.trimStart().startsWith('>') ? line.trimStart() : line);
      continue;
    }
    if (endsMail(lines, at)) {
      toTheEnd = true;
      quote(line);
      continue;
    }
    const heading = headingAt(lines, at);
    if (heading > 0) {
      for (const part of lines.slice(at, at + heading)) quote(part);
      at += heading - 1;
      const next = lines.slice(at + 1, at + 1 + HEADING_LINES).find((one) => one.trim() !== '');
      toTheEnd = next !== undefined && !next.trimStart().startsWith('>');
      continue;
    }
    // An empty line between two quoted ones doesn't end the quotation.
    if (quoting && line.trim() === '' && (lines[at + 1] ?? '').trimStart().startsWith('>')) {
      quote(line);
      continue;
    }
    quoting = false;
    marked.push(line);
  }
  return marked.join('\n');
}

/** How many lines a heading such as `On … wrote:` takes here; 0 where there is none. */
function headingAt(lines: readonly string[], at: number): number {
  let heading = '';
  for (let taken = 1; taken <= HEADING_LINES; taken += 1) {
    const line = lines[at + taken - 1]?.trim() ?? '';
    if (line === '') return 0;
    heading = heading === '' ? line : `${heading} ${line}`;
    if (heading.length > LONGEST_HEADING_CHARACTERS) return 0;
    const forms = taken === 1 ? [...WROTE, ...WROTE_ON_ONE_LINE] : WROTE;
    if (/[::]$/.test(heading) && forms.some((form) => form.test(heading))) return taken;
  }
  return 0;
}

/** Whether what follows is an earlier mail whole: its separator, or its fields. */
function endsMail(lines: readonly string[], at: number): boolean {
  const line = lines[at]?.trim() ?? '';
  if (line === '' || line.length > LONGEST_HEADING_CHARACTERS) return false;
  if (ORIGINAL_MESSAGE.some((form) => form.test(line))) return true;
  return (
    FROM_FIELD.test(line) &&
    lines.slice(at + 1, at + 1 + HEADING_LINES).some((next) => OTHER_FIELD.test(next.trim().slice(0, 80)))
  );
}
