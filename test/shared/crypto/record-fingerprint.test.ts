import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import {
  conversationIdOf,
  messageFingerprintOf,
  recordIdOf,
} from '../../../shared/crypto/record-fingerprint.ts';
import { conflictsAmong, messageOf } from '../../../shared/domain/message-of.ts';

const key = randomBytes(32);
const version = { at: new Date('2026-05-01T08:00:00Z'), content: '{"text":"hello"}' };
const byId = { source: 'wecom', hotel: 'SHA01', messageId: 'm1' } as const;
const byContent = { source: 'internal', hotel: 'SHA01', conversation: 'desk', ...version } as const;

describe('a record id', () => {
  it('is the same for the same message, whatever file it came in', () => {
    expect(recordIdOf(key, { ...byId }, { ...version })).toBe(recordIdOf(key, byId, version));
    expect(recordIdOf(key, { ...byContent, at: new Date(byContent.at) }, version)).toBe(
      recordIdOf(key, byContent, version),
    );
    expect(recordIdOf(key, byId, version)).toMatch(/^[0-9a-f]{32}$/);
  });

  it('differs by source, hotel, message, conversation, time, content and key', () => {
    const otherTime = { ...version, at: new Date('2026-05-01T08:00:00.001Z') };
    const otherContent = { ...version, content: '{"text":"hallo"}' };
    const ids = [
      recordIdOf(key, byId, version),
      recordIdOf(key, byId, otherTime),
      recordIdOf(key, byId, otherContent),
      recordIdOf(key, { ...byId, source: 'line' }, version),
      recordIdOf(key, { ...byId, hotel: 'HGH02' }, version),
      recordIdOf(key, { ...byId, messageId: 'm2' }, version),
      recordIdOf(randomBytes(32), byId, version),
      recordIdOf(key, byContent, version),
      recordIdOf(key, { ...byContent, conversation: 'bar' }, version),
      recordIdOf(key, { ...byContent, ...otherTime }, otherTime),
      recordIdOf(key, { ...byContent, ...otherContent }, otherContent),
    ];
    expect(new Set(ids).size).toBe(ids.length);
    expect(new Set(ids.map((id) => id.slice(16))).size).toBe(ids.length);
  });

  it('begins with its message, whatever that says and when, so that versions of it are found', () => {
    const message = messageFingerprintOf(key, byId);
    expect(message).toMatch(/^[0-9a-f]{16}$/);
    const other = { at: new Date(0), content: 'something else' };
    const versions = [recordIdOf(key, byId, version), recordIdOf(key, byId, other)];
    expect(versions.map(messageOf)).toEqual([message, message]);
    expect(conflictsAmong([...versions, recordIdOf(key, byContent, version)])).toEqual([versions.sort()]);
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
