import sax from 'sax';
import { LIMITS } from '../../domain/limits.ts';

/** An element as it was written: prefixes stay in the names, `localName` is what follows them. */
export type XmlElement = {
  name: string;
  /** The name without its prefix. */
  localName: string;
  /** By name as written, in the order of the text; without a prototype, so that no name is found that isn't there. */
  attributes: Readonly<Record<string, string>>;
  children: readonly XmlElement[];
  /** Character data and CDATA of this element itself, in the order of the text; not that of its children. */
  text: string;
};

export type XmlFault =
  | 'not-xml'
  | 'xml-doctype'
  | 'xml-unknown-entity'
  | 'xml-invalid-character'
  | 'xml-too-many-nodes'
  | 'nested-too-deep';

export type Xml = { ok: true; root: XmlElement } | { ok: false; reason: XmlFault };

/** What XML 1.0 has no place for (production Char): controls, lone surrogates, U+FFFE and U+FFFF. */
const INVALID = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;

/**
 * One XML document, at most LIMITS.xmlNodes elements and attributes, LIMITS.xmlNesting deep. A document type declaration
 * is refused, and with it every entity but XML's own five; an attribute that stands twice in one tag is refused.
 */
export function readXml(text: string): Xml {
  if (INVALID.test(text)) return { ok: false, reason: 'xml-invalid-character' };
  const declared = declarationIn(text);
  if (declared !== null) return { ok: false, reason: declared };
  try {
    return { ok: true, root: parse(text) };
  } catch (cause) {
    if (cause instanceof XmlError) return { ok: false, reason: cause.reason };
    throw cause;
  }
}

/** The direct children of this local name. */
export function childrenNamed(element: XmlElement, localName: string): XmlElement[] {
  return element.children.filter((child) => child.localName === localName);
}

/** Leaves the parser at once: it would go on after an error, at a price that grows with what follows. */
class XmlError extends Error {
  override name = 'XmlError';
  readonly reason: XmlFault;
  constructor(reason: XmlFault) {
    super(`The XML can't be read: ${reason}`);
    this.reason = reason;
  }
}

type OpenElement = Omit<XmlElement, 'children'> & { children: XmlElement[] };

function parse(text: string): XmlElement {
  const parser = sax.parser(true, { position: false });
  // The parser's own table answers to names such as `constructor` as well.
  parser.ENTITIES = Object.assign(Object.create(null), { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" });
  const open: OpenElement[] = [];
  let root: XmlElement | null = null;
  let attributes: Record<string, string> = {};
  let nodes = 0;

  function count(): void {
    nodes += 1;
    if (nodes > LIMITS.xmlNodes) throw new XmlError('xml-too-many-nodes');
  }
  function addText(piece: string): void {
    const element = open.at(-1);
    if (element !== undefined) element.text += piece;
    else if (piece.trim() !== '') throw new XmlError('not-xml');
  }

  parser.onerror = ({ message }) => {
    throw new XmlError(
      /^Invalid character (?:entity|in entity name)/.test(message) ? 'xml-unknown-entity' : 'not-xml',
    );
  };
  parser.onopentagstart = (tag) => {
    attributes = Object.create(null);
    // The parser passes over an attribute that it has seen before, and trusts an attribute of this very name.
    Object.defineProperty(tag.attributes, 'hasOwnProperty', { value: () => false });
  };
  parser.onattribute = ({ name, value }) => {
    count();
    if (name in attributes) throw new XmlError('not-xml');
    attributes[name] = value;
  };
  parser.onopentag = ({ name }) => {
    count();
    if (open.length === LIMITS.xmlNesting) throw new XmlError('nested-too-deep');
    // The parser has nothing against a second root.
    if (open.length === 0 && root !== null) throw new XmlError('not-xml');
    const element: OpenElement = {
      name,
      localName: name.slice(name.indexOf(':') + 1),
      attributes,
      children: [],
      text: '',
    };
    open.at(-1)?.children.push(element);
    root ??= element;
    open.push(element);
  };
  parser.onclosetag = () => {
    open.pop();
  };
  parser.ontext = addText;
  parser.oncdata = addText;
  parser.write(text).close();
  if (root === null) throw new XmlError('not-xml');
  return root;
}

/**
 * Whether there is a declaration (`<!…`) that is neither comment nor CDATA, found before the parser meets it: it reads
 * a long one in time that grows with the square of its length. Where a tag can't be told from what stands in it, the
 * text is no XML.
 */
function declarationIn(text: string): XmlFault | null {
  let at = text.indexOf('<');
  while (at !== -1) {
    let end: number;
    if (text.startsWith('<!--', at)) end = behind('-->', at + 4);
    else if (text.startsWith('<![CDATA[', at)) end = behind(']]>', at + 9);
    else if (text.startsWith('<?', at)) {
      end = behind('?>', at + 2);
      // The parser would read on here.
      if (text.endsWith('??>', end)) return 'not-xml';
    } else if (text.startsWith('<!', at)) {
      return /^<!doctype/i.test(text.slice(at, at + 9)) ? 'xml-doctype' : 'not-xml';
    } else {
      end = behindTag(at + 1);
    }
    if (end === -1) return 'not-xml';
    at = text.indexOf('<', end);
  }
  return null;

  function behind(mark: string, from: number): number {
    const found = text.indexOf(mark, from);
    return found === -1 ? -1 : found + mark.length;
  }
  function behindTag(from: number): number {
    // A tag begins with its name; the parser would wait for one.
    if (/\s/.test(text[from] ?? ' ')) return -1;
    let quote: string | null = null;
    for (let next = from; next < text.length; next += 1) {
      const character = text[next] ?? '';
      if (character === '<') return -1;
      if (quote !== null) {
        if (character === quote) quote = null;
      } else if (character === '"' || character === "'") quote = character;
      else if (character === '>') return next + 1;
    }
    return -1;
  }
}
