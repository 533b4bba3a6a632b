import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { markQuoted, QUOTED } from '../../../../shared/sources/text/quoted-mail.ts';

describe('what a mail quotes', () => {
  it.each([
    [
      'On … wrote:',
      'Thanks, yes.\n\nOn Tue, 1 May 2026 at 09:30, Front Desk <desk@example.com> wrote:\n> Late check-out?\n>\n> Desk',
      `Thanks, yes.\n\n${QUOTED}\n> On Tue, 1 May 2026 at 09:30, Front Desk <desk@example.com> wrote:\n> Late check-out?\n>\n> Desk`,
    ],
    [
      'On … wrote:, wrapped, and without signs',
      'Yes.\nOn Tue, 1 May 2026 at 09:30, Front Desk\n<desk@example.com> wrote:\n\nLate check-out?\nDesk',
      `Yes.\n${QUOTED}\n> On Tue, 1 May 2026 at 09:30, Front Desk\n> <desk@example.com> wrote:\n> \n> Late check-out?\n> Desk`,
    ],
    [
      '> lines with an answer under each',
      '> A?\nYes.\n> B?\nNo.',
      `${QUOTED}\n> A?\nYes.\n${QUOTED}\n> B?\nNo.`,
    ],
    [
      '-----Original Message-----',
      'See below.\n-----Original Message-----\nFrom: Guest\nHello',
      `See below.\n${QUOTED}\n> -----Original Message-----\n> From: Guest\n> Hello`,
    ],
    [
      '发件人:',
      '好的\n发件人: 王芳 <wang@example.cn>\n发送时间: 2026年5月1日 9:30\n收件人: 前台\n主题: 退房\n可以晚退吗?',
      `好的\n${QUOTED}\n> 发件人: 王芳 <wang@example.cn>\n> 发送时间: 2026年5月1日 9:30\n> 收件人: 前台\n> 主题: 退房\n> 可以晚退吗?`,
    ],
    [
      '原始邮件',
      '好的\n------------------ 原始邮件 ------------------\n旧的话',
      `好的\n${QUOTED}\n> ------------------ 原始邮件 ------------------\n> 旧的话`,
    ],
    [
      '写道:',
      '可以。\n在 2026年5月1日 星期五 09:30,前台 <desk@example.cn> 写道:\n> 几点到?',
      `可以。\n${QUOTED}\n> 在 2026年5月1日 星期五 09:30,前台 <desk@example.cn> 写道:\n> 几点到?`,
    ],
  ])('is marked: %s', (_name, text, marked) => {
    expect(markQuoted(text)).toBe(marked);
  });

  it.each([
    'On arrival the desk wrote nothing down.',
    'From: the airport we take a taxi.\nThanks',
    '----- please -----',
    '我写道',
  ])('is not seen where there is none: %s', (text) => {
    expect(markQuoted(text)).toBe(text);
  });

  it('loses no word, and takes time that grows with the length', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.string(), fc.constantFrom('> a', 'On x wrote:', '发件人: x', '收件人: y', ''))),
        (lines) => {
          const text = lines.join('\n');
          const marked = markQuoted(text);
          for (const line of text.split(/\r\n|\r|\n/)) expect(marked).toContain(line.trimStart());
        },
      ),
    );
    expect(markQuoted('On 在2026'.repeat(200_000)).length).toBeGreaterThan(1_000_000);
  });
});
