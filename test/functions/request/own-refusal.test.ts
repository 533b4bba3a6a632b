import { describe, expect, it } from '@jest/globals';
import { ownRefusal } from '../../../functions/request/own-refusal.ts';
import { askedRetrieval, idOf } from '../../fakes/asked-retrieval.ts';
import { lawyer, secondLawyer } from '../../shared/policy/staff.ts';

describe('whoever is locked (R9)', () => {
  it('is told the verdict on the own request that was refused, and nothing else of it', async () => {
    const world = askedRetrieval();
    const requestId = idOf(await world.ask(lawyer, { matter: null }));
    await world.check(requestId);
    const told = await ownRefusal({ requestId, personId: lawyer.personId }, world.store);
    expect(told).toEqual({
      request: {
        requestId,
        state: 'refused',
        verdict: expect.objectContaining({ outcome: 'deny' }),
        ruleSet: expect.stringMatching(/^sha256:/),
        route: [],
        scope: null,
        requestDigest: expect.any(String),
      },
    });
  });

  it('is told nothing of a request that stands, of somebody else’s, or of none', async () => {
    const world = askedRetrieval();
    const standing = await world.awaiting();
    const refused = idOf(await world.ask(lawyer, { matter: null }));
    await world.check(refused);
    const told = (requestId: string, { personId }: { personId: string }) =>
      ownRefusal({ requestId, personId }, world.store);
    expect(await told(standing, lawyer)).toBeNull();
    expect(await told(refused, secondLawyer)).toBeNull();
    expect(await told('req_none', lawyer)).toBeNull();
  });
});
