import { Tokenizer } from 'htmlparser2';

/** A line as a reader of the page sees it; it stands between `start` and `end` of the markup. */
export type HtmlLine = {
  text: string;
  start: number;
  end: number;
  /** Within a `blockquote`: somebody else's words, in a mail. */
  quoted: boolean;
  /** In a paragraph that is centred, as notices in transcripts are. */
  centred: boolean;
};

const BLOCKS: ReadonlySet<string> = new Set([
  ...['address', 'article', 'aside', 'blockquote', 'body', 'br', 'center', 'dd', 'div', 'dl', 'dt', 'footer'],
  ...[
    'form',
    'h1',
    'h2',
    'h3',
    'h4',
    'h5',
    'h6',
    'head',
    'header',
    'hr',
    'html',
    'li',
    'main',
    'nav',
    'ol',
    'p',
  ],
  ...['pre', 'section', 'table', 'tbody', 'tfoot', 'thead', 'title', 'tr', 'ul'],
]);
/** What is set apart within its line. */
const SPACED: ReadonlySet<string> = new Set(['td', 'th', 'script']);
/** What no reader sees. A script is kept as text: nothing runs it, and it may be what was sent. */
const UNSEEN = 'style';
const LONGEST_ATTRIBUTE = 64;

/**
 * The text of HTML, line by line, with its place in the markup. Only the tokenizer reads it: no tree is built, so that
 * time and memory are in proportion to the length whatever is nested or left open. HTML has no entities but its own.
 * `newlines` says whether a line ending in the markup is one in the text, or white space as in a browser.
 */
export function htmlLines(html: string, newlines: 'end-lines' | 'are-spaces'): HtmlLine[] {
  const lines: HtmlLine[] = [];
  let parts: string[] = [];
  let start = -1;
  let end = 0;
  let quotes = 0;
  let centred = false;
  let unseen = false;
  let tag = '';
  let attribute = '';
  let value = '';

  function endLine(): void {
    const text = parts
      .join('')
      .replaceAll(/[\t\n\r\f ]+/g, ' ')
      .trim();
    if (text !== '') lines.push({ text, start, end, quoted: quotes > 0, centred });
    parts = [];
    start = -1;
  }
  function hold(text: string, from: number): void {
    const first = text.search(/\S/);
    if (first !== -1) {
      if (start === -1) start = from + first;
      end = from + text.trimEnd().length;
    }
    parts.push(text);
  }
  function onText(begin: number, to: number): void {
    // A tag cut short at the end may be given as text from before the beginning.
    const from = Math.max(begin, 0);
    if (unseen || to <= from) return;
    const text = html.slice(from, to);
    if (newlines === 'are-spaces') {
      hold(text, from);
      return;
    }
    let at = from;
    for (const [index, piece] of text.split('\n').entries()) {
      if (index > 0) endLine();
      hold(piece, at);
      at += piece.length + 1;
    }
  }

  const tokenizer = new Tokenizer(
    { decodeEntities: true },
    {
      ontext: onText,
      ontextentity(code, to) {
        if (unseen) return;
        const from = html.lastIndexOf('&', to - 1);
        const character = String.fromCodePoint(code);
        if (character.trim() !== '') {
          if (start === -1) start = from;
          end = to;
        }
        parts.push(character);
      },
      onopentagname(from, to) {
        tag = html.slice(from, to).toLowerCase();
        if (BLOCKS.has(tag)) endLine();
        else if (SPACED.has(tag)) parts.push(' ');
        if (tag === 'blockquote') quotes += 1;
        if (tag === 'p') centred = false;
        if (tag === UNSEEN) unseen = true;
      },
      onclosetag(from, to) {
        const name = html.slice(from, to).toLowerCase();
        if (BLOCKS.has(name)) endLine();
        else if (SPACED.has(name)) parts.push(' ');
        if (name === 'blockquote' && quotes > 0) quotes -= 1;
        if (name === 'p') centred = false;
        if (name === UNSEEN) unseen = false;
      },
      onattribname(from, to) {
        attribute = html.slice(from, Math.min(to, from + LONGEST_ATTRIBUTE)).toLowerCase();
        value = '';
      },
      onattribdata(from, to) {
        value = html.slice(from, Math.min(to, from + LONGEST_ATTRIBUTE)).toLowerCase();
      },
      onattribend() {
        if (tag === 'p' && attribute === 'align' && value === 'center') centred = true;
      },
      oncdata: (from, to) => onText(from, to),
      onattribentity() {},
      oncomment() {},
      ondeclaration() {},
      onprocessinginstruction() {},
      onopentagend() {},
      onselfclosingtag() {},
      onend() {},
    },
  );
  tokenizer.write(html);
  tokenizer.end();
  endLine();
  return lines;
}

/** Whether a text has a tag; none spans another's beginning, so that each character is looked at once. */
export function hasMarkup(text: string): boolean {
  return /<\/?[a-z][^<>]*>/i.test(text);
}

/** HTML as text; what it quotes has `> ` before each line. */
export function htmlText(html: string): string {
  return htmlLines(html, 'are-spaces')
    .map(({ text, quoted }) => (quoted ? `> ${text}` : text))
    .join('\n');
}
