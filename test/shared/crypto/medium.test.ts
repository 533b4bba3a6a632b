import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FRAME_BYTES } from '../../../shared/crypto/framed-object.ts';
import {
  isMediumAt,
  openMedium,
  openStagedMedium,
  sealMedium,
  sealStagedMedium,
} from '../../../shared/crypto/medium.ts';

const key = randomBytes(32);
const place = {
  keyId: 'gk_1',
  keyVersion: 1,
  hotel: 'SHA01',
  conversationId: 'cnv_1',
  mediaId: 'med_1',
  recordClass: 'ordinary',
};
const FRAME = 100;
const TAG = 16;

async function* chunks(bytes: Uint8Array, size = 7): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
async function whole(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
}
function sealed(content: Uint8Array, changes: Partial<typeof place> = {}): Promise<Buffer> {
  const input = { key, bytes: content.length, content: chunks(content), frameBytes: FRAME };
  return whole(sealMedium({ ...input, place: { ...place, ...changes } }));
}
const opened = (bytes: Uint8Array, under = key, at = place) =>
  whole(openMedium({ key: under, place: at, sealed: chunks(bytes, 33) }));

/** A sealed object cut into what stands before the frames, and the frames. */
function cut(bytes: Buffer): { head: Buffer; frames: Buffer[] } {
  const headBytes = 8 + bytes.readUInt16BE(6) + 32 + 32;
  const frames: Buffer[] = [];
  for (let at = headBytes; at < bytes.length; at += FRAME + TAG) {
    frames.push(bytes.subarray(at, at + FRAME + TAG));
  }
  return { head: bytes.subarray(0, headBytes), frames };
}

