import { describe, expect, it } from '@jest/globals';
import { importProfileSchema, profileDigest } from '../../../shared/sources/import-profile.ts';

describe('a mapping', () => {
  it.each([
    { category: { 'complaint-plan': 'enquiry' } },
    { category: { 投诉处理方案: 'enquiry' } },
    { category: { 其他: 'complaint-plan' } },
    { category: { enquiry: ' Dispute ' } },
    { from_role: { guest: 'staff' } },
    { from_role: { '客人 ': 'robot' } },
  ])('does not decide who may see a record: %j', (values) => {
    const parsed = importProfileSchema.safeParse({ values });
    expect(parsed.error?.issues[0]?.path).toEqual(['values', Object.keys(values)[0]]);
  });

  it.each([
    { category: { 其他: 'enquiry' } },
    { from_role: { 贵宾: 'guest', C: 'guest', H: 'staff' } },
    { chat_type: { '1': 'private' } },
  ])('says what values mean: %j', (values) => {
    expect(importProfileSchema.safeParse({ values }).success).toBe(true);
  });

  it('is named by a digest that tells mappings apart, and nothing of whose conversation it is', () => {
    const own = (value: string) => profileDigest({ guest: { kind: 'phone', value } });
    expect(own('13800138000')).toBe(own('13900139000'));
    expect(own('1')).not.toBe(profileDigest({}));
    expect(profileDigest({ values: { a: { b: 'c' } } })).not.toBe(profileDigest({}));
  });
});
