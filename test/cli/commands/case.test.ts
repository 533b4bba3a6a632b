import { describe, expect, it } from '@jest/globals';
import { caseChangeLines, shownCaseChanges } from '../../../cli/commands/case.ts';
import { speaking } from '../../../cli/language.ts';

const ON_FILE = {
  kind: 'instrument',
  reference: 'LI-13',
  hotels: ['SHA01'],
  recordedAt: '2026-06-01T00:00:00.000Z',
  recordedBy: 'p_lawyer',
  broughtBy: ['p_lawyer'],
  formerly: { guests: 0, hotels: [] },
  type: 'court-order',
  authority: '上海市浦东新区人民法院',
  foreign: false,
  validFrom: '2026-06-01T00:00:00.000Z',
  validUntil: '2026-07-01T00:00:00.000Z',
  platforms: null,
  officers: ['p_judge'],
  secret: true,
};
const PROPOSED = {
  ...ON_FILE,
  hotels: ['SHA01', 'SHA02'],
  validUntil: '2026-09-01T00:00:00.000Z',
  officers: ['p_judge', 'p_clerk'],
  onFile: true,
  before: ON_FILE,
};
const TICKET = { kind: 'ticket', reference: 'T-1', hotels: ['SHA01'], recordedAt: 'then', recordedBy: 'p_1' };

function told(one: object, languages: 'zh' | 'en'): string[] {
  const change = {
    changeId: 'chg_1',
    state: 'proposed',
    gives: ['instrument-new'],
    proposed: { by: 'p_lawyer', at: '2026-06-02T08:00:00.000Z' },
    cases: [one],
  };
  return caseChangeLines(shownCaseChanges.parse({ changes: [change] }), speaking(languages));
}

describe('cases that wait for a second person', () => {
  it('are shown in full, with what each was before where it changes', () => {
    const zh = told(PROPOSED, 'zh');
    expect(zh[0]).toMatch(/^变更 chg_1: .* · 提出 2026-06-02 08:00Z p_lawyer$/);
    expect(zh[1]).toBe('  法律文书 LI-13');
    for (const line of [
      '    法律文书种类: 法院文书',
      '    机关: 上海市浦东新区人民法院',
      '    酒店: SHA01, SHA02 (原为: SHA01)',
      '    生效: 2026-06-01T00:00:00.000Z',
      '    有效至: 2026-09-01T00:00:00.000Z (原为: 2026-07-01T00:00:00.000Z)',
      '    平台: –',
      '    经办人员: p_judge, p_clerk (原为: p_judge)',
      '    不得告知客人: 是',
    ]) {
      expect(zh).toContain(line);
    }
    const en = told(PROPOSED, 'en');
    expect(en).toContain('    type: court order');
    expect(en).toContain('    valid until: 2026-09-01T00:00:00.000Z (before: 2026-07-01T00:00:00.000Z)');
    expect(en).toContain('    secret: yes');
    expect(en.join('\n')).not.toMatch(/onFile|newGuests|broughtBy|[{}]/);
  });

  it('say that they are new on file, and change nothing then', () => {
    expect(told({ ...PROPOSED, onFile: false, before: null }, 'zh')[1]).toBe('  法律文书 LI-13 (新登记)');
    const en = told({ ...PROPOSED, onFile: false, before: null }, 'en');
    expect(en[1]).toBe('  legal instrument LI-13 (new on file)');
    expect(en.join('\n')).not.toContain('(before');
  });

  it('say where what is on file is not for this person’s eyes', () => {
    expect(told({ ...PROPOSED, before: null }, 'zh')).toContain('    原有内容您无权查看');
    expect(told({ ...PROPOSED, before: null }, 'en')).toContain(
      '    what is on file now may not be shown to you',
    );
  });

  it('tell as many other guests from the same ones, and a handover in words', () => {
    const before = { ...TICKET, guests: 1, handedOver: null };
    const handedOver = { to: 'p_2', at: '2026-06-02T08:00:00.000Z' };
    const one = { ...TICKET, guests: 1, handedOver, onFile: true, before, newGuests: 1 };
    expect(told(one, 'zh')).toContain('    客人: 1 (原为: 1; 其中新增: 1)');
    expect(told(one, 'en')).toContain('    guests: 1 (before: 1; new among them: 1)');
    expect(told(one, 'zh')).toContain('    移交: 交给 p_2 · 时间 2026-06-02T08:00:00.000Z (原为: –)');
    expect(told(one, 'en')).toContain('    handed over: to p_2 · at 2026-06-02T08:00:00.000Z (before: –)');
  });

  it('none', () => {
    expect(caseChangeLines({ changes: [] }, speaking('zh'))).toEqual(['没有待确认的变更']);
    expect(caseChangeLines({ changes: [] }, speaking('en'))).toEqual(['nothing waits']);
  });
});
