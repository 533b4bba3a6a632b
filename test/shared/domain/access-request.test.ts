import { describe, expect, it } from '@jest/globals';
import { requestFileSchema } from '../../../shared/domain/access-request.ts';
import { LIMITS } from '../../../shared/domain/limits.ts';

const FILE = {
  purpose: 'dispute',
  basis: 'legal-claim',
  matter: 'M-2026-014',
  ticket: null,
  subject: { kind: 'phone', value: '+86 138 0013 8000' },
  platforms: ['wecom'],
  hotels: ['SHA01'],
  categories: ['enquiry', 'complaint'],
  from: '2026-05-01T00:00:00+08:00',
  to: '2026-05-31T23:59:59+08:00',
  masking: 'masked',
  instrument: null,
  emergency: null,
  paperForm: null,
  remarks: '',
};

function faults(changes: Record<string, unknown>): string[] {
  const result = requestFileSchema.safeParse({ ...FILE, ...changes });
  return result.success ? [] : result.error.issues.map(({ path }) => path.join('.'));
}

describe('a request file', () => {
  it('is taken as the contract shows it', () => {
    expect(requestFileSchema.parse(FILE)).toEqual(FILE);
  });

  it('may leave out what has a default', () => {
    const { masking, ticket, instrument, emergency, paperForm, remarks, ...least } = FILE;
    expect(requestFileSchema.parse(least)).toEqual({
      ...least,
      masking,
      ticket,
      instrument,
      emergency,
      paperForm,
      remarks,
    });
  });

  it('may leave empty what the rulebook asks for: that is a refusal, not a fault of form', () => {
    for (const field of ['purpose', 'basis', 'matter', 'ticket', 'subject', 'from', 'to']) {
      expect(faults({ [field]: null })).toEqual([]);
    }
    expect(faults({ platforms: [], categories: [] })).toEqual([]);
  });

  const BAD: [string, Record<string, unknown>, string][] = [
    ['a date without a zone', { from: '2026-05-01T00:00:00' }, 'from'],
    ['a date without a time', { to: '2026-05-31' }, 'to'],
    ['a day that is none', { to: '2026-02-30T00:00:00Z' }, 'to'],
    ['a purpose that is none', { purpose: 'curiosity' }, 'purpose'],
    ['a basis that is none', { basis: 'because' }, 'basis'],
    ['a platform that is none', { platforms: ['telegraph'] }, 'platforms.0'],
    ['a category that is none', { categories: ['gossip'] }, 'categories.0'],
    ['a masking level that would unmask', { masking: 'unmasked' }, 'masking'],
    ['no hotel', { hotels: [] }, 'hotels'],
    ['a hotel code of another form', { hotels: ['sha01'] }, 'hotels.0'],
    [
      'too many hotels',
      { hotels: Array.from({ length: LIMITS.hotelsPerRequest + 1 }, (_, nth) => `SHA${nth + 100}`) },
      'hotels',
    ],
    ['a subject of no kind', { subject: { kind: 'rumour', value: 'x' } }, 'subject.kind'],
    ['an empty subject', { subject: { kind: 'phone', value: '  ' } }, 'subject.value'],
    ['an empty matter', { matter: ' ' }, 'matter'],
    ['remarks beyond the limit', { remarks: 'x'.repeat(LIMITS.freeTextCharacters + 1) }, 'remarks'],
    ['a window of no hours', { windowHours: 0 }, 'windowHours'],
    ['a window beyond the limit', { windowHours: LIMITS.windowHours + 1 }, 'windowHours'],
    ['openings beyond the limit', { opens: LIMITS.opens + 1 }, 'opens'],
    ['half an opening', { opens: 1.5 }, 'opens'],
    ['a recipient that is no person id', { recipient: 'lawyer@example.com' }, 'recipient'],
  ];
  for (const [name, changes, where] of BAD) {
    it(`is refused for ${name}, by its place`, () => {
      expect(faults(changes)).toContain(where);
    });
  }

  it('is refused for a field that it has not, such as a role', () => {
    const result = requestFileSchema.safeParse({ ...FILE, role: 'legal' });
    expect(result.success).toBe(false);
  });
});
