import { gb18030Bytes } from '../../shared/sources/support/gb18030-bytes.ts';
import { bad, csv, fragment, type Guest, inShanghai, lines, recordOf, type Writer } from './source-export.ts';

const system = { role: 'system' as const, id: null, name: null };

/** The hotel's own service system (docs/sources.md `internal`). */
export const internalTable: Writer = {
  source: 'internal',
  format: 'table',
  extension: 'csv',
  subject: ({ phone }) => ({ kind: 'phone', value: phone }),
  write(entry) {
    const { id, guest, at } = entry;
    const row = (role: string, name: string, text: string, time = at.toISOString()) =>
      csv([
        id,
        time,
        guest.tag,
        role,
        role === '员工' ? 'agent01' : '',
        name,
        text,
        'complaint',
        guest.phone,
        guest.email,
      ]);
    if (entry.kind === 'bad') return bad(row('客人', guest.name, 'x', 'yesterday'), 'invalid-date');
    if (entry.kind !== 'said') return null;
    const staff = entry.by === 'staff';
    const name = staff ? '小李' : guest.name;
    return fragment(
      row(staff ? '员工' : '客人', name, entry.text),
      recordOf(entry, {
        from: { role: entry.by, id: staff ? 'agent01' : null, name },
        category: 'complaint',
      }),
    );
  },
  file: (written) =>
    lines([
      csv(['消息编号', '时间', '会话', '角色', '工号', '姓名', '内容', '类别', '手机', '邮箱']),
      ...written.map(({ piece }) => piece),
    ]),
};

/** What GB 18030's two-byte part has no character for is a question mark, as export tools write it. */
function inGb18030(text: string): string {
  return [...text].map((character) => (isInGb18030(character) ? character : '?')).join('');
}

function isInGb18030(character: string): boolean {
  try {
    return gb18030Bytes(character).length > 0;
  } catch {
    return false;
  }
}

/** A PMS's notes under the headers of the ready mapping for Kingdee, in GB 18030 with tabs between. */
export const pmsTable: Writer = {
  source: 'pms-csv',
  format: 'table in GB 18030',
  extension: 'csv',
  subject: ({ phone }) => ({ kind: 'phone', value: phone }),
  profile: () => ({
    columns: {
      message_id: ['单据编号', '流水号'],
      booking: '预订单号',
      at: '录入时间',
      from_id: '操作员编号',
      from_name: '操作员',
      note_type: '备注类型',
      text: '备注内容',
      guest_name: '客人姓名',
      room: '房号',
      arrival: '抵店日期',
      departure: '离店日期',
      phone: '联系电话',
    },
    delimiter: '\t',
    timezone: 'Asia/Shanghai',
  }),
  write(entry) {
    const { id, guest, at } = entry;
    const row = (role: string, type: string, text: string, time = inShanghai(at)) =>
      csv(
        [
          id,
          guest.booking,
          time,
          role === '客人' ? '' : 'op7',
          role === '客人' ? guest.name : '前台小王',
          type,
          inGb18030(text),
          guest.name,
          guest.room,
          '2026-05-19',
          '2026-05-22',
          guest.phone,
          role,
        ],
        '\t',
      );
    const staff = { role: 'staff' as const, id: 'op7', name: '前台小王' };
    switch (entry.kind) {
      case 'said':
        return fragment(
          row(entry.by === 'guest' ? '客人' : '前台', '留言', entry.text),
          recordOf(entry, {
            from: entry.by === 'guest' ? { role: 'guest', id: null, name: guest.name } : staff,
            text: inGb18030(entry.text),
          }),
        );
      case 'note':
        return fragment(
          row('前台', '内部备注', entry.text),
          recordOf(entry, { from: staff, text: inGb18030(entry.text), category: 'complaint-plan' }),
        );
      case 'bad':
        return bad(row('客人', '留言', 'x', '昨天'), 'invalid-date');
      default:
        return null;
    }
  },
  file: (written) => {
    const header = [
      '单据编号',
      '预订单号',
      '录入时间',
      '操作员编号',
      '操作员',
      '备注类型',
      '备注内容',
      '客人姓名',
      '房号',
      '抵店日期',
      '离店日期',
      '联系电话',
      '发送方角色',
    ];
    const text = [csv(header, '\t'), ...written.map(({ piece }) => piece)]
      .map((line) => `${line}\r\n`)
      .join('');
    return gb18030Bytes(text);
  },
};

