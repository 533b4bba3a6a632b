import { describe, expect, it } from '@jest/globals';
import { ASKED_MASKINGS, BASES, PURPOSES, SUBJECT_KINDS } from '../../../shared/domain/access-request.ts';
import { CATEGORIES, SOURCES } from '../../../shared/domain/record.ts';
import { ROLE_NAMES } from '../../../shared/domain/roles.ts';
import { singleChanges } from '../../../shared/policy/fact-changes.ts';
import type { RequestFacts } from '../../../shared/policy/facts.ts';
import { supposedRequest } from '../../../shared/policy/supposed-request.ts';
import { differencesOf } from './differences-of.ts';
import { NOON, REGION, requestFacts } from './staff.ts';

/** A lawyer's request with nothing on file; and one of a liaison officer with everything stated, found and locked. */
const bare = requestFacts();
const usual = supposedRequest('liaison', ['dispute', 'complaint-plan'], { region: REGION, now: NOON });
const full: RequestFacts = {
  ...usual,
  retrievals: 5,
  transferOnFile: true,
  requester: {
    ...usual.requester,
    training: { system: null, exam: null },
    lock: { sessionUntil: null, account: true },
    hotel: 'HGH02',
    jurisdiction: 'EU',
  },
  recipient: { ...usual.requester, personId: 'p_other' },
  grant: {
    ...usual.grant,
    matter: null,
    ticket: 'T-9',
    emergency: true,
    hotels: ['SHA01', 'HGH02'],
    platforms: [],
    participants: ['p_x'],
  },
  scope: usual.scope && {
    ...usual.scope,
    guests: 3,
    sensitive: 60,
    unpublishedPlans: true,
    disputeElsewhere: true,
    disputeUnknown: true,
    disputeOrMajorComplaint: true,
    withoutConsent: ['wecom'],
    withoutMarketingConsent: true,
    withoutSeparateConsent: true,
  },
  cases: { ...usual.cases, agreement: null, matter: null },
};

