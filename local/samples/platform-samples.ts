import type { SampleExport } from './sample-exports.ts';

type Line = { by: 'guest' | 'staff'; text: string; at: Date; id: string };
type Guest = { name: string; phone: string; booking: string; room: string };

const START = Date.parse('2026-05-18T02:00:00Z');
const MINUTE_MS = 60_000;
const guest: Guest = { name: '吴女士', phone: '+8613900001021', booking: 'SHA202605', room: '1206' };

const WORDS: readonly (readonly ['guest' | 'staff', string])[] = [
  ['guest', '你好,请问今晚还有江景房吗?Is a river view still free tonight?'],
  ['staff', '有的,含双早,可以为您保留到二十点。Yes, breakfast for two included.'],
  ['guest', '好的,我大概晚上七点到。I will be there around seven.'],
  ['staff', '已经为您备注,路上注意安全。Noted, safe travels.'],
];

/** One small file of each source but those that have larger ones: invented words of one invented guest. */
export function platformSamples(): SampleExport[] {
  return [
    json('wechat-official', 'json', [
      { recordlist: said('wx').map((one) => chatRecord(one)), number: WORDS.length, msgid: 20165267 },
    ]),
    json('wechat-kf', 'jsonl', [
      { errcode: 0, errmsg: 'ok', next_cursor: 'c1', has_more: 0, msg_list: kfMessages() },
    ]),
    { file: fileOf('miniprogram', 'xml'), source: 'miniprogram', text: miniprogramPushes() },
    {
      ...json('weibo', 'jsonl', said('wb').map(weiboMessage)),
      map: mapOf('weibo', { ownNames: ['5000000001'] }),
    },
    json('booking', 'json', [{ meta: { ruid: 'r1' }, data: { messages: said('bk').map(bookingMessage) } }]),
    json('expedia', 'json', [{ data: { messageThread: expediaThread() } }]),
    {
      ...table(
        'ctrip',
        ['消息ID', '携程订单号', '发送时间', '发送方类型', '发送人', '消息内容'],
        said('ct').map(ctripRow),
      ),
      map: { file: 'shared/sources/mappings/ctrip-ebooking.json', profile: null },
    },
    {
      file: fileOf('whatsapp', 'txt'),
      source: 'whatsapp',
      text: said('wa').map(whatsappLine).join(''),
      timezone: 'Asia/Shanghai',
      map: mapOf('whatsapp', {
        ownNames: ['Bund Hotel'],
        guest: { kind: 'phone', value: guest.phone },
        dayOrder: 'day-first',
      }),
    },
    json('line', 'jsonl', lineHooks()),
    json('crm-salesforce', 'json', [{ totalSize: 1, done: true, records: [transcript()] }]),
    json('crm-zendesk', 'jsonl', [ticket()]),
    {
      ...json('pms-opera', 'json', [{ guestMessages: said('op').map(operaMessage) }]),
      timezone: 'Asia/Shanghai',
    },
    {
      ...table(
        'pms-csv',
        ['单据编号', '预订单号', '录入时间', '操作员编号', '操作员', '备注内容', '房号', '联系电话'],
        said('kd').map(pmsRow),
      ),
      map: { file: 'shared/sources/mappings/kingdee.json', profile: null },
    },
    json('ai-connect', 'json', [connectChat()]),
    json(
      'ai-lex',
      'jsonl',
      said('lx')
        .filter(({ by }) => by === 'guest')
        .map(lexTurn),
    ),
    { ...json('call-recording', 'jsonl', [contactRecord()]), media: { 'call-sha01.wav': tone() } },
    {
      ...table(
        'keycard',
        [
          'EventID',
          'EventDateTime',
          'DoorID',
          'OperationDescription',
          'IsExit',
          'SubjectID',
          'Booking Number',
        ],
        said('kc').map(doorEvent),
      ),
      timezone: 'Asia/Shanghai',
      map: { file: 'shared/sources/mappings/salto.json', profile: null },
    },
    {
      ...table(
        'stay',
        ['登记编号', '登记时间', '订单号', '姓名', '房号', '入住日期', '离店日期', '手机号', '备注'],
        [stayRow()],
      ),
      timezone: 'Asia/Shanghai',
    },
    {
      ...table(
        'workgroup',
        ['消息编号', '群ID', '群名', '聊天类型', '时间', '账号', '姓名', '内容'],
        workgroupRows(),
      ),
      timezone: 'Asia/Shanghai',
    },
  ];
}