/** Door events under the headers of the ready mapping for Salto; the booking number stands beside them. */
export const keycardTable: Writer = {
  source: 'keycard',
  format: 'table',
  extension: 'csv',
  timezone: 'Asia/Shanghai',
  subject: ({ booking }) => ({ kind: 'booking', value: booking }),
  profile: () => ({
    columns: {
      event_id: 'EventID',
      at: 'EventDateTime',
      door: 'DoorID',
      event: 'OperationDescription',
      direction: 'IsExit',
      holder: 'SubjectID',
    },
  }),
  write(entry) {
    const { id, guest, at } = entry;
    const row = (exit: string, time = inShanghai(at)) =>
      csv([id, time, `Door ${guest.room}`, 'Door opened: guest key', exit, guest.name, guest.booking]);
    if (entry.kind === 'bad') return bad(row('2'), 'invalid-field:direction');
    if (entry.kind !== 'said') return null;
    const exit = entry.by === 'staff';
    const text = `[门卡记录 key card] 门 door: Door ${guest.room}; 事件 event: Door opened: guest key; 方向 direction: ${exit ? '出 out' : '进 in'}; 持卡人 holder: ${guest.name}; 订单号 booking: ${guest.booking}`;
    return fragment(row(exit ? '1' : '0'), recordOf(entry, { from: system, category: 'key-card', text }));
  },
  file: (written) =>
    lines(
      [
        'sep=;',
        ...[
          csv([
            'EventID',
            'EventDateTime',
            'DoorID',
            'OperationDescription',
            'IsExit',
            'SubjectID',
            'Booking Number',
          ]),
          ...written.map(({ piece }) => piece),
        ].map((line) => line.replaceAll(',', ';')),
      ],
      '\r\n',
    ),
};

const holder = ({ tag }: Guest) => `C${tag}`;

/** The audit trail of Salto SHIP. */
export const saltoAuditTrail: Writer = {
  source: 'keycard',
  format: 'Salto SHIP',
  extension: 'xml',
  timezone: 'Asia/Shanghai',
  subject: (guest) => ({ kind: 'card', value: holder(guest) }),
  write(entry) {
    const { id, guest, at } = entry;
    const event = (fields: Record<string, string>) =>
      `<SaltoDBAuditTrailEvent>${Object.entries(fields)
        .map(([name, value]) => `<${name}>${value}</${name}>`)
        .join('')}</SaltoDBAuditTrailEvent>`;
    const time = inShanghai(at).replace(' ', 'T');
    const fields = { EventID: id, EventDateTime: time, Operation: '17' };
    const rest = { SubjectType: '0', SubjectID: holder(guest) };
    if (entry.kind === 'bad') return bad(event({ ...fields, ...rest }), 'missing-field:DoorID');
    if (entry.kind !== 'said') return null;
    const exit = entry.by === 'staff';
    const text = `[门卡记录 key card] 门 door: ${guest.room}; 事件 event: Operation 17; 方向 direction: ${exit ? '出 out' : '进 in'}; 持卡人 holder: ${holder(guest)}; 级别 level: SubjectType 0`;
    return fragment(
      event({ ...fields, IsExit: exit ? '1' : '0', DoorID: guest.room, ...rest }),
      recordOf(entry, { from: system, category: 'key-card', text }),
    );
  },
  file: (written) =>
    lines([
      '<?xml version="1.0" encoding="UTF-8"?>',
      '<SaltoDBAuditTrail>',
      ...written.map(({ piece }) => piece),
      '</SaltoDBAuditTrail>',
    ]),
};

