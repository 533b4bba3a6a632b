import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { nameIndex } from '../../../shared/package/guest-names.ts';
import { type Masking, maskText } from '../../../shared/package/mask.ts';
import { readableFields } from '../../../shared/sources/text/readable-fields.ts';
import {
  card,
  digitsOf,
  disguised,
  identityNumber,
  inAnyScript,
  mobile,
  oldIdentityNumber,
  separated,
  signed,
  words,
} from './planted-numbers.ts';

const NAMES = nameIndex([
  { name: '王小明', label: '[客人 Guest]' },
  { name: 'John Smith', label: '[客人 Guest]' },
]);

function masked(text: string, masking: Masking = 'masked', askedFor = false) {
  return maskText(text, { masking, names: NAMES, askedFor });
}

function kinds(text: string, masking: Masking = 'masked') {
  return masked(text, masking).redactions.map(({ kind }) => kind);
}

describe('rule R1: identity documents and bank cards are never shown', () => {
  for (const masking of ['masked', 'named', 'pseudonymised'] as const) {
    it(`leaves no planted identity number or card in a text that is ${masking}, however it is written`, () => {
      const planted = fc.oneof(card, identityNumber, oldIdentityNumber);
      const written = planted.chain((number) =>
        fc.tuple(fc.constant(number), separated(number).chain(inAnyScript), words, words),
      );
      fc.assert(
        fc.property(written, ([number, shown, before, after]) => {
          expect(digitsOf(masked(before + shown + after, masking).text)).not.toContain(number);
        }),
        { numRuns: 1500 },
      );
    });
  }

  it.each([
    ['passportNumber: 123456789', 'identity-document'],
    ['passport_number: 123456789', 'identity-document'],
    ['document_number: AB123456', 'identity-document'],
    ['documentNumber=AB123456', 'identity-document'],
    ['guest.documents[1].documentNo: AB123456', 'identity-document'],
    ['nationalId: 123456789', 'identity-document'],
    ['national_id = 123456789', 'identity-document'],
    ['guestIDNumber: 123456789', 'identity-document'],
    ['identityDocument.number: 123456789', 'identity-document'],
    ['cardNumber: 123456789012', 'bank-card'],
    ['payment.card_number: 123456789012', 'bank-card'],
    ['ｃａｒｄＮｕｍｂｅｒ: 123456789012', 'bank-card'],
    ['passport_number: 19170101', 'identity-document'],
    ['guest.primaryPassportNumberExtra: 19491231', 'identity-document'],
    ['护照号码：20101010', 'identity-document'],
    ['身份证 19491231', 'identity-document'],
    ['passport no is 19830512', 'identity-document'],
    ['securityCode: 123', 'card-security-code'],
    ['cvvCode: 123', 'card-security-code'],
    ['card.security_code: 1234', 'card-security-code'],
  ])('masks what a field’s name says, however names are written: %s', (text, kind) => {
    expect(kinds(text, 'named')).toEqual([kind]);
    expect(masked(text, 'named').text).not.toMatch(/\d{3}/);
  });

  it('masks it in whichever field of a platform’s object it stands', () => {
    const label = fc.constantFrom(
      ...['passport number', 'document number', 'national id', 'identity document', 'id number'],
    );
    const style = fc.constantFrom<(parts: string[]) => string>(
      (parts) => parts.join('_'),
      (parts) => parts.join('_').toUpperCase(),
      (parts) => parts.map((part) => `${part.charAt(0).toUpperCase()}${part.slice(1)}`).join(''),
      (parts) => parts.join('.'),
      ([first = '', ...rest]) =>
        first + rest.map((part) => `${part.charAt(0).toUpperCase()}${part.slice(1)}`).join(''),
    );
    const around = fc.constantFrom('', 'guest', 'primary', 'extra');
    // Some read as a date: 19170101.
    const digits = fc.oneof(
      fc.integer({ min: 10_000_000, max: 19_999_999 }),
      fc
        .tuple(
          fc.integer({ min: 1900, max: 2099 }),
          fc.integer({ min: 1, max: 12 }),
          fc.integer({ min: 1, max: 28 }),
        )
        .map(([year, month, day]) => year * 10_000 + month * 100 + day),
    );
    const number = fc.tuple(fc.constantFrom('', 'E', 'AB'), digits);
    fc.assert(
      fc.property(label, style, around, around, number, (words, write, before, after, [letters, digits]) => {
        const name = write([before, ...words.split(' '), after].filter((part) => part !== ''));
        const text = readableFields({ profile: { [name]: `${letters}${digits}` } }).join('\n');
        expect(masked(text, 'named').text).not.toContain(String(digits));
      }),
    );
  });

  it('leaves none whatever signs, markup, blanks and controls stand between the digits', () => {
    const planted = fc.oneof(card, identityNumber, oldIdentityNumber);
    const written = planted.chain((number) => fc.tuple(fc.constant(number), signed(number)));
    fc.assert(
      fc.property(written, ([number, shown]) => {
        expect(digitsOf(masked(shown, 'named').text)).not.toContain(number);
      }),
      { numRuns: 3000 },
    );
  });

  it('leaves none whose digits are spelled, circled, in Suzhou numerals or letters that look like them', () => {
    const planted = fc.oneof(card, identityNumber, oldIdentityNumber);
    const written = planted.chain((number) => fc.tuple(fc.constant(number), disguised(number)));
    fc.assert(
      fc.property(written, ([number, shown]) => {
        expect(digitsOf(masked(`我的号码:${shown}。`, 'named').text)).not.toContain(number);
      }),
      { numRuns: 3000 },
    );
  });

  it.each([
    '110105,19491231,002X',
    '110105 1949年12月31日 002X',
    '身份证110105，19491231，002X',
    '身份证110105，19491231，0021',
  ])('leaves no part of %s', (text) => {
    expect(masked(text, 'named').text).not.toMatch(/[0-9X]/);
    expect(kinds(text, 'named')).toEqual(['identity-document']);
  });

  it('masks a card of fifteen digits behind a plus sign', () => {
    expect(kinds('+378282246310005', 'named')).toEqual(['bank-card']);
  });

  it('leaves none of several numbers that follow each other', () => {
    const several = fc.array(
      fc.oneof(card, identityNumber).chain((number) => fc.tuple(fc.constant(number), separated(number))),
      {
        minLength: 2,
        maxLength: 5,
      },
    );
    fc.assert(
      fc.property(several, fc.constantFrom(' ', ', ', '\n', '和'), (numbers, between) => {
        const { text } = masked(numbers.map(([, shown]) => shown).join(between), 'named');
        for (const [number] of numbers) expect(digitsOf(text)).not.toContain(number);
      }),
      { numRuns: 800 },
    );
  });

  it.each([
    ['身份证号11010519491231002X', 'identity-document'],
    ['身份证：110105 19491231 002ｘ', 'identity-document'],
    ['130503670401001', 'identity-document'],
    ['订单尾号99911010519491231002X123', 'identity-document'],
    ['护照号码是 E12345678', 'identity-document'],
    ['passport no. X1234567', 'identity-document'],
    ['My passport number is C01X00T47', 'identity-document'],
    ['E12345678 是我的护照', 'identity-document'],
    ['G12345678', 'identity-document'],
    ['回乡证 H12345678', 'identity-document'],
    ['NRIC S1234567D', 'identity-document'],
    ['S1234567D', 'identity-document'],
    ['A123456(3)', 'identity-document'],
    ['A123456789', 'identity-document'],
    ['P<CHNWANG<<XIAOMING<<<<<<<<<<<<<<<<<<<<<<<<<<<', 'identity-document'],
    ['6222 0212 3456 7890 128', 'bank-card'],
    ['卡号6228480402564890011', 'bank-card'],
    ['card 4111-1111-1111-1111', 'bank-card'],
    ['六二二二零二一二三四五六七八九零一二八', 'bank-card'],
    ['银行卡 622202 0200 1234 5678', 'bank-card'],
    ['cvv 123', 'card-security-code'],
    ['IBAN DE89 3704 0044 0532 0130 00', 'bank-account'],
    ['GB82WEST12345698765432', 'bank-account'],
  ])('finds %s as %s', (text, kind) => {
    expect(kinds(text, 'named')).toEqual([kind]);
  });

  it('takes a bare answer as a document where the messages before asked for one', () => {
    expect(masked('12345678a', 'named').redactions).toEqual([]);
    expect(masked('好的,12345678a', 'named', true).redactions).toEqual([
      { kind: 'identity-document', count: 1 },
    ]);
    expect(masked('请提供您的护照号').asks).toBe(true);
    expect(masked('请问几点早餐?').asks).toBe(false);
  });
});

