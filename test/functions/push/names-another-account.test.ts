import { describe, expect, it } from '@jest/globals';
import { namesAnotherAccount } from '../../../functions/push/names-another-account.ts';

const whatsapp = (number: string, business = '999') =>
  JSON.stringify({
    entry: [{ id: business, changes: [{ value: { metadata: { phone_number_id: number } } }] }],
  });
const xml = (receiver: string) =>
  `<xml><ToUserName><![CDATA[${receiver}]]></ToUserName><Content><![CDATA[<ToUserName>gh_x</ToUserName>]]></Content></xml>`;
const U1 = `U${'1'.repeat(32)}`;
const U2 = `U${'2'.repeat(32)}`;

describe('a push that names the account it is for', () => {
  it.each([
    ['whatsapp', '111', whatsapp('111'), whatsapp('222')],
    ['whatsapp', '999', whatsapp('111'), whatsapp('111', '998')],
    ['line', U1, JSON.stringify({ destination: U1 }), JSON.stringify({ destination: U2 })],
    ['wechat-official', 'gh_1', xml('gh_1'), xml('gh_2')],
    ['miniprogram', 'gh_1', '{"ToUserName":"gh_1"}', '{"ToUserName":"gh_2"}'],
    ['weibo', '9007199254740993', '{"receiver_id":9007199254740993}', '{"receiver_id":9007199254740992}'],
    ['booking', '7', '{"property_id":7}', '{"data":{"property_id":"8"}}'],
  ] as const)('is %s’s account alone', (channel, account, own, others) => {
    expect(namesAnotherAccount({ channel, account }, Buffer.from(own))).toBe(false);
    expect(namesAnotherAccount({ channel, account }, Buffer.from(others))).toBe(true);
  });

  it('is nobody else’s where it names nobody, or the account was added under a name of the hotel’s own', () => {
    for (const body of ['{}', 'not json', '<xml>', '[]', '{"entry":[{"changes":[{"value":{}}]}]}']) {
      expect(namesAnotherAccount({ channel: 'whatsapp', account: '111' }, Buffer.from(body))).toBe(false);
      expect(namesAnotherAccount({ channel: 'wechat-official', account: 'gh_1' }, Buffer.from(body))).toBe(
        false,
      );
    }
    expect(namesAnotherAccount({ channel: 'whatsapp', account: 'bund' }, Buffer.from(whatsapp('222')))).toBe(
      false,
    );
  });
});