/** Keys that OPERA Cloud had made. */
export const roomKeys: Writer = {
  source: 'keycard',
  format: 'roomKeysExternal',
  extension: 'json',
  timezone: 'Asia/Shanghai',
  subject: ({ booking }) => ({ kind: 'booking', value: booking }),
  write(entry) {
    const { guest, at } = entry;
    const key = {
      ...{
        encoderId: 'E1',
        roomId: guest.room,
        noOfKeys: 2,
        keyType: 'New',
        keyRequestTime: inShanghai(at).replace(' ', 'T'),
      },
      ...{ userId: 'DESK1', reservationIdList: [{ id: guest.booking, type: 'Confirmation' }] },
    };
    if (entry.kind === 'bad')
      return bad({ ...key, keyRequestTime: undefined }, 'missing-field:keyRequestTime');
    if (entry.kind !== 'said') return null;
    const text = `[门卡记录 key card] 门 door: ${guest.room}; 房号 room: ${guest.room}; 事件 event: 制卡 key made, New, 2 张 keys; 制卡人 made by: DESK1; 发卡机 encoder: E1; 订单号 booking: ${guest.booking}`;
    return fragment(key, recordOf(entry, { from: system, category: 'key-card', text }));
  },
  file: (written) => lines([`{"roomKeysExternal":[${written.map(({ piece }) => piece).join(',')}]}`]),
};

/** A register of stays: the words are its remarks. */
export const stayRegister: Writer = {
  source: 'stay',
  format: 'register',
  extension: 'csv',
  timezone: 'Asia/Shanghai',
  subject: ({ booking }) => ({ kind: 'booking', value: booking }),
  write(entry) {
    const { id, guest, at } = entry;
    const row = (arrival: string, remarks: string) =>
      csv([
        id,
        inShanghai(at),
        guest.booking,
        guest.name,
        guest.room,
        arrival,
        '2026-05-22',
        guest.phone,
        'NULL',
        remarks,
      ]);
    if (entry.kind === 'bad') return bad(row('someday', 'x'), 'invalid-field:arrival');
    if (entry.kind !== 'said') return null;
    const text = [
      `[入住登记 stay] 订单号 booking: ${guest.booking}`,
      `客人 guest: ${guest.name}`,
      `房号 room: ${guest.room}`,
      '入住 arrival: 2026-05-20',
      '离店 departure: 2026-05-22',
      `电话 phone: ${guest.phone}`,
      `备注 remarks: ${entry.text}`,
    ].join('; ');
    return fragment(row('2026-05-20', entry.text), recordOf(entry, { from: system, category: 'stay', text }));
  },
  file: (written) =>
    lines([
      csv([
        '登记编号',
        '登记时间',
        '订单号',
        '姓名',
        '房号',
        '入住日期',
        '离店日期',
        '手机号',
        '国籍',
        '备注',
      ]),
      ...written.map(({ piece }) => piece),
    ]),
};

const account = ({ tag }: Guest) => `wg${tag}`;

/** Talk in a work group; a private chat among it is refused. */
export const workgroupTable: Writer = {
  source: 'workgroup',
  format: 'table',
  extension: 'csv',
  timezone: 'Asia/Shanghai',
  subject: (guest) => ({ kind: 'employee', value: `workgroup:${account(guest)}` }),
  write(entry) {
    const { id, guest, at } = entry;
    const row = (text: string, kind = '群聊', attachment = '', recalls = '') =>
      csv([
        id,
        'G100',
        '前厅部',
        kind,
        inShanghai(at),
        account(guest),
        guest.name,
        text,
        attachment,
        recalls,
      ]);
    const from = { role: 'staff' as const, id: account(guest), name: guest.name };
    const category = 'employee' as const;
    switch (entry.kind) {
      case 'said':
        return fragment(row(entry.text), recordOf(entry, { from, category }));
      case 'medium':
        return fragment(
          row('', '群聊', entry.name),
          recordOf(entry, { from, category, text: `[附件 attachment] ${entry.name}` }),
        );
      case 'recall':
        return fragment(
          row('', '群聊', '', entry.of.id),
          recordOf(entry, { from, category, text: '[撤回消息 message recalled]' }),
        );
      case 'bad':
        return bad(row('私下说 privately', '私聊'), 'private-chat');
      default:
        return null;
    }
  },
  file: (written) =>
    lines([
      csv(['消息编号', '群ID', '群名', '聊天类型', '时间', '账号', '姓名', '内容', '附件', '撤回消息编号']),
      ...written.map(({ piece }) => piece),
    ]),
};
