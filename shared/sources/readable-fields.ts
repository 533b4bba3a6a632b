import { isJsonObject, textOf } from './json-value.ts';

/** Every field that says something, one a line, `a.b[1]: value`; those named in `without` are left out at every depth. */
export function readableFields(value: unknown, without: readonly string[] = [], name = ''): string[] {
  if (isJsonObject(value)) {
    return Object.entries(value).flatMap(([key, field]) =>
      without.includes(key)
        ? []
        : readableFields(field, without, (name === '' ? key : `${name}.${key}`).toWellFormed()),
    );
  }
  if (Array.isArray(value)) {
    return value.flatMap((one, index) => readableFields(one, without, `${name}[${index + 1}]`));
  }
  const text = textOf(value);
  return text === '' ? [] : [name === '' ? text : `${name}: ${text}`];
}
