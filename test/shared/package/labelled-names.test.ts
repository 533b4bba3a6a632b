import { describe, expect, it } from '@jest/globals';
import { nameIndex } from '../../../shared/package/guest-names.ts';
import { labelledNames } from '../../../shared/package/labelled-names.ts';
import { maskText } from '../../../shared/package/mask.ts';

const none = { names: nameIndex([]), askedFor: false };

describe('names that a label gives', () => {
  it.each([
    ['[门卡记录 key card] 门 door: 1203; 持卡人 holder: 吴晓梅; 卡 card: 0A7F', ['吴晓梅']],
    ['[入住登记 stay] 订单号 booking: B-1; 客人 guest: Maria Weiß; 房号 room: 1203', ['Maria Weiß']],
    ['firstName: Maria\nlastName: Weiß', ['Maria', 'Weiß']],
    ['入住人姓名：王建国，电话另发', ['王建国']],
    ['{"guest_name":"Anna Lee","nights":2}', ['Anna Lee']],
    ['持卡人: 李', ['李']],
  ])('are found in %j', (text, names) => {
    expect(labelledNames(text)).toEqual(names);
  });

  it.each([
    '客人: 您好,请问有房吗?',
    'guest: hello, is there a room?',
    'The hotel name: Grand Palace',
    '请问您的姓名是什么',
    'shareholder: none of ours',
    '持卡人 holder: ',
  ])('are none in %j', (text) => {
    expect(labelledNames(text)).toEqual([]);
  });

  it('are hidden where the grant is masked or pseudonymised, and shown where it is named', () => {
    const text = '门 door: 1203; 持卡人 holder: 吴晓梅; 卡 card: 0A7F';
    for (const masking of ['masked', 'pseudonymised'] as const) {
      const result = maskText(text, { masking, ...none });
      expect(result.text).toBe(
        '门 door: 1203; 持卡人 holder: [已遮盖 客人姓名 masked: guest name]; 卡 card: 0A7F',
      );
      expect(result.redactions).toEqual([{ kind: 'guest-name', count: 1 }]);
    }
    expect(maskText(text, { masking: 'named', ...none }).text).toBe(text);
  });
});
