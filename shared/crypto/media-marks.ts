import { commitmentIn, MEDIUM_STATES, type MediumMark, mediumMark, stateIn } from '../domain/medium-mark.ts';
import { SealedFormatError } from './sealed-object-error.ts';

/** Numbers of states in the row: part of the format, so a number is never given again. */
const STATE_CODES = { missing: 1, reference: 2, present: 3, damaged: 4 } as const satisfies Record<
  (typeof MEDIUM_STATES)[number],
  number
>;
const U16 = 2;
const U32 = 4;
const COMMITMENT_BYTES = 32;

/**
 * The marks of a block's media as its row holds them, by the place of each record in the index: the number of different
 * commitments (u16) ‖ those ‖ per record with attachments its place (u32), how many they are (u32) and, for each, its
 * state (u8) and, of one in custody, the place of its commitment (u16). Null where no record has attachments.
 */
export function encodeMediaMarks(marks: readonly (readonly MediumMark[])[]): Buffer | null {
  const commitments = new Map<string, number>();
  const parts: Buffer[] = [];
  for (const [place, own] of marks.entries()) {
    if (own.length === 0) continue;
    const head = Buffer.alloc(2 * U32);
    head.writeUInt32BE(place);
    head.writeUInt32BE(own.length, U32);
    parts.push(head);
    for (const mark of own) {
      const commitment = commitmentIn(mark);
      const code = STATE_CODES[stateIn(mark)];
      if (commitment === null) {
        parts.push(Buffer.of(code));
        continue;
      }
      const known = commitments.get(commitment) ?? commitments.size;
      commitments.set(commitment, known);
      const part = Buffer.of(code, 0, 0);
      part.writeUInt16BE(known, 1);
      parts.push(part);
    }
  }
  if (parts.length === 0) return null;
  const count = Buffer.alloc(U16);
  count.writeUInt16BE(commitments.size);
  return Buffer.concat([count, Buffer.from([...commitments.keys()].join(''), 'hex'), ...parts]);
}

/** The marks by the place of their record in the index. Throws SealedFormatError where they are cut short or not in order. */
export function decodeMediaMarks(encoded: Uint8Array): Map<number, MediumMark[]> {
  const bytes = Buffer.from(encoded.buffer, encoded.byteOffset, encoded.byteLength);
  let at = 0;
  function take(length: number): Buffer {
    if (at + length > bytes.length) throw new SealedFormatError('The marks of the media are cut short');
    at += length;
    return bytes.subarray(at - length, at);
  }
  const commitments = Array.from({ length: take(U16).readUInt16BE() }, () =>
    take(COMMITMENT_BYTES).toString('hex'),
  );
  const marks = new Map<number, MediumMark[]>();
  let before = -1;
  while (at < bytes.length) {
    const place = take(U32).readUInt32BE();
    if (place <= before) throw new SealedFormatError('The marks of the media are not in order');
    before = place;
    const count = take(U32).readUInt32BE();
    const own: MediumMark[] = [];
    // Each takes a byte at least, so that a number that can't be is cut short before it costs anything.
    for (let position = 0; position < count; position += 1) own.push(mark());
    marks.set(place, own);
  }
  return marks;

  function mark(): MediumMark {
    const code = take(1).readUInt8();
    const state = MEDIUM_STATES.find((name) => STATE_CODES[name] === code);
    if (state === undefined) throw new SealedFormatError('The marks of the media have an unknown state');
    if (state === 'missing' || state === 'reference') return mediumMark(state, null);
    const commitment = commitments[take(U16).readUInt16BE()];
    if (commitment === undefined) throw new SealedFormatError('The marks of the media lack a commitment');
    return mediumMark(state, commitment);
  }
}
