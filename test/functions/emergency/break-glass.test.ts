import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { incidentReference } from '../../../functions/reconcile/open-incident.ts';
import { digestOf } from '../../../shared/domain/digest.ts';
import { stepUpEvidenceKey, stepUpEvidenceSchema } from '../../../shared/domain/step-up.ts';
import { type MediumOfTest, REQUEST_ID, SECRETS } from '../../fakes/approved-retrieval.ts';
import { type BrokenGlass, brokenGlass } from '../../fakes/broken-glass.ts';
import { director, lawyer, officer, secondLawyer } from '../../shared/policy/staff.ts';

const shownSchema = z.object({
  records: z.array(
    z.looseObject({
      text: z.string(),
      at: z.string(),
      attachments: z.array(z.object({ state: z.string() }).loose()),
    }),
  ),
  more: z.boolean(),
  views: z.number(),
  newer: z.number(),
  watermark: z.looseObject({ viewer: z.string() }),
});
const refusal = z.object({ verdict: z.object({ rules: z.array(z.string()), reasons: z.array(z.string()) }) });
/** None where it was not refused. */
const reasonsOf = (body: object) => refusal.safeParse(body).data?.verdict.reasons ?? [];

/** The texts that a look shows: each record here says something else. A look that is refused shows none. */
function textsOf({ body }: { body: object }): string[] {
  const shown = shownSchema.safeParse(body);
  return shown.success ? shown.data.records.map(({ text }) => text) : [];
}

async function opened(records?: number, media?: MediumOfTest[]) {
  const world = await brokenGlass({}, records, media);
  expect(await world.decide(officer)).toMatchObject({ status: 200, body: { state: 'emergency' } });
  return world;
}

describe('break-glass, once one approver opened it', () => {
  it('lasts four hours, is due within a day, and tells internal audit', async () => {
    const world = await opened();
    expect(await world.row()).toMatchObject({
      provisionedAt: '2026-06-15T12:00:00.000Z',
      windowEnds: '2026-06-15T16:00:00.000Z',
      deadline: '2026-06-16T12:00:00.000Z',
      breakGlass: { openedBy: 'p_officer', form: null, views: 0 },
    });
    expect((await world.grants.events(REQUEST_ID)).at(-1)).toMatchObject({
      type: 'emergency-opened',
      data: { told: ['internal-audit'] },
    });
    expect(world.did).toEqual(['emergency-opened']);
  });

  it('shows the masked records to whoever started it, newest first, and counts the look before it is shown', async () => {
    const world = await opened();
    const { records, views, watermark } = shownSchema.parse((await world.view(lawyer)).body);
    expect(records.length).toBe(5);
    expect(records.map(({ at }) => at)).toEqual(
      records
        .map(({ at }) => at)
        .sort()
        .reverse(),
    );
    expect(JSON.stringify(records)).not.toContain(SECRETS[1]);
    expect(watermark.viewer).toBe('p_lawyer');
    expect(views).toBe(1);
    expect((await world.grants.events(REQUEST_ID)).at(-1)).toMatchObject({
      type: 'emergency-viewed',
      actor: 'p_lawyer',
      data: { views: 1, records: 5, device: 'a-browser' },
    });
    expect(await world.everythingWritten()).not.toContain(SECRETS[0]);
    expect([...world.delivery.objects]).toEqual([]);
  });

  it('shows nothing whose look could not be recorded', async () => {
    const world = await opened();
    world.grants.move = async () => {
      throw new Error('the table is away');
    };
    await expect(world.view(lawyer)).rejects.toThrow('the table is away');
  });

  it('shows no more than the cap, and says that there is more', async () => {
    const world = await opened(2);
    const { records, more } = shownSchema.parse((await world.view(lawyer)).body);
    expect({ shown: records.length, more }).toEqual({ shown: 2, more: true });
    expect(records[0]?.text).toContain('再见');
  });

  it('shows no more than the cap over all its looks, whatever goes in between', async () => {
    const world = await opened(2);
    const [first] = world.blocks;
    if (first === undefined) throw new Error('there are no blocks');
    expect(textsOf(await world.view(lawyer))).toHaveLength(2);
    // The newest are deleted: older ones don't come up in their place.
    world.records.rows.splice(0, world.records.rows.length, first);
    expect(textsOf(await world.view(lawyer))).toEqual([]);
  });

  it('never shows more distinct records than the cap, in whichever order blocks go and come back', async () => {
    const looks = fc.array(fc.subarray([0, 1]), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 6 }), looks, async (cap, present) => {
        const world = await opened(cap);
        const seen = new Set<string>();
        for (const there of present) {
          const rows = world.blocks.filter((_, at) => there.includes(at));
          world.records.rows.splice(0, world.records.rows.length, ...rows);
          for (const text of textsOf(await world.view(lawyer))) seen.add(text);
        }
        expect(seen.size).toBeLessThanOrEqual(cap);
      }),
      { numRuns: 20 },
    );
  });

  it('leaves out what came after the scope was frozen (A7)', async () => {
    const world = await opened();
    await world.ingest('later', ['刚刚发生的事'], 120);
    const { records, newer } = shownSchema.parse((await world.view(lawyer)).body);
    expect({ shown: records.length, newer }).toEqual({ shown: 5, newer: 1 });
  });

  it.each([
    ['the approver who opened it', officer],
    ['another lawyer', secondLawyer],
  ])('shows nothing to %s', async (_who, person) => {
    const world = await opened();
    expect(reasonsOf((await world.view(person)).body)).toContain('break-glass-is-for-its-starter');
  });

  it('shows nothing when its hours are over, though it may be followed up still', async () => {
    const world = await opened();
    world.wait(240);
    expect(reasonsOf((await world.view(lawyer)).body)).toEqual(['break-glass-is-over']);
    expect(await world.decide(director)).toMatchObject({ status: 200, body: { state: 'emergency' } });
  });

  it('shows nothing to somebody whose training lapsed meanwhile: red lines hold', async () => {
    const world = await opened();
    world.directory.people.set('p_lawyer', { ...lawyer, training: { system: null, exam: null } });
    expect(refusal.parse((await world.view(lawyer)).body).verdict.rules).toContain('R10');
  });

  it('shows nothing of shredded keys', async () => {
    const world = await opened();
    world.custodyKeys.shredPeriod({ hotel: 'SHA01', recordClass: 'ordinary', period: '2026-11' });
    expect((await world.view(lawyer)).body).toMatchObject({ verdict: { reasons: ['records-changed'] } });
  });
});

