import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { sampleExports } from '../../local/samples/sample-exports.ts';
import { SAMPLE_GUESTS } from '../../local/samples/sample-guests.ts';
import { readSettings } from '../../local/settings.ts';
import { importerOf } from '../../shared/sources/built-sources.ts';
import { BEGINNING } from '../../shared/sources/importer.ts';

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
    const written = path.join(readSettings({}).root, 'local', 'samples', file);
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

  it.each(exports)('has no line in $file that an importer rejects', async ({ source, text }) => {
    const bytes = (async function* () {
      yield Buffer.from(text);
    })();
    const kinds = new Set<string>();
    const options = {
      timezone: null,
      profile: null,
      ownNames: [],
      staffAccounts: async () => new Set<string>(),
    };
    for await (const item of importerOf(source)?.read(bytes, BEGINNING, options) ?? []) kinds.add(item.kind);
    expect([...kinds].sort()).toEqual(source === 'wecom' ? ['record'] : ['record', 'skipped']);
  });
});
