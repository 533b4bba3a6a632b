import { describe, expect, it } from '@jest/globals';
import { LIMITS } from '../../../shared/domain/limits.ts';
import { crmSalesforce } from '../../../shared/sources/crm/crm-salesforce.ts';
import { crmZendesk } from '../../../shared/sources/crm/crm-zendesk.ts';
import { hasMarkup } from '../../../shared/sources/text/html-lines.ts';
import { readableFields } from '../../../shared/sources/text/readable-fields.ts';
import { readAll } from './support/read-all.ts';

const AT = '2026-05-01T00:00:00Z';

// What takes time in proportion to the square of these lengths would not end within a test's time.
describe('a text that is made to keep a reader busy', () => {
  it('is read in one pass: the link of a recording', async () => {
    const data = { recording_url: `${'a'.repeat(4_000_000)}?\nx` };
    const comment = { id: 1, type: 'VoiceComment', author_id: 5, created_at: AT, data };
    const text = JSON.stringify({ id: 1, requester_id: 5, comments: [comment] });
    const found = (await readAll(crmZendesk, text)).map((item) =>
      item.kind === 'record' ? item.attachments.map(({ name }) => name?.length) : item.kind,
    );
    expect(found).toEqual([[4_000_000]]);
  });

  it('is read in one pass: tags that never end', async () => {
    expect(hasMarkup('<a'.repeat(4_000_000))).toBe(false);
    const abstractMessage = { staticContent: { formatType: 'RichText', text: '<a'.repeat(400_000) } };
    const entry = {
      ...{ identifier: 'i', conversation_identifier: 'c', entry_type: 'MESSAGE', transcripted_timestamp: AT },
      ...{ sender: { role: 'EndUser', subject: 's' }, entry_payload: JSON.stringify({ abstractMessage }) },
    };
    expect((await readAll(crmSalesforce, JSON.stringify(entry))).length).toBeGreaterThan(0);
  });

  it('comes to no more than a record may have, however often a name is repeated', () => {
    const value = { ['n'.repeat(LIMITS.lineBytes)]: Array.from({ length: 100_000 }, (_, index) => index) };
    const lines = readableFields(value);
    expect(lines).toHaveLength(1);
    expect(lines.join('').length).toBeGreaterThan(LIMITS.lineBytes);
    const small = { a: { b: [1, { c: 'x' }], d: '', e: null }, f: true };
    expect(readableFields(small)).toEqual(['a.b[1]: 1', 'a.b[2].c: x', 'f: true']);
    expect(readableFields(small, ['b'])).toEqual(['f: true']);
    expect(readableFields('plain')).toEqual(['plain']);
  });
});
