import { describe, expect, it } from '@jest/globals';
import type { Case } from '../../../shared/domain/case.ts';
import { askedRetrieval, PHONE } from '../../fakes/asked-retrieval.ts';
import { aCase } from '../../shared/policy/sample-cases.ts';
import { auditor, lawyer, officer } from '../../shared/policy/staff.ts';

describe('what an approver sees', () => {
  it('are the rules that applied, those that nearly did, and how much the requester asked for lately', async () => {
    const world = askedRetrieval();
    await world.awaiting();
    world.wait(24 * 91);
    const earlier = await world.awaiting();
    await world.decide(earlier, officer, 'deny');
    const requestId = await world.awaiting();
    const { body } = await world.show(requestId, officer);
    expect(body).toMatchObject({
      applied: expect.arrayContaining([
        { rule: 'T7', reason: expect.any(String), zh: expect.any(String), en: expect.any(String) },
      ]),
      recent: { days: 90, requests: 1, refused: 0, denied: 1, openings: 0 },
    });
    expect(body).toHaveProperty('near');
    expect(JSON.stringify(body)).not.toContain(PHONE);
    const near = 'near' in body && Array.isArray(body.near) ? body.near : [];
    expect(near.length).toBeGreaterThan(0);
    expect(near.length).toBeLessThanOrEqual(5);
    expect(body).toMatchObject({ nearMore: expect.any(Number) });
    expect(near.map((each) => each.rule)).toContain('A9');
  });

  it('says whether the matter is on file: not, open or closed (T7)', async () => {
    const world = askedRetrieval();
    const requestId = await world.awaiting({ matter: 'M-1' });
    const file = (filed: Case) => world.cases.rows.set('matter M-1', { filed, version: 1 });
    const matter = async () => (await world.show(requestId, officer)).body;
    expect(await matter()).toMatchObject({ matterOnFile: 'not-on-file' });
    file(aCase('matter', { reference: 'M-1' }));
    expect(await matter()).toMatchObject({ matterOnFile: 'open' });
    file(aCase('matter', { reference: 'M-1', closedAt: '2026-06-01T00:00:00.000Z' }));
    expect(await matter()).toMatchObject({ matterOnFile: 'closed' });
    expect((await world.show(requestId, lawyer)).body).not.toHaveProperty('matterOnFile');
  });

  it('is not shown to the requester, nor to who only audits', async () => {
    const world = askedRetrieval();
    const requestId = await world.awaiting();
    expect((await world.show(requestId, lawyer)).body).not.toHaveProperty('near');
    expect((await world.show(requestId, auditor)).body).not.toHaveProperty('recent');
  });

  it('is free text with every unseen character made visible', async () => {
    const world = askedRetrieval();
    const requestId = await world.awaiting({ remarks: 'ok\u202eevorppa\u001b[2J' });
    expect((await world.show(requestId, officer)).body).toMatchObject({
      remarks: 'ok⟨U+202E⟩evorppa⟨U+001B⟩[2J',
    });
  });
});