describe('a look at what break-glass shows', () => {
  const photo = Buffer.from('a photo of a key card');
  const MEDIA: MediumOfTest[] = [
    { mediaId: 'med_1', name: '房卡.jpg', content: photo },
    { mediaId: 'med_2', name: null, content: null },
  ];
  const attachmentsIn = ({ body }: { body: object }) =>
    shownSchema
      .parse(body)
      .records.flatMap(({ attachments }) => attachments)
      .map(({ state }) => state);

  it('says of media what was so when the scope was frozen, and how many came since (A7)', async () => {
    const world = await opened(undefined, MEDIA);
    const before = await world.view(lawyer);
    expect(attachmentsIn(before)).toEqual(['present', 'missing']);
    expect(before.body).toMatchObject({ mediaLater: 0 });
    await world.supply(1, Buffer.from('a voice that came afterwards'));
    const after = await world.view(lawyer);
    expect(attachmentsIn(after)).toEqual(['present', 'missing']);
    expect(after.body).toMatchObject({ mediaLater: 1 });
    expect((await world.grants.events(REQUEST_ID)).at(-1)?.data).toMatchObject({ mediaLater: 1, missing: 0 });
  });

  it('is refused where nothing was kept of what the opener signed, or it is something else (A6)', async () => {
    const signatures = async (change: (key: string, bytes: Uint8Array) => Uint8Array | null) => {
      const world = await opened();
      for (const [key, bytes] of [...world.evidence.objects]) {
        if (!key.startsWith('step-ups/')) continue;
        const changed = change(key, bytes);
        if (changed === null) world.evidence.objects.delete(key);
        else world.evidence.objects.set(key, changed);
      }
      return reasonsOf((await world.view(lawyer)).body);
    };
    expect(await signatures((_key, bytes) => bytes)).toEqual([]);
    expect(await signatures(() => null)).toEqual(['step-up-missing']);
    expect(await signatures(() => Buffer.from('{}'))).toEqual(['step-up-missing']);
  });

  it('is refused where the row says that it was opened and nobody did (A6)', async () => {
    const world = await opened();
    world.grants.seed({ ...(await world.row()), approvals: [] });
    expect(reasonsOf((await world.view(lawyer)).body)).toContain('break-glass-without-its-opening');
    const by = await opened();
    const row = await by.row();
    by.grants.seed({
      ...row,
      approvals: row.approvals.map((approval) => ({
        ...approval,
        by: 'p_director',
        role: 'infosec-director',
      })),
    });
    expect(reasonsOf((await by.view(lawyer)).body)).toContain('step-up-signs-something-else');
  });

  it('is refused where a further approval on record was signed by nobody (A6)', async () => {
    const world = await opened();
    await world.decide(director);
    expect((await world.view(lawyer)).status).toBe(200);
    const row = await world.row();
    const [opening, further] = row.approvals;
    if (opening === undefined || further === undefined) throw new Error('An approval is not there');
    const { stepUp: _, ...unsigned } = further;
    world.grants.seed({ ...row, approvals: [opening, unsigned] });
    expect(reasonsOf((await world.view(lawyer)).body)).toEqual(['step-up-missing']);
  });

  it('is refused once whoever opened it is the starter’s subordinate, or has left (A1)', async () => {
    const world = await opened();
    world.directory.people.set('p_officer', { ...officer, manager: 'p_lawyer' });
    expect(reasonsOf((await world.view(lawyer)).body)).toEqual(['approver-is-subordinate-of-requester']);
    world.directory.people.set('p_officer', { ...officer, active: false });
    expect(reasonsOf((await world.view(lawyer)).body)).toContain('approver-not-active');
  });

  it('is refused once the opener’s device isn’t the directory’s own of that person (A6)', async () => {
    const world = await opened();
    world.signing.devices.clear();
    expect(reasonsOf((await world.view(lawyer)).body)).toEqual(['device-not-enrolled']);
  });
});