describe('contacts', () => {
  it('leaves no planted mobile number, however it is written', () => {
    const written = mobile.chain((number) =>
      fc.tuple(
        fc.constant(number),
        fc.constantFrom('', '+86', '+86 ', '0086 ', '86-'),
        separated(number).chain(inAnyScript),
        words,
        words,
      ),
    );
    fc.assert(
      fc.property(written, ([number, prefix, shown, before, after]) => {
        expect(digitsOf(masked(before + prefix + shown + after).text)).not.toContain(number);
      }),
      { numRuns: 1500 },
    );
  });

  it.each([
    ['手机13800138000', 'phone'],
    ['一三八零零一三八零零零', 'phone'],
    ['1️⃣3️⃣8️⃣0️⃣0️⃣1️⃣3️⃣8️⃣0️⃣0️⃣0️⃣', 'phone'],
    ['电话010-12345678转801', 'phone'],
    ['0571 8888 9999', 'phone'],
    ['拨打85550137找我', 'phone'],
    ['+65 9123 4567', 'phone'],
    ['房1203+65 9123 4567', 'phone'],
    ['0044 20 7946 0958', 'phone'],
    ['(212) 555-0123', 'phone'],
    ['tel 6123 4567', 'phone'],
    ['zhang.san+hotel@example.com.cn', 'email'],
    ['ｚｈａｎｇ＠ｅｘａｍｐｌｅ．ｃｏｍ', 'email'],
    ['微信号：abc_def88', 'messaging-id'],
    ['加我微信zhangsan', 'messaging-id'],
    ['QQ 12345678', 'messaging-id'],
    ['WeChat ID is john-1990', 'messaging-id'],
    ['一三八○○一三八○○○', 'phone'],
    ['139,1234,5678', 'phone'],
    ['139❤1234❤5678', 'phone'],
    ['l39l2345678', 'phone'],
    ['用户@qq.com', 'email'],
    ['user@例子.中国', 'email'],
    ['用户@例子.中国', 'email'],
    ['加我wx: zhangsan', 'messaging-id'],
    ['加v …lisi1990', 'messaging-id'],
    ['加v zhangsan', 'messaging-id'],
    ['v信 zhang_san', 'messaging-id'],
    ['vx:abcdef', 'messaging-id'],
    ['王小明先生您好', 'guest-name'],
    ['Dear Mr. Smith,', 'guest-name'],
  ])('masks %s as %s, and shows it where the grant is named', (text, kind) => {
    expect(kinds(text)).toEqual([kind]);
    expect(masked(text, 'named')).toMatchObject({ text, redactions: [] });
  });

  it('leaves no planted mobile number whatever signs stand between its digits', () => {
    const written = mobile.chain((number) =>
      fc.tuple(fc.constant(number), fc.oneof(signed(number), disguised(number))),
    );
    fc.assert(
      fc.property(written, ([number, shown]) => {
        expect(digitsOf(masked(shown).text)).not.toContain(number);
      }),
      { numRuns: 2000 },
    );
  });

  it('takes no list of phones after its label for a card', () => {
    const text = '电话:65550561,61234560或者85550563';
    expect(masked(text, 'named')).toMatchObject({ text, redactions: [] });
    expect(kinds('65550561,61234560', 'named')).toEqual(['bank-card']);
  });

  it('masks an address whole, and no more of the sentence than it must', () => {
    const label = '[已遮盖 邮箱 masked: e-mail]';
    expect(masked('我的邮箱是张三@qq.com谢谢').text).toBe(`我的邮箱是${label}谢谢`);
    expect(masked('邮箱zhang@qq.com谢谢').text).toBe(`邮箱${label}谢谢`);
    expect(masked('发到user@例子.中国谢谢').text).toBe(`发到${label}谢谢`);
  });

  it('masks every phone of a list', () => {
    const { text, redactions } = masked('总机电话010-85550561、85550562和85550563。');
    expect(text).not.toMatch(/\d/);
    expect(redactions).toEqual([{ kind: 'phone', count: 3 }]);
  });
});

