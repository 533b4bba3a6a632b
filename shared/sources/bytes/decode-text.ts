const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const BYTE_ORDER_MARK = '\uFEFF';

/** UTF-8 as text; null where the bytes are none. A byte order mark counts at the beginning of the file alone. */
export function decodeText(bytes: Uint8Array, atBeginning: boolean): string | null {
  try {
    const text = decoder.decode(bytes);
    return atBeginning && text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
  } catch {
    return null;
  }
}
