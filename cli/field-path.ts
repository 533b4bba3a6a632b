/** A field of a JSON file as people write it: `hotels[0]`, `subject.value`; empty for the document itself. */
export function fieldPath(path: readonly PropertyKey[]): string {
  return path
    .map(String)
    .map((part, index) => (/^\d+$/.test(part) ? `[${part}]` : index === 0 ? part : `.${part}`))
    .join('');
}