describe('what is no number of a person stays readable', () => {
  it.each([
    '2026-05-01 至 2026-05-02 入住,3晚',
    '恒温泳池 06:45-22:15,检修停用 2026-03-09至2026-03-11',
    '房间1001 1002 1003 已备好',
    '订单号 1128176532157 已确认',
    '订单号56171999',
    '系统时间 20260501123000',
    '价格是¥1,288.00,含早 2 份',
    'Quote QX7LMTE4 at the desk; the 23.4 for parking is settled there on departure.',
    'The shuttle SB4816 drops you off by our lobby at 16:40.',
    'Hotel telephone service, wechat please',
    '会员卡号 880012345678',
    'passportExpiryDate: 20300101',
    '护照有效期至 20300101',
    '请带身份证,20260501 入住',
    'blacksmith and smithereens',
    '标准间68元,豪华间120元,套房288元,总统套房1888元',
    '388、488、588、688、788都有',
    '可选房间 6201、6202、6203、6204',
    '2026年10月12日和2026年10月15日入住',
    '营业时间 13:00-14:30, 180元',
    '桑拿暂停 2026-04-07至2026-04-07 01:00-05:30。',
    '12:00-13:00, 15:00-16:00, 18:00-20:00',
    '好评+5, 100+200=300',
    '加vip会员, 你好@小明。你好',
    '<b>1288</b><br>',
  ])('%s', (text) => {
    expect(masked(text)).toMatchObject({ text, redactions: [] });
  });
});