/** What each change makes of the bare request's facts, the recipient's left out, who is the requester. */
const OF_BARE: Readonly<Record<string, string>> = {
  'role-not-held': 'requester.roles=[]',
  inactive: 'requester.active=false',
  untrained: 'requester.training.system=null',
  'exam-lapsed': 'requester.training.exam=null',
  'exam-passed': 'requester.training.exam=2026-06-15T11:00:00.000Z',
  'session-locked': 'requester.lock.sessionUntil=2026-06-15T13:00:00.000Z',
  'account-locked': 'requester.lock.account=true',
  'another-hotel': 'requester.hotel=HGH02',
  'recipient-without-role': 'grant.recipient=p_recipient',
  'on-shift':
    'standing.shift; standing.shift.from=2026-06-15T11:00:00.000Z; standing.shift.to=2026-06-15T13:00:00.000Z',
  'no-purpose': 'grant.purpose=null',
  'no-basis': 'grant.basis=null',
  'no-matter': 'grant.matter=null',
  ticket: 'grant.ticket=T-1',
  'no-matter-or-ticket': 'grant.matter=null',
  'no-subject': 'grant.subjectKind=null',
  'no-platform': 'grant.platforms=[]',
  'hotel-outside-region': 'grant.hotels=["SHA01","SIN01"]',
  'hotel-added': 'grant.hotels=["SHA01","HGH02"]',
  'no-hotel': 'grant.hotels=[]',
  instrument: 'grant.instrument=true',
  emergency: 'grant.emergency=true',
  necessity: 'grant.necessity=',
  'assessment-named': 'grant.impactAssessment=IA-1',
  'window:720': 'grant.windowHours=720',
  'opens:20': 'grant.opens=20',
  participant: 'grant.participants=["p_lawyer"]',
  'range:2h': 'grant.from=2026-06-15T06:00:00.000Z; grant.to=2026-06-15T08:00:00.000Z',
  'range:72h': 'grant.from=2026-06-12T08:00:00.000Z; grant.to=2026-06-15T08:00:00.000Z',
  'range:7d': 'grant.from=2026-06-08T08:00:00.000Z; grant.to=2026-06-15T08:00:00.000Z',
  'range:month': 'grant.from=2026-05-15T08:00:00.000Z; grant.to=2026-06-15T08:00:00.000Z',
  'range:ten-years': 'grant.from=2016-06-17T08:00:00.000Z; grant.to=2026-06-15T08:00:00.000Z',
  'no-range': 'grant.from=null; grant.to=null',
  'range-reversed': 'grant.from=2026-05-31T00:00:00.000Z; grant.to=2026-05-01T00:00:00.000Z',
  'long-after': 'now=2027-07-20T12:00:00.000Z',
  'matter-closed': 'cases.matter; cases.matter.open=false',
  complaint:
    'cases.complaint; cases.complaint.hotels=["SHA01"]; cases.complaint.major=false; cases.complaint.open=true',
  'complaint-major':
    'cases.complaint; cases.complaint.hotels=["SHA01"]; cases.complaint.major=true; cases.complaint.open=true',
  'complaint-closed':
    'cases.complaint; cases.complaint.hotels=["SHA01"]; cases.complaint.major=false; cases.complaint.open=false',
  incident:
    'cases.incident; cases.incident.from=2026-05-01T00:00:00.000Z; cases.incident.hotels=["SHA01"]; cases.incident.open=true; cases.incident.to=2026-05-31T00:00:00.000Z',
  'incident-long-ago':
    'cases.incident; cases.incident.from=2023-12-28T12:00:00.000Z; cases.incident.hotels=["SHA01"]; cases.incident.open=true; cases.incident.to=2023-12-28T12:00:00.000Z',
  'instrument-on-file':
    'cases.instrument; cases.instrument.chineseApproval=false; cases.instrument.covers=true; cases.instrument.foreign=false; cases.instrument.officer=true; cases.instrument.reference=I-1; cases.instrument.treaty=false; cases.instrument.validFrom=2026-06-14T12:00:00.000Z; cases.instrument.validUntil=2026-06-16T12:00:00.000Z; grant.instrument=true',
  agreement:
    'cases.agreement; cases.agreement.covers=true; cases.agreement.validFrom=2026-06-14T12:00:00.000Z; cases.agreement.validUntil=2026-06-16T12:00:00.000Z',
  assessment: 'cases.assessment=true',
  transfer: 'transferOnFile=true',
  'retrievals:3': 'retrievals=3',
  'retrievals:4': 'retrievals=4',
  'no-records': 'scope.conversations=0; scope.guests=0; scope.records=0',
  huge: 'scope.conversations=9007199254740991; scope.records=9007199254740991',
  'two-guests': 'scope.guests=2',
  'sensitive-below': 'scope.sensitive=49',
  'sensitive-many': 'scope.sensitive=50',
  'without-consent': 'scope.withoutConsent=["wecom"]',
  'unpublished-plan': 'scope.categories=["enquiry","complaint-plan"]; scope.unpublishedPlans=true',
  'dispute-elsewhere': 'scope.categories=["enquiry","dispute"]; scope.disputeElsewhere=true',
  'dispute-unknown': 'scope.categories=["enquiry","dispute"]; scope.disputeUnknown=true',
  major: 'scope.disputeOrMajorComplaint=true',
  'complaint-of-these': 'scope.ofNamedComplaint=true',
  'own-clients': 'scope.ownClients=true',
  'other-department': 'scope.departments=["housekeeping"]',
  'no-marketing-consent': 'scope.withoutMarketingConsent=true',
  'no-separate-consent': 'scope.withoutSeparateConsent=true',
};

