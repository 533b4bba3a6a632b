import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { broughtMedia } from '../../../shared/custody-in/brought-media.ts';
import { CompanionError, type CompanionMedium } from '../../../shared/sources/companion.ts';

const digest = (algorithm: string, text: string) => createHash(algorithm).update(text).digest('hex');

function medium(name: string, content: string): CompanionMedium {
  return {
    name,
    bytes: Buffer.byteLength(content),
    md5: digest('md5', content),
    sha256: digest('sha256', content),
    offset: 0,
  };
}
function brought(...media: CompanionMedium[]) {
  return broughtMedia(media, async function* () {
    yield Buffer.from('what came');
  });
}
const asked = (changes: object) => ({
  name: null,
  mediaType: null,
  bytes: null,
  digest: null,
  refs: [],
  ...changes,
});

describe('a medium among those that came', () => {
  const picture = medium('图片/IMG_0001.JPG', 'picture');
  const voice = medium('media-id-7.amr', 'voice');

  it.each([
    ['its declared MD5', { digest: `md5:${picture.md5.toUpperCase()}`, refs: ['elsewhere'] }, picture],
    ['its declared SHA-256', { digest: `sha256:${voice.sha256}` }, voice],
    ['a ref that is its name', { refs: ['img_0001.jpg'] }, picture],
    ['a ref that is its name without ending', { refs: ['nothing', 'media-id-7'] }, voice],
    ['its path', { refs: ['图片/IMG_0001.JPG'] }, picture],
    ['its declared file name where nothing else is', { name: 'IMG_0001.jpg' }, picture],
    ['its declared file name and size', { name: 'IMG_0001.jpg', bytes: 7, refs: ['nothing'] }, picture],
    ['a path that ends with its name', { name: 'IMG_0001.jpg', refs: ['s3://x/IMG_0001.jpg'] }, picture],
  ])('is found by %s', (_, attachment, found) => {
    expect(brought(picture, voice).find(asked(attachment))).toEqual({ state: 'present', medium: found });
  });

  it.each([
    ['another digest', { refs: ['media-id-7'], digest: `md5:${'0'.repeat(32)}` }],
    ['another size', { refs: ['media-id-7'], bytes: 4 }],
    ['its own digest and another size', { digest: `md5:${voice.md5}`, bytes: 4 }],
  ])('is damaged where the platform declared %s', (_, attachment) => {
    expect(brought(picture, voice).find(asked(attachment))).toEqual({ state: 'damaged', medium: voice });
  });

  it('is missing where nothing leads to it', () => {
    for (const attachment of [{}, { refs: ['other'] }, { digest: `md5:${'0'.repeat(32)}` }]) {
      expect(brought(picture, voice).find(asked(attachment))).toEqual({ state: 'missing', medium: null });
    }
  });

  it.each([
    ['digest', { digest: `md5:${'0'.repeat(32)}` }],
    ['size', { bytes: 4 }],
    ['id', { refs: ['own-id'] }],
    ['digest, size and id', { digest: `md5:${'0'.repeat(32)}`, bytes: 7, refs: ['own-id', 'img_0001.jpg'] }],
  ])(
    'is never another guest’s for the name that its sender chose, where its own %s is declared',
    (_, declared) => {
      const attachment = asked({ name: 'IMG_0001.jpg', ...declared });
      expect(brought(picture, voice).find(attachment)).toEqual({ state: 'missing', medium: null });
    },
  );

  it('isn’t guessed among different files of one name, but is where digest, size or path tell', () => {
    const [one, two] = [medium('a/1.jpg', 'one'), medium('b/1.jpg', 'two.')];
    const media = brought(one, two);
    expect(media.find(asked({ refs: ['1.jpg'] }))).toEqual({ state: 'missing', medium: null });
    expect(media.find(asked({ refs: ['1.jpg'], bytes: 4 }))).toEqual({ state: 'present', medium: two });
    expect(media.find(asked({ refs: ['a/1.jpg'] }))).toEqual({ state: 'present', medium: one });
    const same = medium('c/1.jpg', 'one');
    expect(brought(one, same).find(asked({ refs: ['1.jpg'] })).state).toBe('present');
  });

  it('is refused while it is read where it isn’t the one that was announced', async () => {
    const read = async (announced: CompanionMedium) => {
      for await (const chunk of brought(announced).read(announced)) expect(chunk.length).toBeGreaterThan(0);
    };
    await read(medium('a', 'what came'));
    for (const wrong of [
      { ...medium('a', 'what came'), md5: '0'.repeat(32) },
      { ...medium('a', 'what came'), sha256: '0'.repeat(64) },
      { ...medium('a', 'what came'), bytes: 8 },
    ]) {
      await expect(read(wrong)).rejects.toThrow(CompanionError);
    }
  });
});
