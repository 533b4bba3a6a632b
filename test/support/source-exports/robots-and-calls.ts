import {
  bad,
  byGuest,
  fragment,
  lines,
  mediumOf,
  ofUnknownType,
  recordOf,
  type Writer,
} from './source-export.ts';

const system = { role: 'system' as const, id: null, name: null };
const HOTEL_NUMBER = '+862155550100';

/** Raw transcripts of Amazon Connect, one file for each contact; the end of a chat has no role. */
export const connectTranscripts: Writer = {
  source: 'ai-connect',
  format: 'transcripts',
  extension: 'json',
  subject: ({ phone }) => ({ kind: 'phone', value: phone }),
  write(entry) {
    const { id, guest, at } = entry;
    const byStaff = (entry.kind === 'said' || entry.kind === 'medium') && entry.by === 'staff';
    const participant = byStaff ? 'p-agent' : `p-${guest.tag}`;
    const name = byStaff ? 'Lily' : guest.name;
    const item = {
      ...{ Id: `i-${id}`, AbsoluteTime: at.toISOString(), Type: 'MESSAGE', ContentType: 'text/plain' },
      ...{ ParticipantId: participant, ParticipantRole: byStaff ? 'AGENT' : 'CUSTOMER', DisplayName: name },
    };
    const from = { role: byStaff ? ('staff' as const) : ('guest' as const), id: participant, name };
    const category = 'ai-service' as const;
    switch (entry.kind) {
      case 'said':
        return fragment({ ...item, Content: entry.text }, recordOf(entry, { from, category }));
      case 'medium':
        return fragment(
          {
            ...item,
            Type: 'ATTACHMENT',
            Attachments: [
              {
                // Its file came under the platform's id.
                AttachmentId: entry.name.replace('.jpg', ''),
                AttachmentName: entry.name,
                ContentType: 'image/jpeg',
                Status: 'APPROVED',
              },
            ],
          },
          recordOf(entry, { from, category, text: `[附件 attachment] ${entry.name}` }),
        );
      case 'edit':
        return fragment(
          {
            ...{ Id: `i-${id}`, AbsoluteTime: at.toISOString(), Type: 'EVENT' },
            ContentType: 'application/vnd.amazonaws.connect.event.chat.ended',
          },
          recordOf(entry, {
            from: system,
            category,
            text: '[会话结束 chat ended]',
            edits: null,
            edited: false,
          }),
        );
      case 'unknown':
        return ofUnknownType(
          // A name with anything but letters, digits and hyphens in it is not repeated in counts.
          'other',
          { ...item, Type: 'HOLOGRAM', Content: entry.text },
          recordOf(entry, {
            from,
            category,
            text: [
              '[HOLOGRAM 未知类型 unknown type]',
              `Id: i-${id}`,
              `AbsoluteTime: ${at.toISOString()}`,
              'Type: HOLOGRAM',
              'ContentType: text/plain',
              `ParticipantId: ${participant}`,
              'ParticipantRole: CUSTOMER',
              `DisplayName: ${name}`,
              `Content: ${entry.text}`,
            ].join('\n'),
          }),
        );
      case 'bad':
        return bad({ ...item, AbsoluteTime: undefined, Content: 'x' }, 'missing-field:AbsoluteTime');
      default:
        return null;
    }
  },
  file: (written) =>
    lines(
      byGuest(written).map(([{ tag, phone }, theirs]) => {
        const file = {
          ...{ AWSAccountId: '1', InstanceId: 'n', InitialContactId: `c-${tag}`, ContactId: `c-${tag}` },
          CustomerEndpoint: { Type: 'TELEPHONE_NUMBER', Address: phone },
          Participants: [],
        };
        return `${JSON.stringify(file).slice(0, -1)},"Transcript":[${theirs.map(({ piece }) => piece).join(',')}]}`;
      }),
    ),
};

