import { describe, expect, it } from '@jest/globals';
import { restingOn } from '../../cli/commands/decide.ts';
import { type Console, reportFailure, verdictLines } from '../../cli/console.ts';
import { FailedError, RefusedError } from '../../cli/failure.ts';
import type { Languages } from '../../shared/domain/words.ts';

describe('a verdict, for people', () => {
  it('names in its first line the rules of the reasons that it shows', () => {
    const [head, ...reasons] = verdictLines(
      { outcome: 'deny', reasons: ['role-may-not-ingest'], rules: ['T4'], route: [] },
      'both',
    );
    expect(head).toBe('不准 refused (T15)');
    expect(reasons[0]).toContain('T15');
  });

  it('names the verdict’s rules where its reasons aren’t known', () => {
    const verdict = { outcome: 'deny' as const, reasons: ['never-heard-of'], rules: ['T4'], route: [] };
    expect(verdictLines(verdict, 'both')).toEqual(['不准 refused (T4)', '  · T4 never-heard-of']);
  });

  it('names a chain’s rule beside one that is known', () => {
    const verdict = {
      outcome: 'deny' as const,
      reasons: ['role-may-not-ingest', 'never-heard-of'],
      rules: ['T15', 'R8'],
      route: [],
    };
    const [head, known, own] = verdictLines(verdict, 'en');
    expect(head).toBe('refused (T15, R8)');
    expect(known).toMatch(/^ {2}· T15 \w/);
    expect(own).toBe('  · R8 never-heard-of');
  });

  it('says a chain’s own reason in the words that came with it, and the others in its own', () => {
    const verdict = {
      outcome: 'deny' as const,
      reasons: ['hotel-wants-a-ticket-too', 'role-may-not-ingest'],
      rules: ['R6', 'T15'],
      route: [],
      words: {
        'hotel-wants-a-ticket-too': {
          rule: 'R6',
          zh: '本酒店另须写明工单',
          en: 'this hotel wants a ticket too',
        },
      },
    };
    const [head, own, known] = verdictLines(verdict, 'zh');
    expect(head).toBe('不准 (R6, T15)');
    expect(own).toBe('  · R6 本酒店另须写明工单');
    expect(known).toMatch(/^ {2}· T15 \p{Script=Han}/u);
    expect(verdictLines(verdict, 'en')[1]).toBe('  · R6 this hotel wants a ticket too');
    expect(verdictLines(verdict, 'both')[1]).toBe(
      '  · R6 本酒店另须写明工单 / this hotel wants a ticket too',
    );
  });

  it('says a reason as the rule set that spoke words it, where its own words are others', () => {
    const words = { 'role-may-not-ingest': { rule: 'T15', zh: '另一说法', en: 'said otherwise' } };
    const verdict = {
      outcome: 'deny' as const,
      reasons: ['role-may-not-ingest'],
      rules: ['T15'],
      route: [],
      words,
    };
    expect(verdictLines(verdict, 'en')).toEqual(['refused (T15)', '  · T15 said otherwise']);
  });

  it('is in the language that was asked for, each reason with its rule', () => {
    const verdict = {
      outcome: 'deny' as const,
      reasons: ['person-decided-already'],
      rules: ['A1'],
      route: [],
    };
    const [chinese, english] = [verdictLines(verdict, 'zh'), verdictLines(verdict, 'en')];
    expect(chinese[0]).toBe('不准 (A1)');
    expect(chinese[1]).toMatch(/^ {2}· A1 \p{Script=Han}/u);
    expect(chinese.join()).not.toMatch(/refused|\//);
    expect(english[0]).toBe('refused (A1)');
    expect(english[1]).toMatch(/^ {2}· A1 \w/);
    expect(english.join()).not.toMatch(/\p{Script=Han}/u);
  });
});

describe('what went wrong, for people', () => {
  function told(error: unknown, languages: Languages, json = false): { code: number; text: string } {
    const lines: string[] = [];
    const console: Console = {
      result: (document, text) => lines.push(json ? JSON.stringify(document) : text.join('\n')),
      progress: (text) => lines.push(text),
    };
    return { code: reportFailure(error, console, { json, languages }), text: lines.join('\n') };
  }

  it('is a decision on what was refused: that it was, by which rule and why, and nothing of a deadline', () => {
    const earlier = { outcome: 'deny' as const, reasons: ['no-purpose'], rules: ['R6'], route: [] };
    const verdict = { outcome: 'deny' as const, reasons: ['request-was-refused'], rules: ['A1'], route: [] };
    const { code, text } = told(restingOn(new RefusedError(verdict), earlier), 'zh');
    expect(code).toBe(1);
    expect(text).toMatch(/^不准 \(A1\)\n {2}· A1 该申请已不准.*\n该申请不准的理由 \(R6\):\n {2}· R6 /);
    expect(text).not.toMatch(/期限|A4/);
    expect(told(restingOn(new RefusedError(verdict), null), 'en').text).not.toContain('why the request');
  });

  it('is a lock rather than the earlier refusal where somebody is locked', () => {
    const lock = { outcome: 'deny' as const, reasons: ['session-locked'], rules: ['R9'], route: [] };
    const locked = new RefusedError(lock, {}, { lock });
    expect(restingOn(locked, { ...lock, rules: ['R6'] })).toBe(locked);
  });

  it('is a refusal that locked, with the lock: until when, and how it opens again', () => {
    const verdict = { outcome: 'deny' as const, reasons: ['role-may-not-ingest'], rules: ['T15'], route: [] };
    const session = { outcome: 'deny' as const, reasons: ['session-locked'], rules: ['R9'], route: [] };
    const until = '2026-06-15T12:05:00.000Z';
    const locked = RefusedError.thatLocked(verdict, { ...session, until });
    expect(told(locked, 'zh').text).toMatch(
      /^不准 \(T15\)\n.*\n并已锁定\n {2}· R9 .*重新登录\n {4}锁定至 2026-06-15 12:05Z$/,
    );
    expect(told(locked, 'en').text).toMatch(
      /\nand locked now\n {2}· R9 .*\n {4}locked until 2026-06-15 12:05Z$/,
    );
    const account = RefusedError.thatLocked(verdict, {
      ...session,
      reasons: ['account-locked'],
      until: null,
    });
    expect(told(account, 'zh').text).toMatch(/\n并已锁定\n {2}· R9 .*信息安全总监或其代理人解锁$/);
    expect(told(account, 'en').text).toMatch(/information security director, or a deputy, unlocks it$/);
    expect(told(account, 'en', true).text).toContain('"lock":{"outcome":"deny"');
  });

  it('is a lock that stands, until when', () => {
    const lock = { outcome: 'deny' as const, reasons: ['session-locked'], rules: ['R9'], route: [] };
    const locked = new RefusedError(lock, { verdict: lock }, { until: '2026-06-15T12:05:00.000Z' });
    expect(told(locked, 'zh').text).toMatch(/^不准 \(R9\)\n.*\n {4}锁定至 2026-06-15 12:05Z$/);
    expect(told(locked, 'en').text).toMatch(/^refused \(R9\)\n.*\n {4}locked until 2026-06-15 12:05Z$/);
  });

  it('is what failed, in the language that was asked for', () => {
    const error = new FailedError({ zh: '无法连接', en: 'can’t be reached' });
    expect(told(error, 'zh')).toEqual({ code: 3, text: '未完成: 无法连接' });
    expect(told(error, 'en')).toEqual({ code: 3, text: 'failed: can’t be reached' });
    expect(told(error, 'en', true).text).toContain('"what":"can’t be reached"');
  });
});
