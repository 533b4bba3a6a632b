import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { faultOfIssue } from '../../../shared/directory/fault-of-issue.ts';

const schema = z.strictObject({ hotel: z.string(), nested: z.strictObject({ from: z.string() }) });
const fault = (value: unknown) => {
  const [issue] = schema.safeParse(value).error?.issues ?? [];
  if (issue === undefined) throw new Error('it has a fault');
  return faultOfIssue(issue);
};
const fine = { hotel: 'SHA01', nested: { from: 'x' } };

describe('a fault of a file of people', () => {
  it('names the field that has it', () => {
    expect(fault({ ...fine, hotel: 7 })).toEqual({ code: 'bad-value', field: 'hotel', path: ['hotel'] });
    expect(fault({ ...fine, nested: { from: 7 } })).toMatchObject({ field: 'nested.from' });
  });

  it('names a field that there isn’t where it is written as fields are', () => {
    expect(fault({ ...fine, hotelCode: 'SHA01' })).toEqual({
      code: 'unknown-field',
      field: 'hotelCode',
      path: ['hotelCode'],
    });
    expect(fault({ ...fine, nested: { from: 'x', until: 'y' } })).toMatchObject({ field: 'nested.until' });
  });

  it.each(['陈先生13800138000', '13800138000', 'Mr Chen', 'chen@example.com', ''])(
    'keeps nothing that stands in a field’s place and isn’t written as one: %s',
    (key) => {
      expect(fault({ ...fine, [key]: 'x' }).field).toBe('?');
    },
  );
});