/** What each makes of the full one's, where that is something else. */
const OF_FULL: Readonly<Record<string, string>> = {
  trained: 'requester.training.system=2026-06-15T11:00:00.000Z',
  'session-locked': 'requester.lock.account=false; requester.lock.sessionUntil=2026-06-15T13:00:00.000Z',
  unlocked: 'requester.lock.account=false',
  'another-hotel': 'requester.hotel=SHA01',
  'own-hotel': 'requester.hotel=SHA01',
  'not-seconded': 'requester.secondments=[]',
  'recipient-without-role':
    'grant.recipient=p_recipient; recipient.hotel=HGH02; recipient.jurisdiction=EU; recipient.lock.account=true; recipient.personId=p_recipient; recipient.roles=[]; recipient.training.exam=null; recipient.training.system=null',
  'off-shift': 'standing.shift.from; standing.shift.to; standing.shift=null',
  'on-shift': 'standing.shift.from=2026-06-15T11:00:00.000Z; standing.shift.to=2026-06-15T13:00:00.000Z',
  matter: 'grant.matter=M-1',
  'no-ticket': 'grant.ticket=null',
  'no-matter-or-ticket': 'grant.ticket=null',
  'hotel-outside-region': 'grant.hotels=["SHA01","HGH02","SIN01"]',
  'no-instrument': 'grant.instrument=false',
  'no-emergency': 'grant.emergency=false',
  'no-necessity': 'grant.necessity',
  'assessment-not-named': 'grant.impactAssessment',
  participant: 'grant.participants=["p_requester"]',
  'range:2h': 'grant.from=2026-06-15T09:30:00.000Z; grant.to=2026-06-15T11:30:00.000Z',
  'range:72h': 'grant.from=2026-06-12T11:30:00.000Z; grant.to=2026-06-15T11:30:00.000Z',
  'range:7d': 'grant.from=2026-06-08T11:30:00.000Z; grant.to=2026-06-15T11:30:00.000Z',
  'range:month': 'grant.from=2026-05-15T11:30:00.000Z; grant.to=2026-06-15T11:30:00.000Z',
  'range:ten-years': 'grant.from=2016-06-17T11:30:00.000Z; grant.to=2026-06-15T11:30:00.000Z',
  'range-reversed': 'grant.from=2026-06-15T11:00:00.000Z; grant.to=2026-06-13T12:00:00.000Z',
  complaint: 'cases.complaint.hotels=["SHA01","HGH02"]',
  'complaint-major': 'cases.complaint.hotels=["SHA01","HGH02"]; cases.complaint.major=true',
  'complaint-closed': 'cases.complaint.hotels=["SHA01","HGH02"]; cases.complaint.open=false',
  'no-complaint': 'cases.complaint.hotels; cases.complaint.major; cases.complaint.open; cases.complaint=null',
  incident: 'cases.incident.hotels=["SHA01","HGH02"]',
  'no-incident':
    'cases.incident.from; cases.incident.hotels; cases.incident.open; cases.incident.to; cases.incident=null',
  'incident-long-ago':
    'cases.incident.from=2023-12-28T12:00:00.000Z; cases.incident.hotels=["SHA01","HGH02"]; cases.incident.to=2023-12-28T12:00:00.000Z',
  'instrument-not-on-file':
    'cases.instrument.chineseApproval; cases.instrument.covers; cases.instrument.foreign; cases.instrument.officer; cases.instrument.reference; cases.instrument.treaty; cases.instrument.validFrom; cases.instrument.validUntil; cases.instrument=null',
  'instrument-over':
    'cases.instrument.validFrom=2026-06-13T12:00:00.000Z; cases.instrument.validUntil=2026-06-14T12:00:00.000Z',
  'instrument-narrower': 'cases.instrument.covers=false',
  'instrument-officer': 'cases.instrument.officer=false',
  'instrument-foreign': 'cases.instrument.foreign=true',
  'instrument-approved':
    'cases.instrument.chineseApproval=true; cases.instrument.foreign=true; cases.instrument.treaty=true',
  'agreement-over':
    'cases.agreement; cases.agreement.covers=true; cases.agreement.validFrom=2026-06-13T12:00:00.000Z; cases.agreement.validUntil=2026-06-14T12:00:00.000Z',
  'agreement-narrower':
    'cases.agreement; cases.agreement.covers=false; cases.agreement.validFrom=2026-06-14T12:00:00.000Z; cases.agreement.validUntil=2026-06-16T12:00:00.000Z',
  'no-assessment': 'cases.assessment=false',
  'retrievals:0': 'retrievals=0',
  'one-guest': 'scope.guests=1',
  'no-sensitive': 'scope.sensitive=0',
  'without-consent': 'scope.withoutConsent=[]',
  'with-consent': 'scope.withoutConsent=[]',
  'plans-published': 'scope.unpublishedPlans=false',
  'no-dispute-elsewhere': 'scope.disputeElsewhere=false; scope.disputeUnknown=false',
  'not-major': 'scope.disputeOrMajorComplaint=false',
  'complaint-of-others': 'scope.ofNamedComplaint=false',
  'others-clients': 'scope.ownClients=false',
  'marketing-consent': 'scope.withoutMarketingConsent=false',
};

