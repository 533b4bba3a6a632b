import { describe, expect, it } from '@jest/globals';
import type { Case } from '../../../shared/domain/case.ts';
import { namedCases, transfersOnFile } from '../../../shared/facts/case-facts.ts';
import { inMemoryCases } from '../../fakes/in-memory-cases.ts';
import { aCase } from '../policy/sample-cases.ts';
import { lawyer, NOON, person, request } from '../policy/staff.ts';

const partner = person('partner', 'partner');
const named = (changes: Parameters<typeof request>[0], cases: Case[], recipient = lawyer) =>
  namedCases(request(changes), recipient, { cases: inMemoryCases(...cases), now: NOON });

describe('cases that a request names', () => {
  it('are none where none is on file', async () => {
    expect(
      await named({ instrumentNumber: 'I-1', agreement: 'A-1', impactAssessment: 'P-1', ticket: 'T-1' }, []),
    ).toEqual({
      matter: null,
      complaint: null,
      incident: null,
      instrument: null,
      agreement: null,
      assessment: false,
      broughtBy: [],
    });
  });

  it('are found by the request’s own numbers, open or closed as they are now', async () => {
    const matter = aCase('matter', { reference: 'M-2026-014' });
    expect(await named({}, [matter])).toMatchObject({ matter: { open: true } });
    const closed = { ...matter, closedAt: '2026-06-15T12:00:00.000Z' };
    expect(await named({}, [closed])).toMatchObject({ matter: { open: false } });
    const later = { ...matter, closedAt: '2026-06-15T12:00:00.001Z' };
    expect(await named({}, [later])).toMatchObject({ matter: { open: true } });
  });

  it('are found however their number is typed: letters of either case, spaces around it (T7)', async () => {
    const matter = aCase('matter', { reference: 'M-Cl-1', closedAt: '2026-06-01T00:00:00.000Z' });
    for (const typed of ['M-CL-1', 'm-cl-1', ' m-Cl-1 ']) {
      expect(await named({ matter: typed }, [matter])).toMatchObject({ matter: { open: false } });
    }
  });

  it('are complaints and incidents by the ticket’s number, or the matter’s', async () => {
    const complaint = aCase('complaint', { reference: 'T-1', major: true });
    const expected = { complaint: { open: true, major: true, hotels: ['SHA01'] } };
    expect(await named({ ticket: 'T-1' }, [complaint])).toMatchObject(expected);
    expect(await named({ matter: 'T-1' }, [complaint])).toMatchObject(expected);
    expect(await named({ ticket: 'C-2026-1' }, [aCase('incident')])).toMatchObject({
      incident: { open: true, from: new Date('2026-05-10T00:00:00.000Z') },
    });
  });

  it('are an instrument, which covers what it names and no more (T12)', async () => {
    const instrument = aCase('instrument');
    const covers = async (changes: Parameters<typeof request>[0], filed = instrument) =>
      (await named({ instrumentNumber: 'C-2026-1', ...changes }, [filed])).instrument?.covers;
    expect(await covers({})).toBe(true);
    expect(await covers({ categories: ['enquiry', 'stay'] })).toBe(false);
    expect(await covers({ hotels: ['SHA01', 'HGH02'] })).toBe(false);
    expect(await covers({}, { ...instrument, platforms: ['wecom'] })).toBe(true);
    expect(await covers({}, { ...instrument, platforms: ['line'] })).toBe(false);
    expect(await covers({}, { ...instrument, from: '2026-05-02T00:00:00.000Z' })).toBe(false);
    expect(await covers({}, { ...instrument, to: '2026-05-30T00:00:00.000Z' })).toBe(false);
  });

  it('say whether the recipient is an officer of the instrument, or the hotel’s own legal', async () => {
    const officer = async (recipient = lawyer) =>
      (await named({ instrumentNumber: 'C-2026-1' }, [aCase('instrument')], recipient)).instrument?.officer;
    expect(await officer()).toBe(true);
    expect(await officer(partner)).toBe(false);
    expect(await officer({ ...partner, personId: 'p_officer_of_police' })).toBe(true);
  });

  it('are what the request states of an instrument, where it isn’t on file', async () => {
    const { type, validFrom, validUntil, officers, foreign, dueAt, secret, platforms, categories, from, to } =
      aCase('instrument', { dueAt: '2026-06-16T00:00:00.000Z' });
    const terms = {
      type,
      validFrom,
      validUntil,
      officers,
      foreign,
      dueAt,
      secret,
      platforms,
      categories,
      from,
      to,
    };
    const instrumentTerms = { ...terms, approved: true, treaty: true };
    const { instrument } = await named({ instrumentNumber: 'I-9', instrumentTerms }, []);
    expect(instrument).toMatchObject({
      reference: 'I-9',
      // R12: that an authority approved it, or a treaty bears it, is nobody's word alone.
      chineseApproval: false,
      treaty: false,
      covers: true,
      dueAt: new Date('2026-06-16T00:00:00.000Z'),
    });
    // What is on file goes before what is stated.
    const onFile = aCase('instrument', { reference: 'I-9', categories: ['stay'] });
    const { instrument: other } = await named({ instrumentNumber: 'I-9', instrumentTerms }, [onFile]);
    expect(other).toMatchObject({ covers: false, chineseApproval: false });
  });

  it('are an agreement with the recipient for purpose, basis, categories and hotels (T13)', async () => {
    const covers = async (changes: Parameters<typeof request>[0]) =>
      (await named({ agreement: 'C-2026-1', ...changes }, [aCase('agreement')])).agreement?.covers;
    expect(await covers({})).toBe(true);
    expect(await covers({ recipient: 'p_other' })).toBe(false);
    expect(await covers({ purpose: 'training' })).toBe(false);
    expect(await covers({ basis: 'consent' })).toBe(false);
    expect(await covers({ categories: ['stay'] })).toBe(false);
    expect(await covers({ hotels: ['HGH02'] })).toBe(false);
  });

  it('are an impact assessment that is valid and covers purpose and categories (R14)', async () => {
    const assessed = async (changes: Parameters<typeof request>[0], filed = aCase('assessment')) =>
      (await named({ impactAssessment: 'C-2026-1', ...changes }, [filed])).assessment;
    expect(await assessed({})).toBe(true);
    expect(await assessed({ categories: ['stay'] })).toBe(false);
    expect(await assessed({ purpose: 'analytics' })).toBe(false);
    expect(await assessed({}, aCase('assessment', { validUntil: '2026-06-15T12:00:00.000Z' }))).toBe(false);
  });
});