describe('a medium', () => {
  it('comes out as it went in, whatever its length and however its bytes come', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 5 * FRAME }),
        fc.integer({ min: 1, max: 300 }),
        async (content, size) => {
          const object = await sealed(content);
          const out = await whole(openMedium({ key, place, sealed: chunks(object, size) }));
          expect(out.equals(content)).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
    for (const length of [0, FRAME - 1, FRAME, FRAME + 1, 3 * FRAME]) {
      const content = randomBytes(length);
      expect((await opened(await sealed(content))).equals(content)).toBe(true);
    }
  });

  it('is held a frame at a time, in frames of 1 MiB', async () => {
    const bytes = 5 * FRAME_BYTES + 17;
    async function* content(): AsyncGenerator<Uint8Array> {
      for (let left = bytes; left > 0; left -= FRAME_BYTES)
        yield Buffer.alloc(Math.min(left, FRAME_BYTES), 7);
    }
    const sizes: number[] = [];
    const object = sealMedium({ key, place, bytes, content: content() });
    for await (const frame of openMedium({ key, place, sealed: object })) sizes.push(frame.length);
    expect(sizes).toEqual([...new Array(5).fill(FRAME_BYTES), 17]);
  });

  it('is refused where it is shorter or longer than was said', async () => {
    for (const bytes of [9, 11]) {
      const input = { key, place, bytes, content: chunks(Buffer.alloc(10)), frameBytes: FRAME };
      await expect(whole(sealMedium(input))).rejects.toThrow(RangeError);
    }
  });

  it.each([
    ['the last frame is missing', (frames: Buffer[]) => frames.slice(0, -1), 'SealedFormatError'],
    ['a middle frame is missing', (frames: Buffer[]) => [frames[0], ...frames.slice(2)], 'TamperedError'],
    ['two frames are exchanged', ([a, b, ...rest]: Buffer[]) => [b, a, ...rest], 'TamperedError'],
    ['a frame is there twice', ([a, ...rest]: Buffer[]) => [a, a, ...rest], 'TamperedError'],
    ['a frame follows the last', (frames: Buffer[]) => [...frames, frames.at(-1)], 'SealedFormatError'],
    [
      'the last frame is cut',
      (frames: Buffer[]) => [...frames.slice(0, -1), frames.at(-1)?.subarray(1)],
      'SealedFormatError',
    ],
  ])('is refused where %s, and nothing unverified is given out', async (_, change, error) => {
    const content = randomBytes(3 * FRAME + 10);
    const { head, frames } = cut(await sealed(content));
    const changed = Buffer.concat([head, ...change(frames).flatMap((frame) => frame ?? [])]);
    const given: Buffer[] = [];
    const reading = async () => {
      for await (const part of openMedium({ key, place, sealed: chunks(changed, 50) })) given.push(part);
    };
    await expect(reading()).rejects.toMatchObject({ name: error });
    const out = Buffer.concat(given);
    expect(out.equals(content.subarray(0, out.length))).toBe(true);
    expect(out.length).toBeLessThanOrEqual(content.length);
  });

  it('can’t pass a frame of another medium off as its own, nor end early with a frame that isn’t the last', async () => {
    const [one, other] = [await sealed(randomBytes(2 * FRAME)), await sealed(randomBytes(2 * FRAME))];
    const [a, b] = [cut(one), cut(other)];
    const mixed = Buffer.concat([a.head, a.frames[0] ?? a.head, b.frames[1] ?? b.head]);
    await expect(opened(mixed)).rejects.toMatchObject({ name: 'TamperedError' });
  });

  it.each([
    ['hotel', { hotel: 'HGH02' }],
    ['conversation', { conversationId: 'cnv_2' }],
    ['medium', { mediaId: 'med_2' }],
    ['class', { recordClass: 'stay' }],
    ['guest key', { keyId: 'gk_2' }],
    ['guest key', { keyVersion: 2 }],
  ])('of another %s is refused before anything is derived', async (field, changes) => {
    const object = await sealed(randomBytes(10), changes);
    await expect(opened(object)).rejects.toMatchObject({ name: 'WrongSealedObjectError', field });
  });

  it('is refused under another guest’s key, with a changed header, salt or commitment', async () => {
    const object = await sealed(randomBytes(10));
    await expect(opened(object, randomBytes(32))).rejects.toMatchObject({ name: 'KeyCommitmentError' });
    const { head } = cut(object);
    for (const at of [head.length - 70, head.length - 60, head.length - 1]) {
      const changed = Buffer.from(object);
      changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
      await expect(opened(changed)).rejects.toMatchObject({
        name: expect.stringMatching(/^(KeyCommitment|SealedFormat)Error$/),
      });
    }
    for (const length of [0, 5, 20, head.length - 1]) {
      await expect(opened(object.subarray(0, length))).rejects.toMatchObject({
        name: expect.stringMatching(/^(KeyCommitment|SealedFormat)Error$/),
      });
    }
  });

  it('is known again by its header and commitment alone', async () => {
    const object = await sealed(randomBytes(250));
    const start = () => chunks(object.subarray(0, object.length - 200));
    expect(await isMediumAt({ key, place, bytes: 250, sealed: start() })).toBe(true);
    expect(await isMediumAt({ key, place, bytes: 251, sealed: start() })).toBe(false);
    expect(await isMediumAt({ key: randomBytes(32), place, bytes: 250, sealed: start() })).toBe(false);
    expect(await isMediumAt({ key, place, bytes: 250, sealed: chunks(object.subarray(0, 40)) })).toBe(false);
  });
});

describe('a medium that is staged', () => {
  const at = { requestId: 'req_1', name: 'attachments/1.jpg' };
  it('opens for its request and name alone', async () => {
    const content = randomBytes(2 * FRAME);
    const object = await whole(
      sealStagedMedium({
        key,
        place: at,
        bytes: content.length,
        content: chunks(content),
        frameBytes: FRAME,
      }),
    );
    expect((await whole(openStagedMedium({ key, place: at, sealed: chunks(object) }))).equals(content)).toBe(
      true,
    );
    for (const [field, other] of [
      ['request', { ...at, requestId: 'req_2' }],
      ['name', { ...at, name: 'attachments/2.jpg' }],
    ] as const) {
      await expect(
        whole(openStagedMedium({ key, place: other, sealed: chunks(object) })),
      ).rejects.toMatchObject({ name: 'WrongSealedObjectError', field });
    }
    await expect(whole(openMedium({ key, place, sealed: chunks(object) }))).rejects.toMatchObject({
      name: 'SealedFormatError',
    });
  });
});
