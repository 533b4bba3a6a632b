import { BadInputError, RejectedCallError } from './failure.ts';
import { fieldPath } from './field-path.ts';

const IN_BODY = /^body(\.|$)/;
const IN_CALL = /^(body|path|query)(\.|$)/;

/**
 * What the deployment finds wrong with a call's body, in the words of whoever gave it: `name` says where a field of the
 * body (`hotels[0]`; empty: all of it) comes from, such as a file or an option; null where the command itself says it
 * (`namedPlaces`).
 */
export async function inTermsOf<Answer>(
  name: (field: string) => string | null,
  call: Promise<Answer>,
): Promise<Answer> {
  try {
    return await call;
  } catch (error) {
    if (!(error instanceof RejectedCallError)) throw error;
    const { what, where, remedy } = error;
    const named = where
      .split(', ')
      .map((place) => (IN_BODY.test(place) ? (name(fieldPath(place.split('.').slice(1))) ?? place) : place));
    const left = named.some((place) => IN_CALL.test(place));
    const Fault = left ? RejectedCallError : BadInputError;
    throw new Fault(what, [...new Set(named)].join(', '), remedy, { cause: error });
  }
}

/** A file that was given as it is, and its fields. */
export const ofFile = (file: string) => (field: string) => (field === '' ? file : `${file}: ${field}`);

/** Options by the fields of the body that they become, where the names differ: `{'subject.value': '--guest'}`. */
export const ofOptions = (options: Readonly<Record<string, string>>) => (field: string) =>
  options[field] ?? null;
