import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseCaseEntry } from '../../../shared/domain/case-entry.ts';
import { referenceKey, referenceSchema } from '../../../shared/domain/reference.ts';
import { citedInstrumentSchema } from '../../../shared/domain/stated-instrument.ts';

describe('the number of a matter, a ticket or a form', () => {
  it.each([
    'M-2026-014',
    'M-2026-FROZEN',
    'T-77',
    'F_1.2/3#4',
    'CASE-20260501-0001',
    '20260501123000',
    'INC0012345',
    'M-2026-0000012345',
    '（2026）沪0105民初1234号',
    '(2026)沪0105民初1234号',
    '（2025）最高法民终12号',
    '（2026）京73行初5号之一',
    '（2026）粤0391民诉前调123号',
    '（2026）沪0105律调7号',
    '沪公(经)调证字〔2026〕12号',
    '沪公（经）调证字［2026］12号',
    '沪公(黄)(经侦)调证字〔2026〕000012号',
    '京公朝(刑)调证字[2026]第12号',
    '苏园公(网安)调证字(2026)12号',
    '深公(刑)调证字〔２０２６〕１２号',
    '沪检调证〔2026〕3号',
    '沪浦检调证〔2026〕3号',
    '最高检调证〔2026〕3号',
    '沪市监徐协查函〔2026〕5号',
    '沪网信函〔2026〕8号',
  ])('may be %s', (text) => {
    expect(referenceSchema.parse(text)).toBe(text);
  });

  it.each([
    ['a name', '王小明'],
    ['a name beside a number', '王小明-7'],
    ['a case by its parties', '王小明诉酒店'],
    ['a name for a court', '（2026）王小明1234号'],
    ['a name for the kind of case', '（2026）沪0105王小明1234号'],
    ['a name in an authority’s place', '王小明调证字〔2026〕12号'],
    ['a name before an authority', '王小明公调证字〔2026〕12号'],
    ['a name for a department', '沪公(王小明)调证字〔2026〕12号'],
    ['a name among the words', '沪公(经)调王小明证字〔2026〕12号'],
    ['an authority’s document without its year', '沪公(经)调证字12号'],
    ['an authority’s document without 号', '沪公(经)调证字〔2026〕77'],
    ['a mobile number as the serial', '沪公(经)调证字〔2026〕13800138000号'],
    ['a mobile number as the year', '沪公(经)调证字〔13800138000〕12号'],
    ['a sentence with a number', '请公安机关调取客人王小明〔2026〕12号'],
    ['a room in words', '沪公(经)请查1208房〔2026〕12号'],
    ['words', 'the guest in 1208'],
    ['an address', 'guest@example.com'],
    ['full-width digits', 'M-１３８００１３８０００'],
    ['invisible characters', 'M-2026\u200b-014'],
    ['nothing', '  '],
    ['a mobile number', '13800138000'],
    ['a mobile number behind letters', 'T13800138000'],
    ['a mobile number in groups', 'T-138-0013-8000'],
    ['a mobile number with its country', '0086.138.0013.8000'],
    ['a landline', '021-62345678'],
    ['a grouped number of abroad', '650-253-0000'],
    ['a number of abroad', '00447911123456'],
    ['an identity number', '110105194912310021'],
    ['an identity number that ends in X', 'M-11010519491231002X'],
    ['an identity number in groups', '110105-19491231-002x'],
    ['an old identity number', '110105491231002'],
    ['a card', '6222021234567890128'],
    ['a card in groups', '4111-1111-1111-1111'],
    ['a card in other groups', '3782_822463_10005'],
    ['too much', 'M'.repeat(65)],
  ])('is not %s, and the message repeats none of it', (_, text) => {
    const { success, error } = referenceSchema.safeParse(text);
    expect(success).toBe(false);
    const bare = text.trim();
    if (bare !== '' && error)
      expect(JSON.stringify(error.issues.map(({ message }) => message))).not.toContain(bare);
  });

  it('is one number however its brackets and letters are typed', () => {
    const typed = ['（2026）沪0105民初1234号', '(2026)沪0105民初1234号', ' 〔2026〕沪0105民初1234号'];
    expect(new Set(typed.map(referenceKey)).size).toBe(1);
    const ofPolice = [
      '沪公(经)调证字〔2026〕12号',
      '沪公（经）调证字[2026]12号',
      ' 沪公(经)调证字（２０２６）１２号',
    ];
    expect(new Set(ofPolice.map(referenceKey)).size).toBe(1);
    expect(referenceKey('m-2026-014')).toBe(referenceKey('M-2026-014 '));
  });

  const HEADS = ['', '沪公(经)调证字', '沪检调证', '沪公(经)调证字〔2026〕', '（2026）沪0105民初'];
  const digits = (least: number, most: number) => fc.stringMatching(new RegExp(`^[0-9]{${least},${most}}$`));
  const phone = fc.tuple(fc.constantFrom('3', '5', '7', '8', '9'), digits(9, 9)).map(([a, b]) => `1${a}${b}`);
  const identity = fc
    .tuple(fc.constantFrom('110105', '310101', '440301'), fc.integer({ min: 1950, max: 2015 }), digits(3, 3))
    .map(([place, year, last]) => `${place}${year}0312${last}X`);
  const widened = (text: string) =>
    text.replace(/[0-9]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0));

  it('is never a phone’s or an identity document’s number, in whatever place and width', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...HEADS),
        fc.oneof(phone, identity),
        fc.boolean(),
        fc.constantFrom('', '号'),
        (head, number, wide, tail) => {
          const text = `${head}${wide ? widened(number) : number}${tail}`;
          expect(referenceSchema.safeParse(text).success).toBe(false);
        },
      ),
    );
  });

  it('is never a sentence: more than two characters that no authority’s number has are refused wherever they stand', () => {
    const number = '沪公(经)调证字〔2026〕12号';
    const foreign = fc.stringMatching(/^[王李赵陈杨吴周孙马朱胡林何郭罗他她我们住客说要请把电话微信]{3,12}$/);
    fc.assert(
      fc.property(foreign, fc.integer({ min: 0, max: number.length }), (words, at) => {
        const text = `${number.slice(0, at)}${words}${number.slice(at)}`;
        expect(referenceSchema.safeParse(text).success).toBe(false);
      }),
    );
  });

  it('says in both languages what forms are taken', () => {
    const { error } = referenceSchema.safeParse('客人王小明');
    const said = JSON.stringify(error?.issues.map(({ message }) => message));
    for (const form of ['authority’s document', '机关发文字号', '沪公(经)调证字〔2026〕12号', '法院案号'])
      expect(said).toContain(form);
  });
});

describe('an instrument by its own number (T12)', () => {
  const valid = { validFrom: '2026-05-01T00:00:00+08:00', validUntil: '2026-07-01T00:00:00+08:00' };

  it('may be stated in a request with the number that the police gave it', () => {
    const number = '沪公(经)调证字〔2026〕12号';
    const stated = { type: 'police', number, authority: '上海市公安局', officers: ['p_officer'], ...valid };
    expect(citedInstrumentSchema.parse(stated)).toMatchObject({ type: 'police', number });
    expect(citedInstrumentSchema.parse(number)).toBe(number);
  });

  it('may be put on file with the number that the procuratorate gave it', () => {
    const reference = '沪检调证〔2026〕3号';
    const entry = {
      ...{
        kind: 'instrument',
        reference,
        hotels: ['SHA01'],
        type: 'procuratorate',
        authority: '上海市人民检察院',
      },
      ...{ foreign: false, officers: ['p_officer'], secret: false, ...valid },
    };
    expect(parseCaseEntry(entry)).toMatchObject({ entry: { filed: { reference, type: 'procuratorate' } } });
  });
});
