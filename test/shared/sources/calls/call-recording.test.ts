import { describe, expect, it } from '@jest/globals';
import { callRecording } from '../../../../shared/sources/calls/call-recording.ts';
import { expectGoesOnAnywhere } from '../support/goes-on-anywhere.ts';
import { expectUnbreakable, withWrongValues } from '../support/holds-under-damage.ts';
import { readAll, recordsOf, rejectionsOf } from '../support/read-all.ts';

const CONTACT = {
  ContactId: 'c-1',
  InitialContactId: null,
  Channel: 'VOICE',
  InitiationMethod: 'INBOUND',
  InitiationTimestamp: '2026-05-01T01:30:00Z',
  DisconnectTimestamp: '2026-05-01T01:31:31Z',
  DisconnectReason: 'CUSTOMER_DISCONNECT',
  LastUpdateTimestamp: '2026-05-01T02:00:00Z',
  CustomerEndpoint: { Type: 'TELEPHONE_NUMBER', Address: '+8613800138000' },
  SystemEndpoint: { Type: 'TELEPHONE_NUMBER', Address: '+862155550100' },
  Agent: { ARN: 'arn:x', Username: 'lily' },
  Recordings: [
    {
      Location: 'bucket/connect/CallRecordings/2026/05/01/c-1_2026.wav',
      MediaStreamType: 'AUDIO',
      ParticipantType: 'ALL',
      StartTimestamp: '2026-05-01T01:30:05Z',
      Status: 'AVAILABLE',
      StorageType: 'AMAZON_S3',
    },
    {
      Location: 'bucket/c-1_ivr.wav',
      MediaStreamType: 'AUDIO',
      ParticipantType: 'IVR',
      Status: 'DELETED',
      DeletionReason: 'retention',
    },
  ],
};
const RECORDING = {
  sid: 'RE557ce644e5ab84fa21cc21112e22c485',
  account_sid: 'AC1',
  call_sid: 'CA8dfedb55c129dd4d6bd1f59af9d11080',
  conference_sid: null,
  status: 'completed',
  channels: 1,
  source: 'StartCallRecordingAPI',
  duration: '15',
  start_time: 'Fri, 01 May 2026 01:30:00 +0000',
  date_created: 'Fri, 01 May 2026 01:30:01 +0000',
  uri: '/2010-04-01/Accounts/AC1/Recordings/RE557ce644e5ab84fa21cc21112e22c485.json',
};
const CALLBACK =
  'AccountSid=AC1&CallSid=CA8dfedb55c129dd4d6bd1f59af9d11080&RecordingSid=RE557ce644e5ab84fa21cc21112e22c485&RecordingUrl=https%3A%2F%2Fapi.example%2FRE557&RecordingStatus=completed&RecordingDuration=15&RecordingChannels=1&RecordingSource=StartCallRecordingAPI';

const SIPREC = `<?xml version="1.0" encoding="UTF-8"?>
<recording xmlns="urn:ietf:params:xml:ns:recording:1">
  <datamode>complete</datamode>
  <session session_id="s-1"><sipSessionID>ab30;remote=47</sipSessionID><start-time>2026-05-01T09:30:00+08:00</start-time><stop-time>2026-05-01T09:31:00+08:00</stop-time></session>
  <participant participant_id="p-1"><nameID aor="sip:+8613800138000@carrier.example"><name xml:lang="zh">王芳</name></nameID></participant>
  <participant participant_id="p-2"><nameID aor="sip:8001@hotel.example"><name>Front Desk</name></nameID></participant>
  <stream stream_id="st-1" session_id="s-1"><label>96</label></stream>
  <stream stream_id="st-2" session_id="s-1"><label>97</label></stream>
  <participantstreamassoc participant_id="p-1"><send>st-1</send><recv>st-2</recv></participantstreamassoc>
</recording>
`;

const read = async (text: string, options = {}) => recordsOf(await readAll(callRecording, text, options));