describe('the work of masking', () => {
  const long = 40_000;
  const patterns: [string, string][] = [
    ['digits', '1'],
    ['digits and spaces', '1 '],
    ['groups of four', '6222 '],
    ['dates', '2026-05-01 '],
    ['plus signs', '+1 '],
    ['letters', 'a'],
    ['at signs', '@'],
    ['letters before one at sign', 'a.'],
    ['labels', '护照'],
    ['card labels', '卡号'],
    ['names of fields', 'cardNo'],
    ['names of fields with lines', 'id_no.'],
    ['messaging labels', '微信号是'],
    ['country codes', 'DE89 '],
    ['fillers', '<'],
    ['invisible characters', '\u200b'],
    ['names cut short', '王小'],
    ['spelled digits', '一三八'],
    ['separators', '- - '],
    ['documents', 'E12345678 '],
    ['labels and digits', 'tel 1'],
    ['digits and signs', '1,2*'],
    ['many signs', '1,*#~!'],
    ['tags', '<br>1'],
    ['tags cut short', '<span class="'],
    ['references', '&#49;'],
    ['references cut short', '&#4'],
    ['times', '13:30 '],
    ['letters that look like digits', 'O1l '],
    ['letters before at signs', '张三@'],
    ['WeChat labels', '加v…'],
    ['blanks between digits', `1${' '.repeat(15)}`],
    ['colons', '1:'],
  ];

  it.each(patterns)('grows no faster than the text: %s', (_, unit) => {
    const short = masked(unit.repeat(long / 2 / unit.length)).steps;
    const twice = masked(unit.repeat(long / unit.length)).steps;
    expect(twice).toBeLessThan(short * 2.2 + 2_000);
    expect(twice).toBeLessThan(long * 400);
  });

  it('stays in proportion for any text', () => {
    const units = fc.constantFrom(
      ...patterns.map(([, unit]) => unit),
      'x',
      '(',
      '王小明',
      'Smith',
      '\n',
      ' ',
    );
    fc.assert(
      fc.property(fc.array(units, { maxLength: 400 }), (parts) => {
        const text = parts.join('');
        expect(masked(text, 'masked', true).steps).toBeLessThan(text.length * 450 + 2_000);
      }),
      { numRuns: 300 },
    );
  });

  it('takes any text, and changes nothing where it finds nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const result = masked(text);
        if (result.redactions.length === 0) expect(result.text).toBe(text);
      }),
      { numRuns: 1000 },
    );
  });
});
