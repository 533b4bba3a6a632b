import { describe, expect, it } from '@jest/globals';
import { workgroup } from '../../../../shared/sources/internal/workgroup.ts';
import { readAll, recordsOf, rejectionsOf } from '../support/read-all.ts';

const HEADER = '消息编号,群ID,群名,聊天类型,时间,账号,发送人,内容,附件';
const ROW = 'w1,g-7,前厅部,群聊,2026-05-01T09:30:00+08:00,zhao.min,赵敏,1203 房客人要延迟退房,交班表.xlsx';

describe('the talk of employees in work groups', () => {
  it('is a record of the employee who wrote it, in the group', async () => {
    const [record] = recordsOf(await readAll(workgroup, `${HEADER}\n${ROW}\n`));
    expect(record).toMatchObject({
      sourceMessageId: 'w1',
      category: 'employee',
      placements: [{ conversation: 'g-7', identifiers: [{ kind: 'employee', value: 'workgroup:zhao.min' }] }],
      staff: ['workgroup:zhao.min'],
      from: { role: 'staff', id: 'zhao.min', name: '赵敏' },
      text: '1203 房客人要延迟退房',
      attachments: [{ name: '交班表.xlsx', refs: ['交班表.xlsx'] }],
      at: new Date('2026-05-01T01:30:00Z'),
    });
  });

  it('reads an English header', async () => {
    const text =
      'group name,account,sender name,sent at,message\nFront desk,e7,Kim,2026-05-01T09:30:00Z,late check-out\n';
    expect(recordsOf(await readAll(workgroup, text))).toMatchObject([
      { placements: [{ conversation: 'Front desk' }], text: 'late check-out', from: { name: 'Kim' } },
    ]);
  });

  it.each(['private', 'Single', '私聊', '单聊'])(
    'refuses a private chat (%s) and keeps no word of it (R7)',
    async (kind) => {
      const items = await readAll(workgroup, `${HEADER}\n${ROW.replace(',群聊,', `,${kind},`)}\n`);
      expect(rejectionsOf(items)).toEqual([{ line: 2, reason: 'private-chat' }]);
      const [, rejected] = items;
      if (rejected?.kind !== 'rejected') throw new Error('not rejected');
      expect(rejected.original).toHaveLength(0);
      expect(rejected.bytes).toBeGreaterThan(0);
    },
  );

  it('knows a private chat by the mapping of values, and before anything else that is wrong with the row', async () => {
    const profile = { values: { chat_type: { '1': 'private' } } };
    const items = await readAll(
      workgroup,
      'chat type,group,account,time,text\n1,,,,\n1,g,a b,yesterday,words\n',
      { profile },
    );
    expect(rejectionsOf(items)).toEqual([
      { line: 2, reason: 'private-chat' },
      { line: 3, reason: 'private-chat' },
    ]);
  });

  it('keeps nothing of a file without a header: its first line may be a private chat’s', async () => {
    const items = await readAll(workgroup, ROW);
    for (const item of items) expect(item).toMatchObject({ kind: 'rejected', withheld: true });
    expect(items).toHaveLength(1);
  });

  it('keeps nothing of a row of which it can’t tell whether it is a private chat’s', async () => {
    const items = await readAll(workgroup, `${HEADER}\nw1,"never closed,私聊\nw2,g-7,私聊,words\n`);
    expect(rejectionsOf(items)).toEqual([
      { line: 2, reason: 'bad-quoting' },
      { line: 3, reason: 'wrong-column-count' },
    ]);
    for (const item of items) if (item.kind === 'rejected') expect(item.original).toHaveLength(0);
  });

  it.each([
    [
      'a kind of chat that is not known to be a group',
      'invalid-field:chat_type',
      ROW.replace('群聊', 'channel?'),
    ],
    ['an account', 'missing-field:from_id', ROW.replace('zhao.min', '')],
    ['an account that can be one', 'invalid-field:from_id', ROW.replace('zhao.min', 'zhao min')],
    ['a group', 'missing-field:group_id', ROW.replace('g-7,前厅部', ',')],
    ['words or a file', 'missing-field:text', ROW.replace('1203 房客人要延迟退房,交班表.xlsx', ',')],
  ])('rejects a row without %s', async (_, reason, row) => {
    expect(rejectionsOf(await readAll(workgroup, `${HEADER}\n${row}\n`))).toEqual([{ line: 2, reason }]);
  });

  it('takes a recall as a record of its own', async () => {
    const text = 'id,group,account,time,text,recalled message id\nw2,g,e7,2026-05-01T09:31:00Z,,w1\n';
    expect(recordsOf(await readAll(workgroup, text))).toMatchObject([
      { sourceMessageId: 'w2', recalls: 'w1', text: '[撤回消息 message recalled]' },
    ]);
  });
});