describe('a contact record of Amazon Connect', () => {
  it('says who called whom, when and how long, and refers to each recording', async () => {
    const text = JSON.stringify(CONTACT);
    const [record] = await read(text);
    expect(record).toMatchObject({
      sourceMessageId: 'contact:c-1',
      at: new Date('2026-05-01T01:30:00Z'),
      category: 'call-recording',
      from: { role: 'guest', id: '+8613800138000' },
      staff: ['call-recording:lily'],
      placements: [
        {
          conversation: '["call","c-1"]',
          identifiers: [
            { kind: 'phone', value: '+8613800138000' },
            { kind: 'ticket', value: 'c-1', issuer: 'ai-connect' },
          ],
        },
      ],
      attachments: [
        {
          name: 'c-1_2026.wav',
          mediaType: 'audio/*',
          refs: ['c-1_2026.wav', CONTACT.Recordings[0]?.Location],
        },
        { name: 'c-1_ivr.wav', refs: ['c-1_ivr.wav', 'bucket/c-1_ivr.wav'] },
      ],
    });
    expect(record?.text.split('\n')).toEqual([
      '[通话 call] +8613800138000 → +862155550100 · 时长 duration 91 s',
      '[渠道 channel] VOICE',
      '[方式 initiation] INBOUND',
      '[接听 agent] lily',
      '[结束原因 disconnect] CUSTOMER_DISCONNECT',
      '[录音 recording] c-1_2026.wav · AUDIO · ALL · AVAILABLE',
      '[录音 recording] c-1_ivr.wav · AUDIO · IVR · 已删除 DELETED · retention',
    ]);
    expect(Buffer.from(record?.original ?? []).toString()).toBe(text);
  });

  it('turns the sides round where the hotel called', async () => {
    const [record] = await read(JSON.stringify({ ...CONTACT, InitiationMethod: 'OUTBOUND' }));
    expect(record).toMatchObject({ from: { role: 'staff', id: 'lily' } });
    expect(record?.text).toContain('+862155550100 → +8613800138000');
  });

  it('is the same when it was only sent again', async () => {
    const [first] = await read(JSON.stringify(CONTACT));
    const [again] = await read(JSON.stringify({ ...CONTACT, LastUpdateTimestamp: '2026-05-02T00:00:00Z' }));
    expect(again?.content).toBe(first?.content);
  });

  it('names what is missing', async () => {
    expect(rejectionsOf(await readAll(callRecording, '{"a":1}\n{"ContactId":"c"}\n7'))).toEqual([
      { line: 1, reason: 'missing-field:ContactId' },
      { line: 2, reason: 'missing-field:InitiationTimestamp' },
      { line: 3, reason: 'not-an-object' },
    ]);
  });
});

describe('a Twilio recording', () => {
  it('is read as a resource, in a list, and as the callback that announced it', async () => {
    for (const text of [JSON.stringify(RECORDING), JSON.stringify({ recordings: [RECORDING], page: 0 })]) {
      const [record] = await read(text);
      expect(record).toMatchObject({
        sourceMessageId: `recording:${RECORDING.sid}`,
        at: new Date('2026-05-01T01:30:00Z'),
        timeKnown: true,
        placements: [{ identifiers: [{ kind: 'ticket', value: RECORDING.call_sid }] }],
        attachments: [
          {
            name: RECORDING.sid,
            refs: [RECORDING.sid, `${RECORDING.sid}.wav`, `${RECORDING.sid}.mp3`, RECORDING.uri],
          },
        ],
      });
      expect(record?.text).toContain('15 s');
    }
    const [resource] = await read(JSON.stringify(RECORDING));
    const [callback] = await read(`${CALLBACK}\n`);
    expect(callback).toMatchObject({
      sourceMessageId: resource?.sourceMessageId,
      timeKnown: false,
      content: resource?.content,
    });
    expect(Buffer.from(callback?.original ?? []).toString()).toBe(CALLBACK);
    const [timed] = await read(
      `${CALLBACK}&RecordingStartTime=Fri%2C%2001%20May%202026%2001%3A30%3A00%20%2B0000`,
    );
    expect(timed?.at).toEqual(resource?.at);
  });

  it('belongs to the number on the other side, where the export has it', async () => {
    const sides = { from: '+8613800138000', to: '+862155550100' };
    const [inbound] = await read(JSON.stringify({ ...RECORDING, ...sides, direction: 'inbound' }));
    const [outbound] = await read(
      JSON.stringify({ ...RECORDING, from: sides.to, to: sides.from, direction: 'outbound-dial' }),
    );
    expect(inbound?.placements[0].identifiers[0]).toEqual({ kind: 'phone', value: sides.from });
    expect(outbound?.placements[0].identifiers[0]).toEqual({ kind: 'phone', value: sides.from });
    const [client] = await read(
      JSON.stringify({ ...RECORDING, from: 'client:desk', to: '+1', direction: 'inbound' }),
    );
    expect(client?.placements[0].identifiers).toEqual([{ kind: 'ticket', value: RECORDING.call_sid }]);
  });

  it('names what a callback lacks', async () => {
    const items = await readAll(
      callRecording,
      `${CALLBACK}\nCallSid=CA1\nRecordingSid=a&RecordingSid=b\n\nRecordingSid=RE1`,
    );
    expect(rejectionsOf(items)).toEqual([
      { line: 2, reason: 'missing-field:RecordingSid' },
      { line: 3, reason: 'duplicate-key' },
      { line: 5, reason: 'missing-field:call_sid' },
    ]);
  });
});

