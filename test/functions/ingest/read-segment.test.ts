import { createSecretKey, randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { readSegment } from '../../../functions/ingest/read-segment.ts';
import { broughtMedia } from '../../../shared/custody-in/brought-media.ts';
import { LIMITS } from '../../../shared/domain/limits.ts';
import { importerOf } from '../../../shared/sources/built-sources.ts';
import { GUEST, ingestWorld, message, OTHER_GUEST } from './ingest-world.ts';

const film = (name: string, bytes: number) => ({
  ...{ name, bytes, offset: 0 },
  md5: name.padEnd(32, '0'),
  sha256: name.padEnd(64, '0'),
});
const video = (id: string, md5sum: string, filesize: number, changes: object = {}) =>
  message(id, { msgtype: 'video', text: undefined, video: { sdkfileid: id, md5sum, filesize }, ...changes });

/** Lines of the first segment of a batch of these lines, with these media beside it. */
async function firstSegment(lines: string[], media: ReturnType<typeof film>[]): Promise<number[]> {
  const world = ingestWorld();
  const batch = await world.batch(await world.upload(lines.join('\n')));
  const importer = importerOf('wecom');
  if (importer === null) throw new Error('There is an importer of WeCom');
  const segment = await readSegment(
    {
      batch,
      importer,
      options: { timezone: null, profile: null, ownNames: [], staffAccounts: async () => new Set() },
      door: () => null,
      key: createSecretKey(randomBytes(32)),
      media: broughtMedia(media, async function* () {}),
      limit: LIMITS.segmentItems,
    },
    { inbox: world.reader.inbox, quarantined: async function* () {} },
  );
  return segment.drafts.map(({ line }) => line);
}

describe('a segment of a batch with large media', () => {
  const most = LIMITS.segmentMediaBytes;

  it('ends with the record whose media fill it: the rest is another segment, in another invocation if need be', async () => {
    const films = ['a', 'b', 'c'].map((name) => film(name, Math.ceil(most / 2)));
    const lines = films.map(({ md5, bytes }, place) => video(String(place + 1), md5, bytes));
    expect(await firstSegment([...lines, message('9')], films)).toEqual([1, 2]);
  });

  it('counts a copy for each guest, and what was not brought not at all', async () => {
    const group = { from: 'frontdesk01', tolist: [GUEST, OTHER_GUEST], roomid: 'wr1' };
    const own = film('a', Math.ceil(most / 2));
    const lines = [
      video('1', 'f'.repeat(32), 10 * most),
      video('2', own.md5, own.bytes, group),
      message('3'),
    ];
    expect(await firstSegment(lines, [own])).toEqual([1, 2]);
  });
});
