import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { conversationIdOf, recordIdOf } from '../../../shared/crypto/record-fingerprint.ts';

const key = randomBytes(32);
const byId = { source: 'wecom', hotel: 'SHA01', messageId: 'm1' } as const;
const byContent = {
  source: 'internal',
  hotel: 'SHA01',
  conversation: 'desk',
  at: new Date('2026-05-01T08:00:00Z'),
  content: Buffer.from('hello'),
} as const;

describe('a record id', () => {
  it('is the same for the same message, whatever file it came in', () => {
    expect(recordIdOf(key, { ...byId })).toBe(recordIdOf(key, byId));
    expect(recordIdOf(key, { ...byContent, at: new Date(byContent.at) })).toBe(recordIdOf(key, byContent));
    expect(recordIdOf(key, byId)).toMatch(/^[0-9a-f]{32}$/);
  });

  it('differs by source, hotel, message, conversation, time, content and key', () => {
    const ids = [
      recordIdOf(key, byId),
      recordIdOf(key, { ...byId, source: 'line' }),
      recordIdOf(key, { ...byId, hotel: 'HGH02' }),
      recordIdOf(key, { ...byId, messageId: 'm2' }),
      recordIdOf(randomBytes(32), byId),
      recordIdOf(key, byContent),
      recordIdOf(key, { ...byContent, conversation: 'bar' }),
      recordIdOf(key, { ...byContent, at: new Date('2026-05-01T08:00:00.001Z') }),
      recordIdOf(key, { ...byContent, content: Buffer.from('hallo') }),
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('a conversation id', () => {
  it('shows nothing of what the platform calls the conversation', () => {
    const id = conversationIdOf(key, { source: 'wecom', hotel: 'SHA01', conversation: '+8613800138000' });
    expect(id).toMatch(/^cnv_[0-9a-f]{32}$/);
    expect(id).toBe(
      conversationIdOf(key, { source: 'wecom', hotel: 'SHA01', conversation: '+8613800138000' }),
    );
  });
});