describe('SIPREC metadata', () => {
  it('give one record of the call, with its participants and streams', async () => {
    const [record] = await read(SIPREC);
    expect(record).toMatchObject({
      sourceMessageId: 'session:s-1',
      at: new Date('2026-05-01T01:30:00Z'),
      from: { role: 'guest', id: '+8613800138000', name: '王芳' },
      text: '[通话 call] 王芳 +8613800138000 → Front Desk 8001 · 时长 duration 60 s\n[录音流 stream] 96 · 王芳\n[录音流 stream] 97',
      placements: [
        {
          identifiers: [
            { kind: 'phone', value: '+8613800138000' },
            { kind: 'ticket', value: 's-1' },
          ],
        },
      ],
    });
    expect(record?.attachments.map(({ name }) => name)).toEqual(['st-1', 'st-2']);
    expect(Buffer.from(record?.original ?? []).toString()).toBe(SIPREC);
  });

  it('name no guest where two numbers could be the guest’s, unless one is the hotel’s own', async () => {
    const two = SIPREC.replace('sip:8001@', 'sip:+862155550100@');
    const [either] = await read(two);
    expect(either?.placements[0].identifiers).toEqual([{ kind: 'ticket', value: 's-1' }]);
    const [own] = await read(two, { ownNames: ['+86 21 5555 0100'] });
    expect(own?.placements[0].identifiers[0]).toEqual({ kind: 'phone', value: '+8613800138000' });
  });

  it('are refused with a document type, other namespaces, or cut short', async () => {
    const bomb = SIPREC.replace(
      '<recording',
      '<!DOCTYPE r [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]>\n<recording',
    );
    for (const [text, reason] of [
      [bomb, 'xml-doctype'],
      [SIPREC.replace('urn:ietf', 'urn:other'), 'unknown-shape'],
      [SIPREC.slice(0, -20), 'not-xml'],
      [SIPREC.replace(' session_id="s-1"', ''), 'missing-field:session_id'],
      [SIPREC.replace('2026-05-01T09:30', 'noon'), 'invalid-date'],
    ] as const) {
      expect(rejectionsOf(await readAll(callRecording, text))).toEqual([{ line: 1, reason }]);
    }
  });
});

describe('files of calls', () => {
  it('are gone on with after any item, in any pieces', async () => {
    await expectGoesOnAnywhere(
      callRecording,
      [CONTACT, { x: 1 }, { recordings: [RECORDING, RECORDING, 7] }]
        .map((one) => JSON.stringify(one))
        .join('\n'),
    );
    await expectGoesOnAnywhere(callRecording, `${CALLBACK}\n\n${CALLBACK}\nCallSid=1\n`);
    const [item] = await readAll(callRecording, SIPREC, { chunk: 3 });
    expect(item === undefined ? [] : await readAll(callRecording, SIPREC, { from: item.end })).toEqual([]);
  });

  it('never break', async () => {
    for (const value of [CONTACT, RECORDING]) {
      for (const text of withWrongValues(value)) await readAll(callRecording, text);
    }
    await expectUnbreakable(callRecording, [
      JSON.stringify(CONTACT),
      JSON.stringify(RECORDING),
      CALLBACK,
      SIPREC,
    ]);
  });
});
