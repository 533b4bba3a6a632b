import { LIMITS } from '../../domain/limits.ts';
import { decodeText } from '../bytes/decode-text.ts';
import { readLines } from '../bytes/lines.ts';
import type { Position } from '../importer.ts';

/** A line as text with the place before it; what is not UTF-8 reads with replacement characters and says so. */
export type ChatLine = {
  line: number;
  begin: Position;
  end: Position;
  text: string;
  /** The line with its ending, as it stands in the file; the beginning where it is too long. */
  original: Uint8Array;
  fault: 'not-utf8' | 'line-too-long' | null;
};

const lenient = new TextDecoder('utf-8');
const CRLF = Buffer.from('\r\n');
const LF = Buffer.from('\n');

export async function* chatLines(bytes: AsyncIterable<Uint8Array>, from: Position): AsyncGenerator<ChatLine> {
  let begin: Position = { line: from.line, offset: from.offset };
  for await (const { line, end, bytes: content, length, ended } of readLines(bytes, from, LIMITS.lineBytes)) {
    const tooLong = length > content.length;
    const text = decodeText(content, line === 1);
    const ending = end.offset - begin.offset - length === CRLF.length ? CRLF : LF;
    yield {
      line,
      begin,
      end,
      text: text ?? lenient.decode(content),
      original: ended && !tooLong ? Buffer.concat([content, ending]) : content,
      fault: tooLong ? 'line-too-long' : text === null ? 'not-utf8' : null,
    };
    begin = end;
  }
}

const MOST_PIECES = 4096;

/** The lines of one message, gathered within LIMITS.lineBytes. */
export class MessageLines {
  readonly first: ChatLine;
  #pieces: Uint8Array[] = [];
  #texts: string[] = [];
  #end: Position;
  #held = 0;
  #fault: string | null;
  #bytes = 0;

  /** `text` is what the first line says after its time and name. */
  constructor(first: ChatLine, text: string) {
    this.first = first;
    this.#end = first.end;
    this.#fault = null;
    this.add(first, text);
  }

  add(line: ChatLine, text: string = line.text): void {
    this.#end = line.end;
    this.#bytes += line.end.offset - line.begin.offset;
    this.#fault ??= line.fault;
    if (this.#held + line.original.length > LIMITS.lineBytes) this.#fault ??= 'record-too-large';
    const kept = line.original.subarray(0, LIMITS.lineBytes - this.#held);
    if (kept.length > 0) this.#pieces.push(kept);
    // A million empty lines take no more memory than their bytes do.
    if (this.#pieces.length >= MOST_PIECES) this.#pieces = [Buffer.concat(this.#pieces)];
    this.#held += kept.length;
    // What is refused anyhow isn't held.
    if (this.#fault === null) this.#texts.push(text);
    else this.#texts = [];
    if (this.#texts.length >= MOST_PIECES) this.#texts = [this.#texts.join('\n')];
  }

  get fault(): string | null {
    return this.#fault;
  }

  /** The words, without empty lines at the end, which belong to the file. */
  get text(): string {
    const text = this.#texts.join('\n').toWellFormed();
    const words = text.trimEnd();
    const empty = text.indexOf('\n', words.length);
    return empty === -1 ? text : text.slice(0, empty);
  }

  get place(): { line: number; begin: Position; end: Position; original: Uint8Array; bytes: number } {
    const whole = Buffer.concat(this.#pieces);
    const length =
      whole.at(-1) === 0x0a ? (whole.at(-2) === 0x0d ? whole.length - 2 : whole.length - 1) : whole.length;
    return {
      line: this.first.line,
      begin: this.first.begin,
      end: this.#end,
      original: whole.subarray(0, length),
      bytes: Math.max(this.#bytes, whole.length) - (whole.length - length),
    };
  }
}