describe('whoever brought the cases that a request names', () => {
  it('is of both complaints, where ticket and matter name one each', async () => {
    const { complaint, broughtBy } = await named({ ticket: 'C-1', matter: 'C-2' }, [
      aCase('complaint', { reference: 'C-1', major: false, broughtBy: ['p_one'] }),
      aCase('complaint', { reference: 'C-2', major: true, broughtBy: ['p_two'] }),
    ]);
    expect(complaint).toMatchObject({ major: false });
    expect(broughtBy.sort()).toEqual(['p_one', 'p_two']);
  });

  it('is kept for A1, of every kind that it names, each once', async () => {
    const { broughtBy } = await named({ matter: 'M-2026-014', agreement: 'A-1', impactAssessment: 'P-1' }, [
      aCase('matter', { reference: 'M-2026-014', broughtBy: ['p_lawyer'] }),
      aCase('agreement', { reference: 'A-1', broughtBy: ['p_lawyer', 'p_officer'] }),
      aCase('assessment', { reference: 'P-1', broughtBy: ['p_infosec', 'p_officer'] }),
      aCase('assessment', { reference: 'P-2', broughtBy: ['p_of_another'] }),
    ]);
    expect(broughtBy.sort()).toEqual(['p_infosec', 'p_lawyer', 'p_officer']);
  });
});

describe('a transfer mechanism', () => {
  it('is on file for its recipient while it is valid, at its hotels (A3)', async () => {
    const onFile = async (changes: Parameters<typeof request>[0], filed: Case[]) =>
      (await transfersOnFile(request(changes), { cases: inMemoryCases(...filed), now: NOON })).length > 0;
    expect(await onFile({}, [])).toBe(false);
    expect(await onFile({}, [aCase('transfer')])).toBe(true);
    expect(await onFile({ recipient: 'p_other' }, [aCase('transfer')])).toBe(false);
    expect(await onFile({ hotels: ['SHA01', 'HGH02'] }, [aCase('transfer')])).toBe(false);
    expect(await onFile({}, [aCase('transfer', { validFrom: '2026-07-01T00:00:00.000Z' })])).toBe(false);
  });
});
