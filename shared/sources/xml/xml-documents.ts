import { LIMITS } from '../../domain/limits.ts';
import { decodeText } from '../bytes/decode-text.ts';
import {
  type DocumentPiece,
  documentItems,
  rejectedPiece,
  truncatedAt,
} from '../documents/document-items.ts';
import type { Draft, ImportOptions, Item, ResumePoint } from '../importer.ts';
import { readXml, type XmlElement } from './xml-elements.ts';

/** What a document gives; the bytes of its records are those of the whole document. */
export type XmlOutcome =
  | { kind: 'record'; draft: Draft }
  | { kind: 'rejected'; reason: string }
  | { kind: 'skipped' };

export type ReadXmlDocument = (
  root: XmlElement,
  options: ImportOptions,
) => AsyncIterable<XmlOutcome> | Iterable<XmlOutcome>;

/**
 * Reads a file of XML documents in UTF-8, each of at most LIMITS.documentBytes: one, one on each line, or one after the
 * other on as many lines as they like. What can't be read is one rejected item.
 */
export function readXmlDocuments(
  bytes: AsyncIterable<Uint8Array>,
  from: ResumePoint,
  options: ImportOptions,
  read: ReadXmlDocument,
): AsyncGenerator<Item> {
  return documentItems(
    cut(bytes, from, null),
    from,
    () => null,
    (piece, end) => itemsOf(piece, end, options, read),
  );
}

/**
 * Reads one XML document of whatever size: each outermost element of this local name (`SaltoDBAuditTrailEvent`) is a
 * document of its own, of at most LIMITS.documentBytes; what stands around them passes unseen. Prefixes that are declared
 * around an element stand in its names undeclared.
 */
export function readXmlElements(
  bytes: AsyncIterable<Uint8Array>,
  from: ResumePoint,
  options: ImportOptions,
  localName: string,
  read: ReadXmlDocument,
): AsyncGenerator<Item> {
  const depth = /^\d{1,9}$/.test(from.state ?? '') ? Number(from.state) : 0;
  return documentItems(
    cut(bytes, from, { localName, depth }),
    from,
    (piece) => String(piece?.depth ?? depth),
    (piece, end) => itemsOf(piece, end, options, read),
  );
}

type Piece = DocumentPiece & {
  /** What it is: a document, something that is none, what stands between documents, or where the file is cut. */
  kind: 'document' | 'junk' | 'nothing' | 'cut';
  /** How many elements are open around it. */
  depth: number;
};

async function* itemsOf(
  piece: Piece,
  end: ResumePoint,
  options: ImportOptions,
  read: ReadXmlDocument,
): AsyncGenerator<Item> {
  const { line, bytes: original, length } = piece;
  if (piece.kind === 'nothing') return;
  if (piece.kind === 'document') yield* outcomesOf();
  else if (piece.kind === 'junk') yield rejectedPiece(piece, end, 'not-xml');
  if (!piece.whole) yield truncatedAt(piece, end);

  async function* outcomesOf(): AsyncGenerator<Item> {
    if (length > original.length) {
      yield rejectedPiece(piece, end, 'document-too-large');
      return;
    }
    const text = decodeText(original, false);
    if (text === null) {
      yield rejectedPiece(piece, end, 'not-utf8');
      return;
    }
    const xml = readXml(text);
    if (!xml.ok) {
      yield rejectedPiece(piece, end, xml.reason);
      return;
    }
    for await (const outcome of read(xml.root, options)) {
      if (outcome.kind === 'record') yield { kind: 'record', line, end, original, ...outcome.draft };
      else if (outcome.kind === 'rejected') yield rejectedPiece(piece, end, outcome.reason);
      else yield { kind: 'skipped', line, end };
    }
  }
}

const LF = 0x0a;
const OPEN = 0x3c;
const CLOSE = 0x3e;
const SLASH = 0x2f;
const BANG = 0x21;
const QUESTION = 0x3f;
const DASH = 0x2d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const QUOTES = [0x22, 0x27];
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];
const FIRST_BUFFER_BYTES = 16 * 1024;