function said(facts: RequestFacts, but = /^$/): Record<string, string> {
  return Object.fromEntries(
    singleChanges(facts).map((change) => [
      change.what,
      differencesOf(facts, change.facts)
        .filter((difference) => !but.test(difference))
        .join('; '),
    ]),
  );
}

const named = (prefix: string) =>
  singleChanges(bare)
    .filter(({ what }) => what.startsWith(prefix))
    .map((change) => [
      change.what.slice(prefix.length),
      differencesOf(bare, change.facts).filter((difference) => !difference.startsWith('recipient.')),
    ]);

describe('a single change', () => {
  it('of a request with nothing on file changes what it names, and nothing else', () => {
    expect(said(bare, /^recipient\./)).toMatchObject(OF_BARE);
  });

  it('of a request with everything on file changes what it names, and nothing else', () => {
    expect(said(full)).toMatchObject(OF_FULL);
  });

  it('always changes something', () => {
    for (const facts of [bare, full]) {
      for (const change of singleChanges(facts)) {
        expect([change.what, differencesOf(facts, change.facts)]).not.toEqual([change.what, []]);
      }
    }
  });

  it('reaches the recipient where that is the requester, and nobody else', () => {
    const inactive = (facts: RequestFacts) =>
      singleChanges(facts).find(({ what }) => what === 'inactive')?.facts.recipient.active;
    expect(inactive(bare)).toBe(false);
    expect(inactive(full)).toBe(true);
  });

  it('asks in every other role, which the requester then holds beside the others', () => {
    const given = { hotels: '*', grantedBy: 'p_hr', since: '2000-01-01T00:00:00.000Z' };
    expect(named('role:')).toEqual(
      ROLE_NAMES.filter((role) => role !== 'legal').map((role) => [
        role,
        [
          `grant.requesterRole=${role}`,
          `requester.roles=${JSON.stringify([...bare.requester.roles, { role, ...given }])}`,
        ],
      ]),
    );
    const twice = { ...bare, grant: { ...bare.grant, requesterRole: 'sales' as const } };
    const back = singleChanges(twice).find(({ what }) => what === 'role:legal');
    expect(back?.facts.requester.roles).toEqual([{ role: 'legal', ...given }]);
  });

  it('tries every other purpose, basis, subject, masking and platform', () => {
    const other = (path: string, names: readonly string[], usualOne: string) =>
      names.filter((name) => name !== usualOne).map((name) => [name, [`grant.${path}=${name}`]]);
    expect(named('purpose:')).toEqual(other('purpose', PURPOSES, 'dispute'));
    expect(named('basis:')).toEqual(other('basis', BASES, 'legal-claim'));
    expect(named('subject:')).toEqual(other('subjectKind', SUBJECT_KINDS, 'phone'));
    expect(named('masking:')).toEqual(other('masking', ASKED_MASKINGS, 'masked'));
    expect(named('platform:')).toEqual(
      SOURCES.filter((source) => source !== 'wecom').map((source) => [
        source,
        [`grant.platforms=["${source}"]`],
      ]),
    );
    expect(named('works-in:')).toEqual(
      ['SG', 'EU'].map((place) => [place, [`requester.jurisdiction=${place}`]]),
    );
  });

  it('adds every other category and takes each of the own away, in the file and in what is found', () => {
    const of = (categories: readonly string[]) => JSON.stringify(categories);
    expect(named('category+')).toEqual(
      CATEGORIES.filter((category) => !bare.grant.categories.includes(category)).map((category) => [
        category,
        [
          `grant.categories=${of([...bare.grant.categories, category])}`,
          `scope.categories=${of([...bare.grant.categories, category])}`,
        ],
      ]),
    );
    expect(named('category-')).toEqual([
      ['enquiry', ['grant.categories=["complaint"]', 'scope.categories=["complaint"]']],
      ['complaint', ['grant.categories=["enquiry"]']],
    ]);
    expect(named('found:')).toEqual(
      CATEGORIES.filter((category) => category !== 'enquiry').map((category) => [
        category,
        [`scope.categories=${of(['enquiry', category])}`],
      ]),
    );
  });

  it('takes off file what is on file, and supposes that nothing was searched', () => {
    const [matter, agreement] = [{ open: true }, { covers: true, validFrom: NOON, validUntil: NOON }];
    const onFile = { ...bare, cases: { ...bare.cases, matter, agreement } };
    const changes = singleChanges(onFile);
    const facts = (what: string) => changes.find((change) => change.what === what)?.facts;
    expect(facts('matter-not-on-file')).toEqual({ ...onFile, cases: { ...onFile.cases, matter: null } });
    expect(facts('no-agreement')).toEqual({ ...onFile, cases: { ...onFile.cases, agreement: null } });
    expect(facts('not-searched')).toEqual({ ...onFile, scope: null });
    for (const { what, zh, en } of changes) {
      expect([what, zh]).toEqual([what, expect.stringMatching(/\p{Script=Han}/u)]);
      expect([what, en]).toEqual([what, expect.stringMatching(/ /)]);
    }
  });

  it('says how many sensitive records it supposes', () => {
    const [below] = singleChanges(bare).filter(({ what }) => what === 'sensitive-below');
    expect(below).toMatchObject({ zh: '敏感记录 49 条', en: '49 sensitive records' });
  });

  it('tries each platform that is not asked for', () => {
    const two = { ...bare, grant: { ...bare.grant, platforms: ['wecom' as const, 'line' as const] } };
    const platforms = singleChanges(two).filter(({ what }) => what.startsWith('platform:'));
    expect(platforms.map(({ what }) => what)).toEqual(
      SOURCES.filter((source) => source !== 'wecom' && source !== 'line').map(
        (source) => `platform:${source}`,
      ),
    );
  });

  it('supposes no scope where there was no search, no own hotel where none is named, no hotel that isn’t', () => {
    const changes = singleChanges({
      ...bare,
      scope: null,
      grant: { ...bare.grant, hotels: [] },
      region: { ...bare.region, hotels: [], chainHotels: [] },
    }).map(({ what }) => what);
    expect(changes).not.toContain('no-records');
    expect(changes).not.toContain('not-searched');
    for (const what of ['own-hotel', 'hotel-added', 'hotel-outside-region', 'found:dispute', undefined]) {
      expect(changes).not.toContain(what);
    }
  });

  it('dates an incident by now where the request has no range, and knows no other hotel where there is none', () => {
    const alone = {
      ...bare,
      grant: { ...bare.grant, from: null, to: null },
      region: { ...bare.region, hotels: ['SHA01'] },
    };
    const changes = said(alone, /^recipient\./);
    expect(changes['incident']).toContain(`cases.incident.from=${NOON.toISOString()}`);
    expect(changes['incident']).toContain(`cases.incident.to=${NOON.toISOString()}`);
    expect(changes['another-hotel']).toBe('requester.hotel=');
  });
});

describe('single changes', () => {
  it('come in the same order each time, each once', () => {
    for (const facts of [bare, full]) {
      const names = singleChanges(facts).map(({ what }) => what);
      expect(singleChanges(facts).map(({ what }) => what)).toEqual(names);
      expect(new Set(names).size).toBe(names.length);
    }
    expect(singleChanges(bare).length).toBeGreaterThan(120);
  });

  it('are said in both languages, each in its own words', () => {
    for (const facts of [bare, full]) {
      const changes = singleChanges(facts);
      for (const { what, zh, en } of changes) {
        expect([what, zh]).toEqual([what, expect.stringMatching(/\p{Script=Han}/u)]);
        expect([what, en]).toEqual([what, expect.stringMatching(/^[\p{Script=Latin}\d].* .*$/u)]);
        expect([what, en]).toEqual([what, expect.not.stringMatching(/\p{Script=Han}/u)]);
      }
      expect(new Set(changes.map(({ zh }) => zh)).size).toBe(changes.length);
      expect(new Set(changes.map(({ en }) => en)).size).toBe(changes.length);
    }
  });
});
