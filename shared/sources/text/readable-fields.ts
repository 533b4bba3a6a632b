import { LIMITS } from '../../domain/limits.ts';
import { isJsonObject, textOf } from '../json/json-value.ts';

/**
 * Every field that says something, one a line, `a.b[1]: value`; those named in `without` are left out at every depth. Names
 * repeat on each line: where all of them come to more than a record may have (it is rejected as too large then), no more
 * are written.
 */
export function readableFields(value: unknown, without: readonly string[] = []): string[] {
  const lines: string[] = [];
  let left = LIMITS.lineBytes + 1;
  write(value, []);
  return lines;

  function write(one: unknown, path: readonly (string | number)[]): void {
    if (left <= 0) return;
    if (isJsonObject(one)) {
      for (const [key, field] of Object.entries(one))
        if (!without.includes(key)) write(field, [...path, key]);
      return;
    }
    if (Array.isArray(one)) {
      for (const [index, item] of one.entries()) write(item, [...path, index + 1]);
      return;
    }
    const text = textOf(one);
    if (text === '') return;
    const line = path.length === 0 ? text : `${nameOf(path)}: ${text}`;
    left -= line.length;
    lines.push(line);
  }
}

function nameOf(path: readonly (string | number)[]): string {
  let name = '';
  for (const step of path) {
    if (typeof step === 'number') name += `[${step}]`;
    else name = name === '' ? step : `${name}.${step}`;
  }
  return name.toWellFormed();
}