/** The dialogue under ids of one source. */
function said(prefix: string): Line[] {
  return WORDS.map(([by, text], index) => ({
    by,
    text,
    at: new Date(START + index * MINUTE_MS),
    id: `${prefix}-2026-${index + 1}`,
  }));
}

function fileOf(source: string, extension: string): string {
  return `${source}-sha01-2026-05.${extension}`;
}

function json(source: SampleExport['source'], extension: string, documents: readonly object[]): SampleExport {
  return {
    file: fileOf(source, extension),
    source,
    text: documents.map((one) => `${JSON.stringify(one)}\n`).join(''),
  };
}

function table(
  source: SampleExport['source'],
  header: readonly string[],
  rows: readonly (readonly string[])[],
): SampleExport {
  const cell = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return {
    file: fileOf(source, 'csv'),
    source,
    text: [header, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join(''),
  };
}

function mapOf(
  source: string,
  profile: NonNullable<SampleExport['map']>['profile'],
): NonNullable<SampleExport['map']> {
  return { file: `local/samples/${source}-sha01.map.json`, profile };
}

/** `2026-05-18 10:00:00` in Shanghai. */
function local(at: Date): string {
  return new Date(at.getTime() + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
}

const seconds = (at: Date) => at.getTime() / 1000;

function chatRecord({ by, text, at }: Line) {
  return {
    openid: 'oSha01Guest0021',
    opercode: by === 'guest' ? 2003 : 2002,
    text,
    time: seconds(at),
    worker: 'kf01@gh_sha01',
  };
}

function kfMessages(): object[] {
  const about = { open_kfid: 'wkSha01', external_userid: 'wmSha01Guest0021' };
  const messages = said('kf').map(({ by, text, at, id }) => ({
    ...{
      msgid: id,
      ...about,
      send_time: seconds(at),
      origin: by === 'guest' ? 3 : 5,
      msgtype: 'text',
      text: { content: text },
    },
    ...(by === 'guest' ? {} : { servicer_userid: 'agent01' }),
  }));
  const event = { event_type: 'user_recall_msg', ...about, recall_msgid: 'kf-2026-3' };
  return [
    ...messages,
    { msgid: 'kf-2026-5', send_time: seconds(new Date(START)) + 300, origin: 4, msgtype: 'event', event },
  ];
}

function miniprogramPushes(): string {
  return said('mp')
    .filter(({ by }) => by === 'guest')
    .map(
      ({ text, at }, index) =>
        `<xml><ToUserName><![CDATA[gh_sha01mini]]></ToUserName><FromUserName><![CDATA[oSha01Mini0021]]></FromUserName><CreateTime>${seconds(at)}</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[${text}]]></Content><MsgId>${9_007_199_254_740_993n + BigInt(index)}</MsgId></xml>\n`,
    )
    .join('');
}

function weiboMessage({ by, text, at }: Line) {
  const [hotel, fan] = [5_000_000_001, 1_902_538_057];
  const clock = local(at).slice(11);
  return {
    type: 'text',
    receiver_id: by === 'guest' ? hotel : fan,
    sender_id: by === 'guest' ? fan : hotel,
    created_at: `Mon May 18 ${clock} +0800 2026`,
    text,
    data: {},
  };
}

function bookingMessage({ by, text, at, id }: Line) {
  return {
    message_id: id,
    message_type: 'free_text',
    content: text,
    timestamp: at.toISOString(),
    sender: {
      participant_id: by,
      metadata: {
        participant_type: by === 'guest' ? 'guest' : 'hotel',
        name: by === 'guest' ? guest.name : 'Bund Hotel',
      },
    },
    conversation: {
      conversation_id: 'conv-21',
      conversation_type: 'reservation',
      conversation_reference: '4021778801',
    },
    attachment_ids: [],
  };
}

function expediaThread() {
  return {
    id: 'thread-21',
    primaryTraveler: { firstName: 'Lan', lastName: 'Wu' },
    reservationSummary: { id: '1934402117', alternativeIds: [{ supplierId: guest.booking }] },
    messages: {
      cursor: null,
      totalCount: WORDS.length,
      elements: said('ex').map(({ by, text, at, id }) => ({
        ...{ id, type: 'MESSAGE', creationDateTimeUtc: at.toISOString(), body: { value: text } },
        ...{ fromRole: by === 'guest' ? 'TRAVELER' : 'SUPPLIER', reviewStatus: 'ACCEPTED', attachments: [] },
      })),
    },
  };
}

function ctripRow({ by, text, at, id }: Line): string[] {
  return [
    id,
    'CT3300210021',
    local(at),
    by === 'guest' ? '用户' : '商家',
    by === 'guest' ? guest.name : '前台',
    text,
  ];
}

function whatsappLine({ by, text, at }: Line): string {
  return `[18/05/26, ${local(at).slice(11)}] ${by === 'guest' ? guest.name : 'Bund Hotel'}: ${text}\r\n`;
}

function lineHooks(): object[] {
  const event = (at: Date, id: string, rest: object) => ({
    destination: `U${'0'.repeat(32)}`,
    events: [
      {
        ...{
          webhookEventId: `01HY${id}`,
          deliveryContext: { isRedelivery: false },
          timestamp: at.getTime(),
          mode: 'active',
        },
        ...{ source: { type: 'user', userId: 'Usha01guest00000000000000000000021' }, ...rest },
      },
    ],
  });
  const messages = said('ln')
    .filter(({ by }) => by === 'guest')
    .map(({ text, at, id }) =>
      event(at, id, { type: 'message', message: { id: `m-${id}`, type: 'text', text } }),
    );
  return [
    ...messages,
    event(new Date(START + 4 * MINUTE_MS), 'ln-5', { type: 'unsend', unsend: { messageId: 'm-ln-2026-3' } }),
  ];
}

function transcript() {
  const lines = said('sf').map(
    ({ by, text }, index) => `( ${index}m 0s ) ${by === 'guest' ? 'Visitor' : 'Lily'}: ${text}<br>`,
  );
  return {
    attributes: { type: 'LiveChatTranscript' },
    ...{
      Id: '570Sha01Chat0021',
      ContactId: '003Sha01Contact21',
      OwnerId: '005Sha01Agent0001',
      Status: 'Completed',
    },
    StartTime: new Date(START).toISOString(),
    Body: `<p align="center">Chat Started: Monday, May 18, 2026, 02:00:00 (+0000)</p><p align="center">Agent Lily</p>${lines.join('')}`,
  };
}

function ticket() {
  return {
    ...{
      id: 4021,
      requester_id: 9021,
      subject: '江景房 river view',
      status: 'solved',
      created_at: new Date(START).toISOString(),
    },
    users: [
      { id: 9021, name: guest.name, email: 'guest21@example.com', role: 'end-user' },
      { id: 8001, name: 'Lily', role: 'agent' },
    ],
    comments: [
      ...said('zd').map(({ by, text, at }, index) => ({
        ...{ id: 90_210 + index, type: 'Comment', author_id: by === 'guest' ? 9021 : 8001, public: true },
        ...{ plain_body: text, created_at: at.toISOString(), attachments: [] },
      })),
      // A note of staff to staff: never a guest's words.
      {
        id: 90_219,
        type: 'Comment',
        author_id: 8001,
        public: false,
        plain_body: '老客户,可升级 may be upgraded',
        created_at: new Date(START + 5 * MINUTE_MS).toISOString(),
        attachments: [],
      },
    ],
  };
}

function operaMessage({ text, at, id }: Line) {
  return {
    id: { id, type: 'Message' },
    message: {
      ...{
        messageText: text,
        messageDate: local(at).replace(' ', 'T'),
        typeOfMessage: 'Text',
        recipient: guest.name,
      },
      ...{ operator: 'DESK1', reservationId: { id: '55021', type: 'Reservation' } },
    },
    delivery: { deliveryStatus: 'Delivered' },
  };
}

function pmsRow({ text, at, id }: Line): string[] {
  return [id, guest.booking, local(at), 'OP7', '王前台', text, guest.room, guest.phone];
}

function connectChat() {
  return {
    ...{
      AWSAccountId: '111122223333',
      InstanceId: 'sha01',
      InitialContactId: 'contact-21',
      ContactId: 'contact-21',
    },
    CustomerEndpoint: { Type: 'TELEPHONE_NUMBER', Address: guest.phone },
    Participants: [],
    Transcript: [
      ...said('cn').map(({ by, text, at, id }) => ({
        ...{
          Id: id,
          AbsoluteTime: at.toISOString(),
          Type: 'MESSAGE',
          ContentType: 'text/plain',
          Content: text,
        },
        ...{
          ParticipantId: by,
          ParticipantRole: by === 'guest' ? 'CUSTOMER' : 'SYSTEM',
          DisplayName: by === 'guest' ? guest.name : 'BOT',
        },
      })),
      // The end of a chat has no role.
      {
        Id: 'cn-2026-5',
        AbsoluteTime: new Date(START + 4 * MINUTE_MS).toISOString(),
        Type: 'EVENT',
        ContentType: 'application/vnd.amazonaws.connect.event.chat.ended',
      },
    ],
  };
}

function lexTurn({ text, at, id }: Line) {
  return {
    ...{
      messageVersion: '2.0',
      timestamp: at.toISOString(),
      requestId: id,
      sessionId: guest.phone,
      operationName: 'RecognizeText',
    },
    ...{ inputMode: 'Text', inputTranscript: text, bot: { id: 'SHABOT', name: 'HotelBot', version: '1' } },
    messages: [{ content: '好的,请稍等。One moment, please.', contentType: 'PlainText' }],
  };
}

function contactRecord() {
  return {
    ...{
      ContactId: 'call-21',
      Channel: 'VOICE',
      InitiationMethod: 'INBOUND',
      DisconnectReason: 'CUSTOMER_DISCONNECT',
    },
    ...{ InitiationTimestamp: '2026-05-18T02:00:00Z', DisconnectTimestamp: '2026-05-18T02:01:31Z' },
    CustomerEndpoint: { Type: 'TELEPHONE_NUMBER', Address: guest.phone },
    SystemEndpoint: { Type: 'TELEPHONE_NUMBER', Address: '+862155550100' },
    Agent: { Username: 'agent01' },
    Recordings: [
      {
        Location: 'connect-sha01/CallRecordings/2026/05/18/call-sha01.wav',
        MediaStreamType: 'AUDIO',
        ParticipantType: 'ALL',
        Status: 'AVAILABLE',
        StorageType: 'AMAZON_S3',
      },
    ],
  };
}

function doorEvent({ by, at, id }: Line): string[] {
  return [
    id,
    local(at),
    guest.room,
    'Door opened: guest key',
    by === 'guest' ? '0' : '1',
    guest.name,
    guest.booking,
  ];
}

function stayRow(): string[] {
  return [
    'ST-2026-21',
    local(new Date(START)),
    guest.booking,
    guest.name,
    guest.room,
    '2026-05-18',
    '2026-05-20',
    guest.phone,
    '江景房 river view',
  ];
}

function workgroupRows(): string[][] {
  const row = ({ text, at, id }: Line, kind: string) => [
    id,
    'G-FRONT',
    '前厅交班群',
    kind,
    local(at),
    'agent01',
    '李明',
    text,
  ];
  const [first, second] = said('wg');
  if (first === undefined || second === undefined) return [];
  return [
    row({ ...first, text: '1206 的客人七点到,江景房已留。1206 arrives at seven.' }, '群聊'),
    row({ ...second, text: '收到,已通知前台。Noted.' }, '群聊'),
  ];
}

/** A tenth of a second of a tone: WAV, 8 kHz, 8 bits. */
function tone(): Uint8Array {
  const samples = Buffer.from(
    Array.from({ length: 800 }, (_, at) => 128 + Math.round(90 * Math.sin((at * Math.PI) / 9))),
  );
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + samples.length, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(8_000, 24);
  header.writeUInt32LE(8_000, 28);
  header.writeUInt16LE(1, 32);
  header.writeUInt16LE(8, 34);
  header.write('data', 36);
  header.writeUInt32LE(samples.length, 40);
  return Buffer.concat([header, samples]);
}
