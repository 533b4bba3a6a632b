import {
  FRAME_BYTES,
  type Framing,
  isCommitted,
  openFrames,
  readFramedHeader,
  sealFrames,
} from './framed-object.ts';
import { encodeHeader, readHeader } from './sealed-header.ts';
import { SealedFormatError, SealedObjectError, WrongSealedObjectError } from './sealed-object-error.ts';

const IN_CUSTODY = 'DKM1';
const STAGED = 'DKN1';
const LENGTH_BYTES = 8;

/** Where a medium belongs, and under which key it lies. `keyId` and `keyVersion` are the guest key's. */
export type MediumPlace = {
  keyId: string;
  keyVersion: number;
  hotel: string;
  conversationId: string;
  mediaId: string;
  recordClass: string;
};

/** A medium that a request's grant stages: under the grant's key, bound to the request and its place in the package. */
export type StagedMediumPlace = { requestId: string; name: string };

type Sealing = {
  key: Uint8Array;
  bytes: number;
  content: AsyncIterable<Uint8Array>;
  /** For test vectors alone, as `frameBytes` is. */
  salt?: Uint8Array;
  frameBytes?: number;
};
type Opening = { key: Uint8Array; sealed: AsyncIterable<Uint8Array> };

/** Seals a medium of exactly `bytes` bytes under its guest's key (docs/formats/media.md), in bounded memory. */
export function sealMedium(input: Sealing & { place: MediumPlace }): AsyncGenerator<Buffer> {
  const { place } = input;
  return seal(input, (framing) =>
    encodeHeader(IN_CUSTODY, [
      { kind: 'text', value: place.keyId },
      { kind: 'u32', value: place.keyVersion },
      { kind: 'text', value: place.hotel },
      { kind: 'text', value: place.conversationId },
      { kind: 'text', value: place.mediaId },
      { kind: 'text', value: place.recordClass },
      ...framingFields(framing),
    ]),
  );
}

/**
 * The medium that must be the one at `place`, frame by frame, nothing of it unverified.
 * Throws SealedFormatError, WrongSealedObjectError, KeyCommitmentError, TamperedError; the last frames of an object that
 * was cut short are missed at its end.
 */
export async function* openMedium(input: Opening & { place: MediumPlace }): AsyncGenerator<Buffer> {
  const { header, reader } = await readFramedHeader(input.sealed);
  try {
    yield* openFrames(input.key, header, framingAt(header, input.place), reader);
  } finally {
    await reader.close();
  }
}

/** Whether this is the medium at `place` under this key, by its header and commitment: nothing of it is decrypted. */
export function isMediumAt(input: Opening & { place: MediumPlace; bytes: number }): Promise<boolean> {
  return isThere(input, (header) => framingAt(header, input.place));
}

async function isThere(
  { key, sealed, bytes }: Opening & { bytes: number },
  framing: (header: Uint8Array) => Framing,
): Promise<boolean> {
  try {
    const { header, reader } = await readFramedHeader(sealed);
    try {
      return framing(header).bytes === bytes && (await isCommitted(key, header, reader));
    } finally {
      await reader.close();
    }
  } catch (error) {
    if (error instanceof SealedObjectError) return false;
    throw error;
  }
}

/** Seals a medium for the openings of a grant, under the grant's key. */
export function sealStagedMedium(input: Sealing & { place: StagedMediumPlace }): AsyncGenerator<Buffer> {
  const { place } = input;
  return seal(input, (framing) =>
    encodeHeader(STAGED, [
      { kind: 'text', value: place.requestId },
      { kind: 'text', value: place.name },
      ...framingFields(framing),
    ]),
  );
}

/** As `isMediumAt`, for what is staged. */
export function isStagedMediumAt(
  input: Opening & { place: StagedMediumPlace; bytes: number },
): Promise<boolean> {
  return isThere(input, (header) => stagedFramingAt(header, input.place));
}

/** Throws as `openMedium` does. */
export async function* openStagedMedium(
  input: Opening & { place: StagedMediumPlace },
): AsyncGenerator<Buffer> {
  const { header, reader } = await readFramedHeader(input.sealed);
  try {
    yield* openFrames(input.key, header, stagedFramingAt(header, input.place), reader);
  } finally {
    await reader.close();
  }
}

function seal(
  { key, bytes, content, salt, frameBytes = FRAME_BYTES }: Sealing,
  headerOf: (framing: Framing) => Buffer,
): AsyncGenerator<Buffer> {
  const framing = { bytes, frameBytes };
  return sealFrames(key, headerOf(framing), framing, content, salt);
}

function framingFields({ bytes, frameBytes }: Framing) {
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeBigUInt64BE(BigInt(bytes));
  return [
    { kind: 'bytes' as const, value: length },
    { kind: 'u32' as const, value: frameBytes },
  ];
}

function stagedFramingAt(header: Uint8Array, place: StagedMediumPlace): Framing {
  const read = readHeader(STAGED, header);
  for (const [field, asked] of [
    ['request', place.requestId],
    ['name', place.name],
  ] as const) {
    if (read.text() !== asked) throw new WrongSealedObjectError(field);
  }
  return framingOf(read);
}

function framingAt(header: Uint8Array, place: MediumPlace): Framing {
  const read = readHeader(IN_CUSTODY, header);
  const there = {
    keyId: read.text(),
    keyVersion: read.u32(),
    hotel: read.text(),
    conversationId: read.text(),
    mediaId: read.text(),
    recordClass: read.text(),
  };
  for (const [field, is, asked] of [
    ['hotel', there.hotel, place.hotel],
    ['medium', there.mediaId, place.mediaId],
    ['conversation', there.conversationId, place.conversationId],
    ['class', there.recordClass, place.recordClass],
    ['guest key', `${there.keyId} ${there.keyVersion}`, `${place.keyId} ${place.keyVersion}`],
  ] as const) {
    if (is !== asked) throw new WrongSealedObjectError(field);
  }
  return framingOf(read);
}

function framingOf(read: ReturnType<typeof readHeader>): Framing {
  const bytes = Number(read.bytes(LENGTH_BYTES).readBigUInt64BE());
  const frameBytes = read.u32();
  read.end();
  if (!Number.isSafeInteger(bytes) || frameBytes < 1 || frameBytes > FRAME_BYTES) {
    throw new SealedFormatError('The object says that its frames are as they can’t be');
  }
  return { bytes, frameBytes };
}
