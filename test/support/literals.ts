/** What stands around a text in source code: the innermost first. */
export type Around = { in: 'call'; name: string; argument: number } | { in: 'object'; key: string };
/** A text of source code, template holes as `…`. */
export type Literal = { text: string; line: number; around: readonly Around[] };

type Frame = { closing: string; around: Around | null };

/** Before these a slash divides; elsewhere it begins a regular expression. */
const ENDS_A_VALUE = /[\w)\]}"'`]$/;

/** Every string and template of TypeScript source with the calls and object keys around it. Comments are left out. */
export function literalsOf(source: string): Literal[] {
  const found: Literal[] = [];
  const frames: Frame[] = [];
  let at = 0;
  let code = '';

  const lineAt = (offset: number) => source.slice(0, offset).split('\n').length;
  const around = () => frames.flatMap((frame) => frame.around ?? []).reverse();

  function quoted(quote: string): void {
    const begun = at;
    let text = '';
    at += 1;
    while (at < source.length && source[at] !== quote) {
      if (source[at] === '\\') {
        text += source[at + 1] ?? '';
        at += 2;
      } else if (quote === '`' && source.startsWith('${', at)) {
        text += '…';
        code += '{';
        at += 2;
        frames.push({ closing: '}', around: null });
        walk('}');
        frames.pop();
      } else {
        text += source[at] ?? '';
        at += 1;
      }
    }
    at += 1;
    found.push({ text, line: lineAt(begun), around: around() });
    code += '"';
  }

  function opened(character: string): void {
    if (character === '(') {
      const name = /([\w.]+)\s*(?:<[^<>()]*>)?\s*$/.exec(code)?.[1]?.split('.').at(-1) ?? '';
      frames.push({ closing: ')', around: { in: 'call', name, argument: 0 } });
    } else if (character === '{') {
      frames.push({ closing: '}', around: { in: 'object', key: '' } });
    } else {
      frames.push({ closing: ']', around: null });
    }
  }

  function separated(): void {
    const frame = frames.at(-1);
    if (frame?.around?.in === 'call') {
      frame.around = { ...frame.around, argument: frame.around.argument + 1 };
    } else if (frame?.around?.in === 'object') {
      frame.around = { in: 'object', key: '' };
    }
  }

  function keyed(): void {
    const frame = frames.at(-1);
    if (frame?.around?.in !== 'object' || frame.around.key !== '') return;
    const key = /(?:([\w$]+)|"|\])\s*$/.exec(code);
    if (key !== null) frame.around = { in: 'object', key: key[1] ?? '"' };
  }

  /** Up to the closing character of what was opened before, or the end. */
  function walk(until: string): void {
    const depth = frames.length;
    while (at < source.length) {
      const character = source[at] ?? '';
      if (source.startsWith('//', at)) {
        at = (source.indexOf('\n', at) + 1 || source.length + 1) - 1;
      } else if (source.startsWith('/*', at)) {
        at = source.indexOf('*/', at) + 2;
      } else if (character === '/' && !ENDS_A_VALUE.test(code.trimEnd())) {
        at = afterRegularExpression();
      } else if (character === "'" || character === '"' || character === '`') {
        quoted(character);
      } else if (character === until && frames.length === depth) {
        at += 1;
        return;
      } else {
        if ('([{'.includes(character)) opened(character);
        else if (character === frames.at(-1)?.closing && frames.length > depth) frames.pop();
        else if (character === ',') separated();
        else if (character === ':') keyed();
        else if (character === ';') separated();
        code = `${code.slice(-200)}${character}`;
        at += 1;
      }
    }
  }

  function afterRegularExpression(): number {
    let inClass = false;
    let next = at + 1;
    while (next < source.length && (source[next] !== '/' || inClass)) {
      if (source[next] === '\\') next += 1;
      else if (source[next] === '[') inClass = true;
      else if (source[next] === ']') inClass = false;
      next += 1;
    }
    code += ')';
    return next + 1;
  }

  walk('');
  return found;
}