function isWhite(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/**
 * Where the reading stands: in character data, behind `<`, behind `<!`, in the name of a tag or instruction, behind that
 * name, or in what has an end mark of its own.
 */
type Mode =
  | 'text'
  | 'open'
  | 'bang'
  | 'name'
  | 'tag'
  | 'quoted'
  | 'comment'
  | 'cdata'
  | 'instruction'
  | 'declaration';

/**
 * Cuts documents at the end of their root, or elements of the wanted name at theirs. Only elements of that one name are
 * counted, so that a document whose other tags don't match ends where it should. Where a line begins with the root's
 * start tag again, or an XML declaration comes, the document before was never ended.
 */
async function* cut(
  bytes: AsyncIterable<Uint8Array>,
  from: ResumePoint,
  wanted: { localName: string; depth: number } | null,
): AsyncGenerator<Piece> {
  let line = from.line + 1;
  let offset = from.offset;
  let depth = wanted?.depth ?? 0;
  let mode: Mode = 'text';
  let previous = LF;

  // The piece that is being held.
  let held = new Uint8Array(FIRST_BUFFER_BYTES);
  let inside = false;
  let firstLine = line;
  let length = 0;
  let element: string | null = null;
  let open = 0;
  let junk = false;

  // The markup that is being read: where it began, and its first bytes until its name is known.
  let start = { line, offset, atLineStart: true };
  let head: number[] = [];
  let name: string | null = null;
  let closing = false;
  let quote = 0;
  let brackets = 0;
  let last = 0;
  let lastButOne = 0;

  function hold(byte: number): void {
    if (length < LIMITS.documentBytes) {
      if (length === held.length) {
        const larger = new Uint8Array(Math.min(held.length * 2, LIMITS.documentBytes));
        larger.set(held);
        held = larger;
      }
      held[length] = byte;
    }
    length += 1;
  }
  function begin(atLine: number): void {
    inside = true;
    firstLine = atLine;
    length = 0;
    element = null;
    open = 0;
    junk = false;
  }
  function finished(kind: Piece['kind'], whole = true, end = { line: line - 1, offset }): Piece {
    const content = held.slice(0, Math.min(length, LIMITS.documentBytes));
    const piece: Piece = { kind, line: inside ? firstLine : line, end, bytes: content, length, whole, depth };
    if (held.length > LIMITS.lineBytes) held = new Uint8Array(FIRST_BUFFER_BYTES);
    inside = false;
    length = 0;
    element = null;
    return piece;
  }
  /** Ends what is held before the markup that is being read, and begins anew with that markup. */
  function finishedBeforeMarkup(): Piece {
    length -= head.length;
    const piece = finished(junk ? 'junk' : 'document', true, { line: start.line - 1, offset: start.offset });
    beginWithMarkup();
    return piece;
  }
  function beginWithMarkup(): void {
    begin(start.line);
    for (const byte of head) hold(byte);
  }
  function nameRead(): string | null {
    return head.length > LIMITS.xmlNameBytes
      ? null
      : Buffer.from(head.slice(closing ? 2 : 1, -1)).toString('latin1');
  }
  function isCounted(tag: string | null): boolean {
    if (tag === null) return false;
    return wanted === null ? tag === element : tag.slice(tag.indexOf(':') + 1) === wanted.localName;
  }

  for await (const chunk of bytes) {
    for (const byte of chunk) {
      if (byte === LF) line += 1;
      offset += 1;
      const white = isWhite(byte);

      if (mode === 'text') {
        if (byte === OPEN) {
          if (inside && junk && element === null) {
            yield finished('junk', true, { line: line - 1, offset: offset - 1 });
          }
          mode = 'open';
          start = { line, offset: offset - 1, atLineStart: previous === LF };
          head = [];
          closing = false;
          if (!inside && wanted === null) begin(line);
        } else if (wanted === null && !white && element === null) {
          const mark = offset <= BYTE_ORDER_MARK.length && byte === BYTE_ORDER_MARK[offset - 1];
          if (!mark) {
            if (!inside) begin(line);
            junk = true;
          }
        }
      }
      if (inside) hold(byte);
      previous = byte;

      switch (mode) {
        case 'text':
          if (byte === LF && inside && junk && element === null) yield finished('junk');
          continue;
        case 'open':
          head.push(byte);
          if (head.length === 1) continue;
          if (byte === BANG) mode = 'bang';
          else if (byte === SLASH && !closing) closing = true;
          else if (white || byte === CLOSE || byte === OPEN || byte === SLASH) {
            junk = true;
            mode = 'text';
          } else mode = 'name';
          continue;
        case 'bang': {
          head.push(byte);
          const text = Buffer.from(head).toString('latin1');
          if (text === '<!--') mode = 'comment';
          else if (text === '<![CDATA[') mode = 'cdata';
          else if (!'<![CDATA['.startsWith(text) && text !== '<!-') {
            mode = 'declaration';
            brackets = 0;
            if (!inside) beginWithMarkup();
          }
          last = 0;
          lastButOne = 0;
          if (mode === 'declaration' && byte === CLOSE) {
            mode = 'text';
            if (wanted !== null && element === null) yield finished('document');
          }
          continue;
        }
        case 'name': {
          const ended = white || byte === CLOSE || byte === SLASH || byte === OPEN;
          if (head.length <= LIMITS.xmlNameBytes) head.push(byte);
          if (!ended) continue;
          name = nameRead();
          mode = 'tag';
          if (head[1] === QUESTION) {
            // `<?target?>` ends with its name.
            mode = byte === CLOSE && name?.endsWith('?') === true ? 'text' : 'instruction';
            if (name === '?xml' && inside && element !== null && wanted === null)
              yield finishedBeforeMarkup();
          } else if (closing) {
            if (inside && isCounted(name)) open -= 1;
            else if (!inside) depth = Math.max(0, depth - 1);
            else if (element === null) junk = true;
          } else if (!inside) {
            if (isCounted(name)) {
              beginWithMarkup();
              element = name;
              open = 1;
            } else depth += 1;
          } else if (element === null) {
            element = name ?? '';
            open = 1;
          } else if (isCounted(name)) {
            if (wanted === null && start.atLineStart) {
              yield finishedBeforeMarkup();
              element = name;
              open = 1;
            } else open += 1;
          }
          last = 0;
          if (mode !== 'tag') continue;
          break;
        }
        case 'tag':
          break;
        case 'quoted':
          if (byte === quote) mode = 'tag';
          continue;
        case 'comment':
          if (byte === CLOSE && last === DASH && lastButOne === DASH) mode = 'text';
          break;
        case 'cdata':
          if (byte === CLOSE && last === CLOSE_BRACKET && lastButOne === CLOSE_BRACKET) mode = 'text';
          break;
        case 'instruction':
          if (byte === CLOSE && last === QUESTION) mode = 'text';
          break;
        case 'declaration':
          if (byte === OPEN_BRACKET) brackets = 1;
          else if (byte === CLOSE_BRACKET) brackets = 0;
          else if (byte === CLOSE && brackets === 0) {
            mode = 'text';
            if (wanted !== null && element === null) yield finished('document');
          }
          continue;
      }

      if (mode === 'tag') {
        if (QUOTES.includes(byte)) {
          mode = 'quoted';
          quote = byte;
        } else if (byte === CLOSE) {
          mode = 'text';
          if (last === SLASH && !closing) {
            if (inside && isCounted(name)) open -= 1;
            else if (!inside) depth = Math.max(0, depth - 1);
          }
          if (inside && element !== null && open <= 0) yield finished('document');
        }
      }
      lastButOne = last;
      last = byte;
    }
  }

  if (inside && length > 0) {
    if (element === null && mode === 'text') yield finished(junk ? 'junk' : 'nothing');
    else yield finished('document', false);
  } else if (mode !== 'text' || depth > 0) {
    // Said once: whoever goes on behind it finds nothing open.
    depth = 0;
    yield finished('cut', false);
  }
}
