import { describe, expect, it } from '@jest/globals';
import { LIMITS } from '../../../../shared/domain/limits.ts';
import type { ImportProfile } from '../../../../shared/sources/import-profile.ts';
import { BEGINNING, type ImportOptions } from '../../../../shared/sources/importer.ts';
import { whatsapp } from '../../../../shared/sources/whatsapp/whatsapp.ts';
import { dialogues } from '../support/dialogues.ts';
import { expectGoesOnAnywhere } from '../support/goes-on-anywhere.ts';
import { expectUnbreakable } from '../support/holds-under-damage.ts';
import { pieces, readAll, recordsOf, rejectionsOf } from '../support/read-all.ts';

const HOTEL = '晨光酒店 Dawn Hotel';
const PHONE = '+86 138 0013 8000';
const OPTIONS = { timezone: 'Asia/Shanghai', ownNames: [HOTEL] };
type Options = Partial<ImportOptions>;

async function surveyed(text: string | Uint8Array, options: Options = {}): Promise<string | null> {
  const whole = { profile: null, staffAccounts: async () => new Set<string>(), ...OPTIONS, ...options };
  return (await whatsapp.survey?.(pieces(text, 4096), whole)) ?? null;
}

/** As ingest reads: the survey first. */
async function read(text: string | Uint8Array, options: Options = {}) {
  const from = { ...BEGINNING, state: await surveyed(text, options) };
  return readAll(whatsapp, text, { ...OPTIONS, ...options, from });
}

const told = async (text: string, options: Options = {}) =>
  recordsOf(await read(text, options)).map(({ at, from, text: words }) => [
    at.toISOString(),
    from.role,
    words,
  ]);

