import { describe, expect, it } from '@jest/globals';
import { ctrip } from '../../../../shared/sources/agencies/ctrip.ts';
import { readAll, recordsOf, rejectionsOf } from '../support/read-all.ts';

const HEADER =
  'message id,conversation id,order id,sent at,sender type,sender account,sender,message,attachments,mobile';
const ROW =
  'm1,c9,36912345,2026-05-01T09:30:00+08:00,Customer,,Wang Fang," Is breakfast included? ",voucher.pdf; photo.jpg,+86 138 0013 8000';

describe('Ctrip’s messages as a table', () => {
  it('gives each with its words, time, speaker, order number and files by name', async () => {
    expect(recordsOf(await readAll(ctrip, `${HEADER}\n${ROW}\n`))).toMatchObject([
      {
        sourceMessageId: 'm1',
        at: new Date('2026-05-01T01:30:00Z'),
        from: { role: 'guest', id: null, name: 'Wang Fang' },
        text: ' Is breakfast included? ',
        placements: [
          {
            conversation: 'c9',
            identifiers: [
              { kind: 'booking', value: '36912345' },
              { kind: 'phone', value: '+86 138 0013 8000' },
            ],
          },
        ],
        attachments: [
          { name: 'voucher.pdf', refs: ['voucher.pdf'] },
          { name: 'photo.jpg', refs: ['photo.jpg'] },
        ],
        category: null,
        internal: false,
      },
    ]);
  });

  it('tells Ctrip’s order from the hotel’s own confirmation number', async () => {
    const text = '订单号,酒店确认号,时间,角色,内容\n36912345,CF-7,2026-05-01T09:31:00Z,客人,你好\n';
    expect(recordsOf(await readAll(ctrip, text))[0]?.placements[0].identifiers).toEqual([
      { kind: 'booking', value: '36912345' },
      { kind: 'booking', value: 'CF-7', issuer: 'hotel' },
    ]);
  });

  it('says which account of staff wrote, and that a file alone was sent', async () => {
    const row = 'm2,c9,,2026-05-01T09:31:00+08:00,商家,desk01,前台,,房型图.png,';
    expect(recordsOf(await readAll(ctrip, `${HEADER}\n${row}\n`))).toMatchObject([
      {
        from: { role: 'staff', id: 'desk01' },
        staff: ['ctrip:desk01'],
        text: '[附件 attachment] 房型图.png',
        placements: [{ conversation: 'c9', identifiers: [] }],
      },
    ]);
  });

  it('keeps a recall beside what it takes back', async () => {
    const text = '消息编号,订单号,时间,角色,内容,撤回消息编号\nm3,1,2026-05-01T09:31:00Z,客人,,m1\n';
    expect(recordsOf(await readAll(ctrip, text))).toMatchObject([
      { sourceMessageId: 'm3', recalls: 'm1', text: '[撤回消息 message recalled]' },
    ]);
  });

  it('tells the hotel by its own names where the speaker is named alone, and guesses at nothing', async () => {
    const text =
      '订单号,时间,发送人,内容\n1,2026-05-01T09:31:00Z,外滩店,您好\n1,2026-05-01T09:32:00Z,王芳,好的\n';
    const roles = recordsOf(await readAll(ctrip, text, { ownNames: ['外滩店'] })).map(
      ({ from }) => from.role,
    );
    expect(roles).toEqual(['staff', 'guest']);
    expect(rejectionsOf(await readAll(ctrip, text))).toEqual([
      { line: 2, reason: 'missing-field:from_role' },
      { line: 3, reason: 'missing-field:from_role' },
    ]);
  });

  it('belongs to the guest whom the mapping names, where the file names none', async () => {
    const text = 'time,role,text\n2026-05-01T09:31:00Z,guest,hi\n';
    expect(rejectionsOf(await readAll(ctrip, text))).toEqual([{ line: 2, reason: 'no-guest' }]);
    const guest = { kind: 'booking' as const, value: 'BK-1' };
    expect(recordsOf(await readAll(ctrip, text, { profile: { guest } }))).toMatchObject([
      { placements: [{ identifiers: [guest] }] },
    ]);
  });
});
