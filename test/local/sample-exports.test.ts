import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { sampleExports } from '../../local/samples/sample-exports.ts';
import { SAMPLE_GUESTS } from '../../local/samples/sample-guests.ts';
import { readSettings } from '../../local/settings.ts';
import { SOURCES } from '../../shared/domain/record.ts';
import { importerOf } from '../../shared/sources/built-sources.ts';
import { importProfileSchema } from '../../shared/sources/import-profile.ts';
import { recordsOf, rejectionsOf } from '../shared/sources/support/read-all.ts';
import { readSurveyed } from '../shared/sources/support/read-surveyed.ts';

const { root } = readSettings({});
const exports = sampleExports();
const message = z.looseObject({
  msgid: z.string(),
  from: z.string(),
  msgtype: z.string(),
  msgtime: z.number(),
});
const messages = exports
  .filter(({ source }) => source === 'wecom')
  .map(({ text }) =>
    text
      .trim()
      .split('\n')
      .map((line) => message.parse(JSON.parse(line))),
  );

describe('the sample exports', () => {
  it.each(exports)('has $file as it is generated', ({ file, text }) => {
    const written = path.join(root, 'local', 'samples', file);
    expect(readFileSync(written, 'utf8')).toBe(text);
  });

  it('has more than 500 WeCom messages of a month, in order, each with an id of its own', () => {
    const [month = []] = messages;
    expect(month.length).toBeGreaterThan(500);
    expect(new Set(messages.flat().map(({ msgid }) => msgid)).size).toBe(messages.flat().length);
    const times = month.map(({ msgtime }) => msgtime);
    expect(times).toEqual([...times].sort((one, other) => one - other));
  });

  it('has texts, media, recalls, Chinese and English', () => {
    const types = new Set(messages.flat().map(({ msgtype }) => msgtype));
    expect([...types].sort()).toEqual([
      'file',
      'image',
      'link',
      'location',
      'mixed',
      'revoke',
      'text',
      'voice',
    ]);
    expect(exports[0]?.text).toMatch(/空调/);
    expect(exports[0]?.text).toMatch(/minibar/);
  });

  it('links each guest’s phone number to the WeCom id by columns of the internal system', () => {
    const csv = exports.find(({ source }) => source === 'internal')?.text ?? '';
    for (const { phone } of SAMPLE_GUESTS) expect(csv).toContain(`${phone},guest`);
    for (const { wecom } of SAMPLE_GUESTS) expect(csv).toContain(`,${wecom},`);
  });

  it('has a file of every source', () => {
    expect(SOURCES.filter((source) => !exports.some((sample) => sample.source === source))).toEqual([]);
  });

  it.each(exports)(
    'has nothing in $file that an importer rejects',
    async ({ source, text, timezone, map }) => {
      const importer = importerOf(source);
      if (importer === null) throw new Error(`${source} has no importer`);
      const profile =
        map === undefined
          ? null
          : importProfileSchema.parse(JSON.parse(readFileSync(path.join(root, map.file), 'utf8')));
      const items = await readSurveyed(importer, text, {
        profile,
        timezone: profile?.timezone ?? timezone ?? null,
        ownNames: profile?.ownNames ?? [],
      });
      expect(rejectionsOf(items)).toEqual([]);
      const records = recordsOf(items);
      expect(records.length).toBeGreaterThan(0);
      for (const { typeKnown, timeKnown } of records) expect([typeKnown, timeKnown]).toEqual([true, true]);
      expect(records.some(({ placements: [{ identifiers }] }) => identifiers.length > 0)).toBe(true);
    },
  );

  it.each(exports)('has what goes beside $file as it is generated', ({ map, media }) => {
    if (map !== undefined && map.profile !== null) {
      expect(JSON.parse(readFileSync(path.join(root, map.file), 'utf8'))).toEqual(map.profile);
    }
    for (const [name, bytes] of Object.entries(media ?? {})) {
      expect(readFileSync(path.join(root, 'local', 'samples', 'media', name)).equals(bytes)).toBe(true);
    }
  });
});