describe('a chat that the WhatsApp app exported', () => {
  it('gives each message with its words, time, author, number and original bytes', async () => {
    const [record] = recordsOf(await read(`23/01/2024, 15:05 - ${PHONE}: 请问几点可以入住?\r\n`));
    expect(record).toMatchObject({
      line: 1,
      sourceMessageId: null,
      placements: [
        { conversation: '+8613800138000', identifiers: [{ kind: 'phone', value: '+8613800138000' }] },
      ],
      at: new Date('2024-01-23T07:05:00Z'),
      from: { role: 'guest', id: '+8613800138000', name: PHONE },
      text: '请问几点可以入住?',
      attachments: [],
    });
    expect(Buffer.from(record?.original ?? []).toString()).toBe(
      `23/01/2024, 15:05 - ${PHONE}: 请问几点可以入住?`,
    );
  });

  it.each([
    `23/1/24, 15:05 - ${HOTEL}: x`,
    `1/23/24, 3:05 PM - ${HOTEL}: x`,
    `1/23/24, 3:05\u202FPM - ${HOTEL}: x`,
    `23/1/24, 3:05\u00A0p.\u00A0m. - ${HOTEL}: x`,
    `23/1/24 3:05 p. m. - ${HOTEL}: x`,
    `23.01.24, 15:05 - ${HOTEL}: x`,
    `23.1.2024 klo 15.05 - ${HOTEL}: x`,
    `23-01-24 15:05 - ${HOTEL}: x`,
    `2024-01-23 15:05 - ${HOTEL}: x`,
    `2024/1/23 下午3:05 - ${HOTEL}: x`,
    `2024年1月23日 下午3:05 - ${HOTEL}: x`,
    `2024. 1. 23. 오후 3:05 - ${HOTEL}: x`,
    `23/01/2024 à 15:05 - ${HOTEL}: x`,
    `[23/01/2024, 15:05:00] ${HOTEL}: x`,
    `[2024/1/23 下午3:05:00] ${HOTEL}: x`,
    `\u200E[23.01.24, 15:05:00] \u200E${HOTEL}: x`,
    `\uFEFF\u200F[1/23/24, 3:05:00\u202FPM] ${HOTEL}: x`,
  ])('reads the time of %s', async (line) => {
    expect(await told(line)).toEqual([['2024-01-23T07:05:00.000Z', 'staff', 'x']]);
  });

  it('finds the order of day and month over the whole file, wherever it shows', async () => {
    const lines = (last: string) => `1/2/24, 9:00 - ${PHONE}: a\n${last}, 9:00 - ${HOTEL}: b`;
    expect((await told(lines('13/2/24')))[0]?.[0]).toBe('2024-02-01T01:00:00.000Z');
    expect((await told(lines('2/13/24')))[0]?.[0]).toBe('2024-01-02T01:00:00.000Z');
  });

  it('asks for the order where nothing shows it, and rejects each line without', async () => {
    const text = `1/2/24, 9:00 - ${PHONE}: a\n3/4/24, 9:00 - ${HOTEL}: b\n5/5/24, 9:00 - ${HOTEL}: c`;
    expect(rejectionsOf(await read(text))).toEqual([
      { line: 1, reason: 'ambiguous-day-order' },
      { line: 2, reason: 'ambiguous-day-order' },
    ]);
    const profile: ImportProfile = { dayOrder: 'month-first' };
    expect((await told(text, { profile })).map(([at]) => at)).toEqual([
      '2024-01-02T01:00:00.000Z',
      '2024-03-04T01:00:00.000Z',
      '2024-05-05T01:00:00.000Z',
    ]);
    const both = `13/1/24, 9:00 - ${PHONE}: a\n1/13/24, 9:00 - ${HOTEL}: b`;
    expect(rejectionsOf(await read(both)).map(({ reason }) => reason)).toEqual([
      'ambiguous-day-order',
      'ambiguous-day-order',
    ]);
  });

  it('needs a zone, and takes the profile’s over the upload’s', async () => {
    const text = `2024/1/23 15:05 - ${PHONE}: a`;
    expect(rejectionsOf(await read(text, { timezone: null }))).toEqual([
      { line: 1, reason: 'date-without-zone' },
    ]);
    expect((await told(text, { profile: { timezone: 'Asia/Tokyo' } }))[0]?.[0]).toBe(
      '2024-01-23T06:05:00.000Z',
    );
  });

  it('keeps messages of several lines whole, and what the app itself says as the system’s', async () => {
    const text = [
      '2024/1/23 15:00 - Messages and calls are end-to-end encrypted. No one outside can read them.',
      `2024/1/23 15:05 - ${PHONE}: 第一行`,
      '',
      'second: line',
      `2024/1/23 15:06 - ${HOTEL}: ok: fine`,
      `2024/1/23 15:07 - ${PHONE} changed the subject from "A" to "B: C"`,
      '',
    ].join('\n');
    expect(await told(text)).toEqual([
      ['2024-01-23T07:00:00.000Z', 'system', expect.stringContaining('end-to-end')],
      ['2024-01-23T07:05:00.000Z', 'guest', '第一行\n\nsecond: line'],
      ['2024-01-23T07:06:00.000Z', 'staff', 'ok: fine'],
      ['2024-01-23T07:07:00.000Z', 'system', expect.stringContaining('changed the subject')],
    ]);
  });

  it.each([
    ['<attached: 00000042-PHOTO.jpg>', '00000042-PHOTO.jpg'],
    ['\u200E<附件:00000042-PHOTO.jpg>', '00000042-PHOTO.jpg'],
    ['\u200E<adjunto: menú 1.pdf>', 'menú 1.pdf'],
    ['IMG-20240123-WA0001.jpg (file attached)', 'IMG-20240123-WA0001.jpg'],
    ['\u200EIMG-20240123-WA0001.jpg (文件附件)\n看这个', 'IMG-20240123-WA0001.jpg'],
    ['\u200Ea b.opus (dołączono plik)', 'a b.opus'],
    ['<Media omitted>', null],
    ['<省略媒体文件>', null],
    ['\u200Eimage omitted', null],
  ])('sees the medium in %s', async (words, name) => {
    const [record] = recordsOf(await read(`2024/1/23 15:05 - ${PHONE}: ${words}`));
    expect(record?.attachments).toEqual([
      { name, mediaType: null, bytes: null, digest: null, refs: name === null ? [] : [name] },
    ]);
  });

  it('does not take a guest’s own words for a medium', async () => {
    const [record] = recordsOf(await read(`2024/1/23 15:05 - ${PHONE}: see menu.pdf (page 3)`));
    expect(record?.attachments).toEqual([]);
  });

  it.each(['好的 <This message was edited>', '好的 \u200E<This message was edited>', '好的<此消息已编辑>'])(
    'sees that a message was edited: %s',
    async (words) => {
      const [record] = recordsOf(await read(`2024/1/23 15:05 - ${PHONE}: ${words}`));
      expect(record).toMatchObject({ edited: true, text: '好的' });
    },
  );

  it.each(['This message was deleted', '\u200EThis message was deleted.', '此消息已删除'])(
    'shows where a message was recalled: %s',
    async (words) => {
      const [record] = recordsOf(await read(`2024/1/23 15:05 - ${PHONE}: ${words}`));
      expect(record).toMatchObject({
        sourceType: 'deleted',
        text: expect.stringContaining('message recalled'),
      });
    },
  );

  it('refuses the file once where no name of the hotel is known, or none of them speaks among several', async () => {
    const text = `2024/1/23 15:05 - Ada: a\n2024/1/23 15:06 - Front Desk: b\n2024/1/23 15:07 - Ada: c`;
    expect(rejectionsOf(await read(text, { ownNames: [] }))).toEqual([
      { line: 1, reason: 'own-name-missing' },
    ]);
    expect(rejectionsOf(await read(text))).toEqual([{ line: 1, reason: 'own-name-not-found' }]);
    const profile: ImportProfile = { ownNames: ['front desk', 'Front Desk'] };
    expect((await told(text, { profile })).map(([, role]) => role)).toEqual(['guest', 'staff', 'guest']);
  });

  it('places the hotel’s words with the guest who speaks later, and a guest by the profile where one is named', async () => {
    const text = `2024/1/23 15:05 - ${HOTEL}: 您好\n2024/1/23 15:06 - ${PHONE}: 你好\n2024/1/23 15:07 - ${HOTEL}: 请讲`;
    const places = recordsOf(await read(text)).map(({ placements }) => placements);
    expect(places).toHaveLength(3);
    expect(new Set(places.map((one) => JSON.stringify(one))).size).toBe(1);
    expect(places[0]?.[0].identifiers).toEqual([{ kind: 'phone', value: '+8613800138000' }]);
    const named = text.replace(PHONE, 'Ada');
    expect(recordsOf(await read(named)).flatMap(({ placements }) => placements[0].identifiers)).toEqual([]);
    const profile: ImportProfile = { guest: { kind: 'phone', value: '+86 138 0013 8000' } };
    expect(recordsOf(await read(named, { profile }))[0]?.placements).toEqual([
      { conversation: '+8613800138000', identifiers: [{ kind: 'phone', value: '+86 138 0013 8000' }] },
    ]);
  });

  it('keeps the same words said twice in a minute as two messages, the same in every reading', async () => {
    const line = `2024/1/23 15:05 - ${PHONE}: 谢谢`;
    const contents = recordsOf(await read(`${line}\n${line}\n${line}`)).map(({ content }) => content);
    expect(new Set(contents).size).toBe(3);
    expect(recordsOf(await read(`${line}\n${line}\n${line}`)).map(({ content }) => content)).toEqual(
      contents,
    );
  });

  it('brings real dialogues back: words, times and authors', async () => {
    for (const turns of dialogues()) {
      const text = turns
        .map(({ role, text: words }, index) => {
          const minute = String(Math.floor(index / 2)).padStart(2, '0');
          return `[23/01/24, 15:${minute}:00] ${role === 'guest' ? PHONE : HOTEL}: ${words}`;
        })
        .join('\r\n');
      expect(await told(text)).toEqual(
        turns.map(({ role, text: words }, index) => [
          new Date(Date.UTC(2024, 0, 23, 7, Math.floor(index / 2))).toISOString(),
          role === 'guest' ? 'guest' : 'staff',
          words.trimEnd(),
        ]),
      );
    }
  });

  const LONG = [
    'junk before',
    `2024/1/23 15:00 - ${HOTEL}: 您好`,
    `2024/1/23 15:05 - ${PHONE}: 谢谢`,
    `2024/1/23 15:05 - ${PHONE}: 谢谢`,
    'more',
    `2024/1/23 15:05 - ${HOTEL}: 谢谢`,
    `2024/1/23 15:06 - ${HOTEL}: 不客气`,
    `99/1/23 15:06 - ${HOTEL}: ?`,
    `2024/1/23 15:07 - ${PHONE}: 再见`,
    `2024/1/23 15:07 - ${PHONE}: 谢谢`,
    `2024/1/23 15:08 - ${HOTEL}: 再见`,
    '',
  ];

  it('goes on after any item, in whatever pieces the bytes come', async () => {
    for (const ending of ['\n', '\r\n']) {
      const text = LONG.join(ending);
      await expectGoesOnAnywhere(whatsapp, text, { ...OPTIONS, state: await surveyed(text) });
      const profile: ImportProfile = { guest: { kind: 'phone', value: '+8613800138000' } };
      await expectGoesOnAnywhere(whatsapp, text, { ...OPTIONS, profile, state: await surveyed(text) });
      // Refused as a whole.
      await expectGoesOnAnywhere(whatsapp, text, {
        ...OPTIONS,
        ownNames: [],
        least: 1,
        state: await surveyed(text, { ownNames: [] }),
      });
    }
    await expectGoesOnAnywhere(whatsapp, LONG.join('\n').replaceAll(PHONE, 'Ada'), {
      ...OPTIONS,
      state: 'export\nopen several',
    });
  });

  it('keeps nothing personal in a resume point', async () => {
    for (const { end } of await read(LONG.join('\n'))) expect(end.state).toBe('export\nopen one');
  });

  it('names lines that are none, and holds no more of a message than one may have', async () => {
    const endless = `2024/1/23 15:05 - ${PHONE}: ${'x'.repeat(LIMITS.lineBytes)}`;
    const many = `2024/1/23 15:06 - ${PHONE}: ${`${'y'.repeat(1000)}\n`.repeat(1100)}`;
    const last = `2024/1/23 15:07 - ${PHONE}: z`;
    const bad = Buffer.concat([Buffer.from(`2024/1/23 15:08 - ${PHONE}: `), Buffer.from([0xff, 0x0a])]);
    const items = await read(
      Buffer.concat([Buffer.from(`${endless}\n${many}${last}\n`), bad, Buffer.from(last)]),
    );
    expect(rejectionsOf(items).map(({ reason }) => reason)).toEqual([
      'line-too-long',
      'record-too-large',
      'not-utf8',
    ]);
    for (const item of items)
      if (item.kind === 'rejected') expect(item.original.length).toBeLessThanOrEqual(LIMITS.lineBytes);
    expect(recordsOf(items)).toHaveLength(2);
  });

  it('never throws, whatever the bytes, and takes any message damaged', async () => {
    await expectUnbreakable(whatsapp, [], OPTIONS);
    await expectUnbreakable(
      whatsapp,
      [LONG.join('\n'), `[1/23/24, 3:05:00\u202FPM] ${PHONE}: <attached: f.jpg>`],
      OPTIONS,
    );
  });
});
