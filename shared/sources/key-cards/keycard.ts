import { severalFormats } from '../documents/several-formats.ts';
import { keyCardTable } from './keycard-table.ts';
import { roomKeysExternal } from './room-keys-external.ts';
import { saltoShip } from './salto-ship.ts';

/**
 * Records of lock systems: a table (Salto, dormakaba/Ilco, Assa Abloy and others), OPERA Cloud's `roomKeysExternal` (JSON),
 * or Salto SHIP's audit trail (XML). The first character of the file tells.
 */
export const keycard = severalFormats(
  'keycard',
  { table: keyCardTable, json: roomKeysExternal, xml: saltoShip },
  (head) => {
    const first = firstOf(head);
    if (first === '{' || first === '[') return 'json';
    return first === '<' ? 'xml' : 'table';
  },
);

/** The first character that says something, byte by byte: the encoding isn't known yet. */
function firstOf(head: Uint8Array): string {
  return Buffer.from(head).toString('latin1').replace(/^ï»¿/, '').trimStart().charAt(0);
}