describe('what follows on break-glass', () => {
  it('is two further approvals and the form; then it closes and is archived', async () => {
    const world = await opened();
    await world.view(lawyer);
    expect(reasonsOf((await world.end(lawyer, 'close')).body)).toContain('break-glass-unfinished');
    await world.decide(director);
    await world.decide(secondLawyer);
    expect(reasonsOf((await world.end(lawyer, 'close')).body)).toContain('break-glass-unfinished');
    expect(await world.form(lawyer)).toMatchObject({ status: 200, body: { followedUp: true } });
    expect(await world.form(lawyer)).toMatchObject({ status: 200 });
    expect(reasonsOf((await world.form(lawyer, 'F-other')).body)).toEqual(['form-is-there-already']);
    expect(await world.end(lawyer, 'close')).toMatchObject({ body: { state: 'closed' } });
    expect(await world.archive()).toMatchObject({ state: 'archived' });
    expect((await world.grants.events(REQUEST_ID)).at(-1)?.data).toMatchObject({
      views: 1,
      openings: 0,
      told: ['internal-audit'],
    });
    // Its number stands in the row; of what is kept for years, only sealed.
    const kept = [...world.evidence.objects.values()].map((bytes) => Buffer.from(bytes).toString('utf8'));
    const events = JSON.stringify(await world.grants.events(REQUEST_ID));
    expect([...kept, events].join()).not.toContain('F-2026-9');
    expect([...world.cases.rows]).toEqual([]);
  });

  it('closes by itself with its hours once everything is there', async () => {
    const world = await opened();
    await world.decide(director);
    await world.decide(secondLawyer);
    await world.form(lawyer);
    world.wait(239);
    await world.sweep();
    expect((await world.row()).state).toBe('emergency');
    world.wait(1);
    await world.sweep();
    expect((await world.row()).state).toBe('closed');
    expect(world.did).not.toContain('emergency-incident');
  });

  it('is never the person’s who opened it', async () => {
    const world = await opened();
    const both = { ...officer, roles: [...officer.roles, ...director.roles] };
    world.directory.people.set('p_officer', both);
    const answer = await world.decide(both, 'approve', 'infosec-director');
    expect(reasonsOf(answer.body)).toContain('person-decided-already');
  });

  it('missing at the deadline revokes it, opens one incident and raises an alarm', async () => {
    const world = await opened();
    await world.decide(director);
    world.wait(24 * 60);
    await world.sweep();
    await world.sweep();
    await world.follow();
    const row = await world.row();
    expect(row).toMatchObject({ state: 'revoked', endReason: 'follow-up-overdue' });
    expect([...world.cases.rows.values()].map(({ filed }) => filed)).toMatchObject([
      { kind: 'incident', reference: incidentReference(row), hotels: ['SHA01'], closedAt: null },
    ]);
    expect(world.did.filter((what) => what === 'emergency-incident')).toHaveLength(1);
    expect(reasonsOf((await world.view(lawyer)).body)).toContain('break-glass-not-in-use');
    expect(await world.archive()).toMatchObject({ state: 'archived' });
  });

  it('denied revokes it at once, with an incident', async () => {
    const world = await opened();
    expect(await world.decide(director, 'deny')).toMatchObject({ body: { state: 'revoked' } });
    await world.follow();
    expect(world.did).toContain('emergency-incident');
    expect(reasonsOf((await world.view(lawyer)).body)).toContain('break-glass-not-in-use');
  });

  it('is an incident too where it was revoked before it was complete', async () => {
    const world = await opened();
    expect(await world.end(lawyer, 'revoke')).toMatchObject({ body: { state: 'revoked' } });
    await world.follow();
    expect(world.did).toContain('emergency-incident');
  });
});

