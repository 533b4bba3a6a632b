import { describe, expect, it } from '@jest/globals';
import { aiLex } from '../../../../shared/sources/ai/ai-lex.ts';
import { expectGoesOnAnywhere } from '../support/goes-on-anywhere.ts';
import { expectUnbreakable, withWrongValues } from '../support/holds-under-damage.ts';
import { readAll, recordsOf, rejectionsOf } from '../support/read-all.ts';

const V2 = {
  messageVersion: '2.0',
  requestId: 'r-1',
  timestamp: '2026-05-01T01:30:00Z',
  sessionId: 's-1',
  inputMode: 'Text',
  operationName: 'RecognizeText',
  missedUtterance: 'false',
  bot: { id: 'B1', name: 'HotelBot', aliasId: 'A1', localeId: 'zh_CN', version: '1' },
  inputTranscript: '订一间房',
  messages: [
    { content: '请问哪天入住?', contentType: 'PlainText' },
    { content: '<speak>Which <b>day</b>?</speak>', contentType: 'SSML' },
  ],
  interpretations: [
    {
      nluConfidence: '1.00',
      intent: { name: 'Book', slots: { passport: { value: { originalValue: 'E12345678' } } } },
    },
  ],
  sessionState: { intent: { name: 'Book' } },
};
const V1 = {
  messageVersion: '1.0',
  requestId: 'r-9',
  timestamp: '2026-05-01T01:30:00.000Z',
  userId: '+8613800138000',
  botName: 'OldBot',
  inputTranscript: 'hi',
  botResponse: 'hello',
  intent: 'Greet',
};

const read = async (value: unknown) => recordsOf(await readAll(aiLex, JSON.stringify(value)));

describe('a Lex log', () => {
  it('gives the guest’s turn and each answer, with ids of their own', async () => {
    const text = JSON.stringify(V2);
    const records = recordsOf(await readAll(aiLex, text));
    expect(
      records.map(({ sourceMessageId, from, text: words, sourceType }) => [
        sourceMessageId,
        from.role,
        from.name,
        words,
        sourceType,
      ]),
    ).toEqual([
      ['r-1#0', 'guest', null, '订一间房', 'Text'],
      ['r-1#1', 'robot', 'HotelBot', '请问哪天入住?', 'PlainText'],
      ['r-1#2', 'robot', 'HotelBot', 'Which day?', 'SSML'],
    ]);
    expect(records.map(({ original }) => Buffer.from(original).toString())).toEqual([
      text,
      ...V2.messages.map((message) => JSON.stringify(message)),
    ]);
    expect(records[0]).toMatchObject({
      at: new Date('2026-05-01T01:30:00Z'),
      category: 'ai-service',
      placements: [{ conversation: '["session","s-1"]', identifiers: [{ kind: 'ticket', value: 's-1' }] }],
    });
  });

  it('keeps slots in the original alone', async () => {
    const [turn] = await read(V2);
    expect(turn?.text).not.toContain('E12345678');
    expect(Buffer.from(turn?.original ?? []).toString()).toContain('E12345678');
  });

  it('may have no answer, or an unknown kind of one', async () => {
    const { messages: _, ...silent } = V2;
    expect(await read(silent)).toHaveLength(1);
    expect(await read({ ...V2, messages: [] })).toHaveLength(1);
    const [, unknown] = await read({ ...V2, messages: [{ contentType: 'Hologram', shape: 'cube' }] });
    expect(unknown).toMatchObject({ typeKnown: false, sourceType: 'Hologram' });
    expect(unknown?.text).toContain('shape: cube');
  });

  it('reads version 1, and a session named by a telephone', async () => {
    const records = await read(V1);
    expect(
      records.map(({ sourceMessageId, from, text }) => [sourceMessageId, from.role, from.name, text]),
    ).toEqual([
      ['r-9#0', 'guest', null, 'hi'],
      ['r-9#1', 'robot', 'OldBot', 'hello'],
    ]);
    expect(records[0]?.placements[0].identifiers).toEqual([{ kind: 'phone', value: '+8613800138000' }]);
    expect(Buffer.from(records[1]?.original ?? []).toString()).toBe('"hello"');
  });

  it('reads speech with its recording, and a request without words', async () => {
    const [speech] = await read({ ...V2, inputMode: 'Speech', audioPathInS3: 's3://b/aws/lex/r-1.pcm' });
    expect(speech).toMatchObject({
      text: '订一间房\n[语音识别 speech]',
      attachments: [{ name: 'r-1.pcm', refs: ['s3://b/aws/lex/r-1.pcm', 'r-1.pcm'] }],
    });
    const { inputTranscript: _, ...wordless } = V2;
    const [request] = await read(wordless);
    expect(request?.text).toBe('[RecognizeText]');
  });

  it('is read out of CloudWatch’s wrappers', async () => {
    const ids = ['r-1#0', 'r-1#1', 'r-1#2'];
    for (const value of [
      { events: [{ timestamp: 1, message: JSON.stringify(V2) }] },
      { logEvents: [{ id: '1', message: V2 }] },
      { '@timestamp': 'x', '@message': V2 },
    ]) {
      const records = await read(value);
      expect(records.map(({ sourceMessageId }) => sourceMessageId)).toEqual(ids);
      expect(records.map(({ content }) => content)).toEqual((await read(V2)).map(({ content }) => content));
    }
    expect(rejectionsOf(await readAll(aiLex, '{"events":[{"message":"START RequestId"}]}'))).toEqual([
      { line: 1, reason: 'invalid-field:message' },
    ]);
  });

  it('names what is missing', async () => {
    const lines = ['messageVersion', 'requestId', 'sessionId', 'timestamp'].map((name) =>
      JSON.stringify(Object.fromEntries(Object.entries(V2).filter(([key]) => key !== name))),
    );
    expect(rejectionsOf(await readAll(aiLex, lines.join('\n'))).map(({ reason }) => reason)).toEqual([
      'missing-field:messageVersion',
      'missing-field:requestId',
      'missing-field:sessionId',
      'missing-field:timestamp',
    ]);
  });

  it('goes on after any item, in any pieces, and never breaks', async () => {
    await expectGoesOnAnywhere(
      aiLex,
      [V2, V1, { x: 1 }, { events: [] }].map((one) => JSON.stringify(one)).join('\n'),
    );
    for (const value of [V2, V1, { events: [{ message: V2 }] }]) {
      for (const text of withWrongValues(value)) await readAll(aiLex, text);
    }
    await expectUnbreakable(aiLex, [JSON.stringify(V2), JSON.stringify(V1)]);
  });
});
