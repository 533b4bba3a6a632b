/** Whether a file begins as JSON documents do: with an object, or a list of objects. `[LINE]` and `[1/2/24` are none. */
export function looksLikeJson(head: Uint8Array): boolean {
  return /^\uFEFF?\s*(?:\{|\[\s*(?:\{|\]|$))/.test(Buffer.from(head).toString('utf8'));
}