describe('each look at what break-glass shows is signed by the viewer’s own device (A6, R5)', () => {
  /** What a look came to that should be refused: its reasons, and that it was neither counted nor recorded. */
  async function refusedLook(world: BrokenGlass, ...given: Parameters<BrokenGlass['view']>) {
    const before = await world.grants.events(REQUEST_ID);
    const answer = await world.view(...given);
    expect(textsOf(answer)).toEqual([]);
    expect(await world.grants.events(REQUEST_ID)).toEqual(before);
    return { status: answer.status, reasons: reasonsOf(answer.body) };
  }

  it('and shows nothing to somebody whose only device was revoked, until another is enrolled (R5)', async () => {
    const world = await opened();
    expect((await world.view(lawyer)).status).toBe(200);
    world.revokeDeviceOf(lawyer);
    expect(await refusedLook(world, lawyer)).toEqual({ status: 403, reasons: ['device-revoked'] });
    expect((await world.row()).breakGlass?.views).toBe(1);
    world.enrolAnotherFor(lawyer);
    expect((await world.view(lawyer)).body).toMatchObject({ views: 2 });
  });

  it('and shows nothing where the device is revoked while the records are read', async () => {
    const world = await opened();
    const stepUp = await world.signLook(lawyer);
    const move = world.grants.move;
    world.grants.move = async (...change) => {
      world.revokeDeviceOf(lawyer);
      return move(...change);
    };
    expect(await refusedLook(world, lawyer, stepUp)).toEqual({ status: 403, reasons: ['device-revoked'] });
  });

  it.each(['not-enrolled', 'not-confirmed'] as const)('and a device that is %s is none', async (how) => {
    const world = await opened();
    const stepUp = await world.signLook(lawyer);
    const device = world.signing.deviceOf(lawyer.personId);
    if (how === 'not-enrolled') world.signing.devices.clear();
    else world.signing.change(device, { state: 'pending', confirmed: null });
    expect((await refusedLook(world, lawyer, stepUp)).reasons).toContain(`device-${how}`);
  });

  it('and none is shown unsigned, by another’s device, of another request, or as another act', async () => {
    const world = await opened();
    expect(await refusedLook(world, lawyer, 'unsigned')).toEqual({
      status: 403,
      reasons: ['step-up-missing'],
    });
    const reasons = async (...signs: Parameters<BrokenGlass['signLook']>) =>
      (await refusedLook(world, lawyer, await world.signLook(...signs))).reasons;
    // A nonce is of whom it was issued to.
    expect(await reasons(officer)).toEqual(['step-up-not-asked-for']);
    expect(await reasons(lawyer, { digest: `sha256:${'0'.repeat(64)}` })).toEqual([
      'step-up-is-of-another-request',
    ]);
    expect(await reasons(lawyer, { subject: 'req_other' })).toEqual(['step-up-is-of-another-request']);
    expect(await reasons(lawyer, { action: 'open' })).toEqual(['step-up-not-asked-for']);
    expect(await reasons(lawyer, { role: 'legal' })).toEqual(['step-up-signs-something-else']);
  });

  it('once for each signature, which is five minutes old at most', async () => {
    const world = await opened();
    const stepUp = await world.signLook(lawyer);
    const both = await Promise.all([world.view(lawyer, stepUp), world.view(lawyer, stepUp)]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 403]);
    expect((await refusedLook(world, lawyer, stepUp)).reasons).toEqual(['step-up-used-already']);
    const old = await world.signLook(lawyer);
    world.wait(6);
    expect((await refusedLook(world, lawyer, old)).reasons).toEqual(['step-up-too-old']);
  });

  it('with what was signed kept as evidence before the look is recorded, and named in its event', async () => {
    const world = await opened();
    const stepUp = await world.signLook(lawyer);
    expect((await world.view(lawyer, stepUp)).status).toBe(200);
    const event = (await world.grants.events(REQUEST_ID)).at(-1);
    const named = z.object({ stepUp: z.string() }).parse(event?.data).stepUp;
    const bytes = world.evidence.objects.get(stepUpEvidenceKey(named)) ?? Buffer.alloc(0);
    const evidence = stepUpEvidenceSchema.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
    expect(digestOf(evidence)).toBe(named);
    expect(evidence.statement).toEqual({
      version: 1,
      action: 'view-emergency',
      subject: REQUEST_ID,
      digest: (await world.row()).requestDigest,
      role: null,
      reason: null,
      time: '2026-06-15T12:00:00.000Z',
      nonce: stepUp.statement.nonce,
      person: 'p_lawyer',
    });
  });

  it('and nothing is shown or recorded where that could not be kept', async () => {
    const world = await opened();
    const before = await world.grants.events(REQUEST_ID);
    world.evidence.putOnce = async () => {
      throw new Error('the bucket is away');
    };
    await expect(world.view(lawyer)).rejects.toThrow('the bucket is away');
    expect(await world.grants.events(REQUEST_ID)).toEqual(before);
  });
});

