import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import {
  blindIndexOf,
  searchIndexesOf,
  sharedIndexesOf,
  staffIndexOf,
} from '../../../shared/crypto/blind-index.ts';
import { normaliseIdentifier } from '../../../shared/crypto/normalise-identifier.ts';
import { LIMITS } from '../../../shared/domain/limits.ts';
import { IDENTIFIER_KINDS, SOURCES } from '../../../shared/domain/record.ts';

const key = randomBytes(32);
const shanghai = { hotel: 'SHA01', country: 'CN' };
const hangzhou = { hotel: 'HGH02', country: 'CN' };
const frankfurt = { hotel: 'FRA01', country: 'DE' };

describe('a blind index', () => {
  it.each([
    [
      'phone',
      ['+86 138 0013 8000', '13800138000', '138-0013-8000', '１３８００１３８０００', '0086 13800138000'],
    ],
    ['email', ['Li.Wei@Example.com', ' li.wei@EXAMPLE.COM ']],
    ['booking', ['bk-2041', 'BK 2041', 'BK2041']],
    ['document', ['E12345678', 'e 1234567-8']],
    ['name-and-room', ['Li  Wei/1208a/2026-05-01', 'li wei / 1208A / 2026-05-01']],
  ] as const)('is one for every spelling of the same %s', (kind, spellings) => {
    const indexes = spellings.map((value) => blindIndexOf(key, { kind, value }, shanghai));
    expect(indexes[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(new Set(indexes).size).toBe(1);
  });

  it('takes a phone without its country code as one of the hotel’s country', () => {
    const phone = { kind: 'phone', value: '069 1234567' } as const;
    expect(normaliseIdentifier(phone, frankfurt)?.value).toBe('+49691234567');
    expect(blindIndexOf(key, phone, frankfurt)).not.toBe(blindIndexOf(key, phone, shanghai));
  });

  it('of a booking, or of a name and room, means one guest in one hotel only', () => {
    for (const identifier of [
      { kind: 'booking', value: '10023' },
      { kind: 'name-and-room', value: '李伟/1208/2026-05-01' },
    ] as const) {
      expect(blindIndexOf(key, identifier, shanghai)).not.toBe(blindIndexOf(key, identifier, hangzhou));
    }
    const stays = ['2026-05-01', '2026-05-02'].map((date) =>
      blindIndexOf(key, { kind: 'name-and-room', value: `李伟/1208/${date}` }, shanghai),
    );
    expect(new Set(stays).size).toBe(2);
  });

  it.each(['booking', 'crm', 'ticket', 'card'] as const)(
    'of a %s is of whoever gave the number, and is found by whoever names nobody',
    (kind) => {
      const issued = ['hotel', ...SOURCES].map((issuer) =>
        blindIndexOf(key, { kind, value: '1234567', issuer }, shanghai),
      );
      expect(new Set(issued).size).toBe(SOURCES.length + 1);
      expect(searchIndexesOf(key, { kind, value: '1234567' }, shanghai)).toEqual(issued);
      // The hotel's own numbering needs no name.
      expect(blindIndexOf(key, { kind, value: '1234567' }, shanghai)).toBe(issued[0]);
    },
  );

  it('of a document is of the country that issued it; without one it has a place for each of several guests', () => {
    const bare = { kind: 'document', value: 'E12345678' } as const;
    const places = sharedIndexesOf(key, bare, shanghai);
    const chinese = sharedIndexesOf(key, { ...bare, issuer: 'CN' }, shanghai);
    const german = sharedIndexesOf(key, { ...bare, issuer: 'DE' }, shanghai);
    expect([places.length, chinese.length, german.length]).toEqual([LIMITS.guestsOfSharedNumber, 1, 1]);
    const all = [...places, ...chinese, ...german];
    expect(new Set(all).size).toBe(all.length);
    expect(searchIndexesOf(key, bare, shanghai)).toEqual(expect.arrayContaining(all));
  });

  it('of any other kind is one, whoever searches', () => {
    const phone = { kind: 'phone', value: '13800138000' } as const;
    expect(searchIndexesOf(key, phone, shanghai)).toEqual([blindIndexOf(key, phone, shanghai)]);
  });

  it('differs by kind, by key, and from a staff account’s', () => {
    const wecom = { kind: 'wecom', value: 'wmA1' } as const;
    const all = [
      blindIndexOf(key, wecom, shanghai),
      blindIndexOf(key, { ...wecom, kind: 'wechat' }, shanghai),
      blindIndexOf(randomBytes(32), wecom, shanghai),
      blindIndexOf(key, { ...wecom, value: 'wma1' }, shanghai),
      staffIndexOf(key, 'wmA1'),
    ];
    expect(new Set(all).size).toBe(all.length);
  });

  it.each([
    ['phone', 'call me'],
    ['phone', '12'],
    ['email', 'no at sign'],
    ['email', 'a@b@c'],
    ['booking', ' - '],
    ['document', '--'],
    ['booking', 'N/A'],
    ['ticket', '000000'],
    ['crm', '-1'],
    ['crm', '000000000000000AAA'],
    ['document', '未知'],
    ['phone', '11111111111'],
    ['email', 'no-reply@example.cn'],
    ['name-and-room', '客人/1208/2026-05-01'],
    ['name-and-room', '李伟/1208'],
    ['name-and-room', '李伟//2026-05-01'],
    ['name-and-room', '李伟/1208/2026-13-01'],
    ['wecom', ''],
    ['weibo', 'two words'],
  ] as const)('is none for a %s that can’t be one: "%s"', (kind, value) => {
    expect(blindIndexOf(key, { kind, value }, shanghai)).toBeNull();
  });

  it('agrees with the test vectors', () => {
    const vectors = z
      .object({
        indexKey: z.string(),
        blindIndexes: z.array(
          z.object({
            kind: z.enum(IDENTIFIER_KINDS),
            value: z.string(),
            issuer: z.string().optional(),
            normalised: z.string(),
            index: z.string(),
          }),
        ),
      })
      .parse(JSON.parse(readFileSync(new URL('./vectors/keyed.json', import.meta.url), 'utf8')));
    const indexKey = Buffer.from(vectors.indexKey, 'hex');
    for (const { index, normalised, ...identifier } of vectors.blindIndexes) {
      expect(normaliseIdentifier(identifier, shanghai)?.value).toBe(normalised);
      expect(blindIndexOf(indexKey, identifier, shanghai)).toBe(index);
    }
  });
});