/** Conversation logs of Lex V2, sessions named by the caller's number. */
export const lexLogs: Writer = {
  source: 'ai-lex',
  format: 'V2 logs',
  extension: 'jsonl',
  subject: ({ phone }) => ({ kind: 'phone', value: phone }),
  write(entry) {
    const { id, guest, at } = entry;
    const log = {
      ...{ messageVersion: '2.0', timestamp: at.toISOString(), requestId: `r-${id}`, sessionId: guest.phone },
      ...{
        operationName: 'RecognizeText',
        inputMode: 'Text',
        bot: { name: 'HotelBot', id: 'BOT1', version: '1' },
      },
    };
    const category = 'ai-service' as const;
    const from = { role: 'guest' as const, id: guest.phone, name: null };
    const robot = { role: 'robot' as const, id: 'BOT1', name: 'HotelBot' };
    switch (entry.kind) {
      case 'said':
        return entry.by === 'guest'
          ? fragment({ ...log, inputTranscript: entry.text }, recordOf(entry, { from, category }))
          : // The bot speaks first: a request without words, and an answer.
            fragment(
              {
                ...log,
                operationName: 'PutSession',
                messages: [{ content: entry.text, contentType: 'PlainText' }],
              },
              recordOf(entry, { from, category, text: '[PutSession]' }),
              recordOf(entry, { from: robot, category }),
            );
      case 'medium':
        return fragment(
          {
            ...log,
            inputMode: 'Speech',
            inputTranscript: `说的话 spoken ${id}`,
            audioPathInS3: `logs/audio/${entry.name}`,
          },
          recordOf(entry, { from, category, text: `说的话 spoken ${id}\n[语音识别 speech]` }),
        );
      case 'unknown':
        return {
          ...fragment(
            {
              ...log,
              inputTranscript: `看 show ${id}`,
              messages: [{ content: entry.text, contentType: 'Hologram' }],
            },
            recordOf(entry, { from, category, text: `看 show ${id}` }),
            recordOf(entry, { from: robot, category, text: entry.text }),
          ),
          unknown: 'Hologram',
        };
      case 'bad':
        return bad({ ...log, requestId: undefined, inputTranscript: 'x' }, 'missing-field:requestId');
      default:
        return null;
    }
  },
  file: (written) => lines(written.map(({ piece }) => piece)),
};

const agentName = 'lily';

/** Contact records of Amazon Connect: the words are in the recordings. */
export const connectContacts: Writer = {
  source: 'call-recording',
  format: 'contact records',
  extension: 'jsonl',
  subject: ({ phone }) => ({ kind: 'phone', value: phone }),
  write(entry) {
    const { id, guest, at } = entry;
    const outbound = (entry.kind === 'said' || entry.kind === 'medium') && entry.by === 'staff';
    const contact = {
      ContactId: `c-${id}`,
      Channel: 'VOICE',
      InitiationMethod: outbound ? 'OUTBOUND' : 'INBOUND',
      InitiationTimestamp: at.toISOString(),
      DisconnectTimestamp: new Date(at.getTime() + 30_000).toISOString(),
      CustomerEndpoint: { Type: 'TELEPHONE_NUMBER', Address: guest.phone },
      SystemEndpoint: { Type: 'TELEPHONE_NUMBER', Address: HOTEL_NUMBER },
      Agent: { Username: agentName },
    };
    const sides = outbound ? `${HOTEL_NUMBER} → ${guest.phone}` : `${guest.phone} → ${HOTEL_NUMBER}`;
    const text = [
      `[通话 call] ${sides} · 时长 duration 30 s`,
      '[渠道 channel] VOICE',
      `[方式 initiation] ${contact.InitiationMethod}`,
      `[接听 agent] ${agentName}`,
    ];
    const from = outbound
      ? { role: 'staff' as const, id: agentName, name: null }
      : { role: 'guest' as const, id: guest.phone, name: null };
    const category = 'call-recording' as const;
    switch (entry.kind) {
      case 'said':
        return fragment(contact, recordOf(entry, { from, category, text: text.join('\n') }));
      case 'medium': {
        const recording = {
          ...{ Location: `bucket/2026/05/${entry.name}`, MediaStreamType: 'AUDIO', ParticipantType: 'ALL' },
          ...{ StartTimestamp: at.toISOString(), Status: 'AVAILABLE', StorageType: 'AMAZON_S3' },
        };
        return fragment(
          { ...contact, Recordings: [recording] },
          recordOf(entry, {
            from,
            category,
            text: [...text, `[录音 recording] ${entry.name} · AUDIO · ALL · AVAILABLE`].join('\n'),
          }),
        );
      }
      case 'bad':
        return bad({ ...contact, ContactId: undefined }, 'missing-field:ContactId');
      default:
        return null;
    }
  },
  file: (written) => lines(written.map(({ piece }) => piece)),
};