describe('break-glass that waits for the approver on call', () => {
  it('shows nothing, and says that nobody on call has opened it', async () => {
    const world = await brokenGlass();
    const answer = await world.view(lawyer);
    expect(answer.status).toBe(403);
    expect(reasonsOf(answer.body)).toEqual(['break-glass-not-opened-yet']);
  });

  it('is refused where one of them refuses', async () => {
    const world = await brokenGlass();
    expect(await world.decide(director, 'deny')).toMatchObject({
      status: 200,
      body: { state: 'refused', denial: { by: 'p_director' } },
    });
    const after = await world.decide(officer);
    expect(after.status).toBe(409);
    expect(reasonsOf(after.body)).toEqual(['request-was-refused']);
  });

  it('is refused where nobody answers within the hour, and has no incident: nothing was decrypted', async () => {
    const world = await brokenGlass();
    world.wait(60);
    expect(reasonsOf((await world.decide(officer)).body)).toContain('break-glass-not-answered-in-time');
    await world.sweep();
    expect(await world.row()).toMatchObject({ state: 'refused', endReason: 'deadline' });
    expect(world.did).toEqual(['lapsed']);
  });

  it('is not started or given up as one whose check never came', async () => {
    const world = await brokenGlass();
    world.wait(45);
    await world.sweep();
    expect((await world.row()).state).toBe('requested');
    expect(world.workflow.started).toEqual([]);
  });

  it('is not opened by legal, nor by whoever asked', async () => {
    const world = await brokenGlass();
    expect(reasonsOf((await world.decide(secondLawyer, 'approve', 'legal')).body)).toContain(
      'not-the-on-call-approver',
    );
    expect((await world.decide(lawyer, 'approve', 'privacy-officer')).status).toBe(403);
  });

  it('is not opened by an approver who opened as many as allowed this month', async () => {
    const world = await brokenGlass();
    for (const other of ['req_a', 'req_b', 'req_c']) await world.used(officer, other);
    expect(reasonsOf((await world.decide(officer)).body)).toContain('break-glass-used-up-by-approver');
    expect(await world.decide(director)).toMatchObject({ body: { state: 'emergency' } });
  });
});
