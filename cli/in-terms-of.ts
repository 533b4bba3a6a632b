import { BadInputError } from './failure.ts';
import { fieldPath } from './field-path.ts';

/**
 * What the deployment finds wrong with a call's body, in the words of whoever gave it: `name` says where a field of the
 * body (`hotels[0]`; empty: all of it) comes from, such as a file or an option.
 */
export async function inTermsOf<Answer>(
  name: (field: string) => string,
  call: Promise<Answer>,
): Promise<Answer> {
  try {
    return await call;
  } catch (error) {
    if (!(error instanceof BadInputError)) throw error;
    const { what, where, remedy } = error;
    const named = where
      .split(', ')
      .map((place) => (/^body(\.|$)/.test(place) ? name(fieldPath(place.split('.').slice(1))) : place));
    throw new BadInputError(what, [...new Set(named)].join(', '), remedy, { cause: error });
  }
}

/** A file that was given as it is, and its fields. */
export const ofFile = (file: string) => (field: string) => (field === '' ? file : `${file}: ${field}`);

/** Options by the fields of the body that they become: `{'subject.value': '--guest'}`; others by the field's own name. */
export const ofOptions = (options: Readonly<Record<string, string>>) => (field: string) =>
  options[field] ?? `--${field}`;