/** Twilio's recordings, with the numbers that exporters add. */
export const twilioRecordings: Writer = {
  source: 'call-recording',
  format: 'Twilio recordings',
  extension: 'jsonl',
  subject: ({ phone }) => ({ kind: 'phone', value: phone }),
  write(entry) {
    const { id, guest, at } = entry;
    if (entry.kind !== 'medium' && entry.kind !== 'bad') return null;
    const sid = entry.kind === 'medium' ? entry.name.replace(/\.jpg$/, '') : id;
    const recording = {
      ...{
        sid,
        call_sid: `CA${id}`,
        status: 'completed',
        channels: 1,
        duration: '15',
        source: 'StartCallRecordingAPI',
      },
      ...{
        start_time: at.toUTCString().replace('GMT', '+0000'),
        from: guest.phone,
        to: HOTEL_NUMBER,
        direction: 'inbound',
      },
    };
    if (entry.kind === 'bad') return bad({ ...recording, call_sid: undefined }, 'missing-field:call_sid');
    return fragment(
      recording,
      recordOf(entry, {
        from: { role: 'guest', id: guest.phone, name: null },
        category: 'call-recording',
        text: [
          `[通话 call] ${guest.phone} → ${HOTEL_NUMBER} · 时长 duration 15 s`,
          `[录音 recording] ${sid} · completed`,
          '[声道 channels] 1',
        ].join('\n'),
        attachments: [mediumOf(entry, sid)],
      }),
    );
  },
  file: (written) => lines(written.map(({ piece }) => piece)),
};

/** SIPREC metadata: one call a file. */
export const siprecCall: Writer = {
  source: 'call-recording',
  format: 'SIPREC',
  extension: 'xml',
  oneGuest: true,
  subject: ({ phone }) => ({ kind: 'phone', value: phone }),
  profile: () => ({ ownNames: [HOTEL_NUMBER] }),
  write(entry) {
    if (entry.kind !== 'medium' || !entry.brought) return null;
    const { guest, at } = entry;
    const stream = entry.name.replace(/\.jpg$/, '');
    const end = new Date(at.getTime() + 60_000);
    return fragment(
      `<?xml version="1.0" encoding="UTF-8"?>
<recording xmlns="urn:ietf:params:xml:ns:recording:1">
  <datamode>complete</datamode>
  <session session_id="s-${guest.tag}"><start-time>${at.toISOString()}</start-time><stop-time>${end.toISOString()}</stop-time></session>
  <participant participant_id="p-1"><nameID aor="sip:${guest.phone}@carrier.example"><name>${guest.name}</name></nameID></participant>
  <participant participant_id="p-2"><nameID aor="sip:${HOTEL_NUMBER}@hotel.example"><name>Front Desk</name></nameID></participant>
  <stream stream_id="${stream}" session_id="s-${guest.tag}"><label>96</label></stream>
  <participantstreamassoc participant_id="p-1"><send>${stream}</send></participantstreamassoc>
</recording>`,
      recordOf(entry, {
        from: { role: 'guest', id: guest.phone, name: guest.name },
        category: 'call-recording',
        text: [
          `[通话 call] ${guest.name} ${guest.phone} → Front Desk ${HOTEL_NUMBER} · 时长 duration 60 s`,
          `[录音流 stream] 96 · ${guest.name}`,
        ].join('\n'),
        attachments: [mediumOf(entry, stream)],
      }),
    );
  },
  file: (written) => lines(written.map(({ piece }) => piece)),
};
