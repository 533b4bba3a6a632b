import type { AccessGrant } from '../../../../shared/domain/access-grant.ts';
import type { Person } from '../../../../shared/domain/person.ts';
import { decideReadingFreeText } from '../../../../shared/policy/decide-reading-free-text.ts';
import { NO_CASES, type RequestFacts } from '../../../../shared/policy/facts.ts';
import {
  allowed,
  asks,
  asksFor,
  decides,
  opens,
  provisions,
  type RuleCase,
  refused,
} from '../case-builders.ts';
import {
  approval,
  approved,
  checked,
  director,
  lawyer,
  officer,
  opened,
  provisionFacts,
  REGION,
  request,
  scopeFacts,
  secondLawyer,
} from '../staff.ts';
import { ASKED, askedBy, INSTRUMENT } from './reach.ts';

/** What the route adds (A2, A3, A9), the red lines, and the checks before access (L1). */

const byDirector = askedBy('infosec-director', { matter: null, ticket: 'T-77' }, { requester: director });
const found = (scope: Partial<NonNullable<RequestFacts['scope']>>, grant: Partial<AccessGrant> = {}) =>
  asks({ grant: request(grant), scope: scopeFacts(scope) });
const withCases = (changes: Partial<RequestFacts['cases']>): Partial<RequestFacts> => ({
  cases: { ...NO_CASES, ...changes },
});

const legalReview: RuleCase[] = [
  refused(
    'A2.own-request',
    'a lawyer reviews the own request',
    decides({ grant: checked({ route: ['legal', 'privacy-officer'] }), actor: lawyer, role: 'legal' }),
    'A1.requester',
    'A1.recipient',
  ),
  allowed(
    'A2.own-request',
    'another lawyer reviews it',
    decides({ grant: checked({ route: ['legal', 'privacy-officer'] }), actor: secondLawyer, role: 'legal' }),
  ),
  allowed('A2', 'a dispute is in scope', found({ disputeOrMajorComplaint: true })),
  allowed(
    'A2.complaint',
    'a supervisor reaches further back for a named complaint',
    asks(
      askedBy(
        'supervisor',
        { from: '2026-06-09T08:00:00.000Z', to: '2026-06-15T08:00:00.000Z', ticket: 'C-9' },
        {
          ...withCases({ complaint: { open: true, major: false, hotels: ['SHA01'] } }),
          scope: scopeFacts({ ofNamedComplaint: true }),
        },
      ),
    ),
  ),
];

const abroad = (who: Person): Person => ({ ...who, jurisdiction: 'EU' });
const readsFrom = (who: Person, grant = checked()): RuleCase['decide'] => {
  return (ruleSet) => decideReadingFreeText(ruleSet, { region: REGION, grant, actor: who });
};
const regions: RuleCase[] = [
  allowed('A3', 'a hotel of another region is asked for too', asksFor({ hotels: ['SHA01', 'FRA01'] })),
  allowed('A3.hotel', 'both hotels of the region are asked for', asksFor({ hotels: ['SHA01', 'HGH02'] })),
  refused('A3.hotel', 'a hotel outside the chain is asked for', asksFor({ hotels: ['SHA01', 'NYC01'] })),
  refused('A3.elsewhere', 'hotels of other regions alone', asksFor({ hotels: ['FRA01', 'SIN01'] })),
  refused('A3.recipient-abroad', 'the recipient works abroad', asks({ recipient: abroad(lawyer) })),
  allowed(
    'A3.recipient-abroad',
    'a transfer mechanism is on file for the recipient',
    asks({ requester: abroad(lawyer), recipient: abroad(lawyer), transferOnFile: true }),
  ),
  refused(
    'A3.abroad',
    'somebody abroad opens',
    opens({ actor: abroad(lawyer), requester: abroad(lawyer), recipient: abroad(lawyer) }),
    'A3.recipient-abroad',
  ),
  allowed(
    'A3.abroad',
    'somebody abroad opens on a transfer mechanism',
    opens({
      actor: abroad(lawyer),
      requester: abroad(lawyer),
      recipient: abroad(lawyer),
      transferOnFile: true,
    }),
  ),
  refused('A3.free-text-abroad', 'an approver abroad reads the remarks', readsFrom(abroad(officer))),
  allowed('A3.free-text-abroad', 'the requester abroad reads the own', readsFrom(abroad(lawyer))),
];

const fewApprovers = (scope: Partial<NonNullable<RequestFacts['scope']>>) => {
  const grant = approved({
    requester: director.personId,
    recipient: director.personId,
    requesterRole: 'infosec-director',
    route: ['legal', 'privacy-officer'],
  });
  const both = {
    ...grant,
    approvals: [approval(grant, lawyer, 'legal'), approval(grant, officer, 'privacy-officer')],
  };
  return provisions({
    ...provisionFacts({ grant: both }),
    requester: director,
    recipient: director,
    scope: scopeFacts(scope),
  });
};
const many: RuleCase[] = [
  allowed(
    'A9',
    'fifty sensitive records',
    found({ sensitive: 50 }, { necessity: 'sealed', impactAssessment: 'P-1' }),
  ),
  allowed('A9', 'two guests', found({ guests: 2 })),
  refused(
    'A9.not-agreed',
    'two guests are in scope, and no second infosec director agreed',
    fewApprovers({ guests: 2 }),
    'A1.route-incomplete',
  ),
  allowed('A9.not-agreed', 'one guest is in scope', fewApprovers({ guests: 1 })),
];

// A level that no request file can ask for: a row from elsewhere, as JSON brings it.
function maskedAs(masking: string): AccessGrant {
  return JSON.parse(JSON.stringify({ ...request(), masking }));
}

const masking: RuleCase[] = [
  allowed(
    'R1',
    'names and contacts are shown, identity and card numbers stay masked',
    asksFor({ masking: 'named' }),
  ),
  allowed('R1', 'records are pseudonymised', asksFor({ masking: 'pseudonymised' })),
  refused('R1', 'records are asked for unmasked', asks({ grant: maskedAs('unmasked') })),
];

const plans: RuleCase[] = [
  refused('R2', 'a plan that is not published was found', found({ unpublishedPlans: true })),
  allowed(
    'R2',
    'published plans alone were found',
    found({ categories: ['complaint-plan'] }, { categories: ['complaint-plan'] }),
  ),
  allowed('R2', 'plans are asked for, before the search', asks({ scope: null })),
];

const disputes: RuleCase[] = [
  refused(
    'R3',
    'another department deals with a dispute of the guest',
    asks({ ...byDirector, scope: scopeFacts({ disputeElsewhere: true }) }),
  ),
  refused('R3', 'legal asks with another matter than the dispute’s', found({ disputeElsewhere: true })),
  allowed(
    'R3',
    'no dispute is elsewhere, or legal asks with its own matter',
    found({ disputeElsewhere: false }),
  ),
  refused(
    'R3.unknown',
    'nobody put the dispute on file',
    asks({ ...byDirector, scope: scopeFacts({ disputeUnknown: true }) }),
  ),
  allowed('R3.unknown', 'legal asks for it with its matter', found({ disputeUnknown: true })),
];

const retrievals: RuleCase[] = [
  allowed('R4', 'two were granted this month', asks({ retrievals: 2 })),
  refused('R4', 'three were granted this month', asks({ retrievals: 3 })),
  refused('R4', 'three others were granted before it is made ready', provisions({ retrievals: 3 })),
];

const untrained: Person = { ...lawyer, training: { ...lawyer.training, system: null } };
const lapsed: Person = { ...lawyer, training: { ...lawyer.training, exam: '2025-12-31T23:59:59.000Z' } };
const training: RuleCase[] = [
  allowed('R10.training', 'the training is passed', asks({})),
  refused('R10.training', 'the requester was never trained', asks({ requester: untrained })),
  refused(
    'R10.training',
    'the recipient who opens was never trained',
    opens({
      grant: opened({ recipient: secondLawyer.personId }),
      recipient: { ...secondLawyer, training: untrained.training },
      actor: { ...secondLawyer, training: untrained.training },
    }),
  ),
  allowed(
    'R10.exam',
    'the exam of the quarter before counts',
    asks({ requester: { ...lawyer, training: { ...lawyer.training, exam: '2026-01-02T00:00:00.000Z' } } }),
  ),
  refused('R10.exam', 'the exam of two quarters ago', asks({ requester: lapsed })),
  refused(
    'R10.exam',
    'the exam has lapsed by the time of the opening',
    opens({ requester: lapsed, recipient: lapsed, actor: lapsed }),
  ),
];

const cites = (instrument: Partial<typeof INSTRUMENT>, jurisdiction: 'CN' | 'EU' | 'SG' = 'CN') =>
  asks({
    ...ASKED['liaison'],
    ...withCases({ instrument: { ...INSTRUMENT, ...instrument } }),
    region: { ...REGION, jurisdiction },
  });
const foreign: RuleCase[] = [
  refused('R12.china', 'a foreign court without a Chinese approval', cites({ foreign: true })),
  refused('R12.china', 'a treaty is no Chinese approval', cites({ foreign: true, treaty: true })),
  allowed('R12.china', 'the Chinese authority approved', cites({ foreign: true, chineseApproval: true })),
  allowed('R12.china', 'a court of this country', cites({})),
  refused(
    'R12.china',
    'legal cites a foreign order',
    asks({
      grant: request({ instrument: true }),
      ...withCases({ instrument: { ...INSTRUMENT, foreign: true } }),
    }),
  ),
  refused(
    'R12.eu',
    'a foreign court without a treaty',
    cites({ foreign: true, chineseApproval: true }, 'EU'),
  ),
  allowed('R12.eu', 'a foreign court on a treaty', cites({ foreign: true, treaty: true }, 'EU')),
  allowed('R12.eu', 'a foreign court in Singapore', cites({ foreign: true }, 'SG')),
];

const stated: Partial<AccessGrant> = { necessity: 'sealed', impactAssessment: 'PIA-3' };
const sensitive: RuleCase[] = [
  allowed('R14.necessity', 'necessity and assessment are named', found({ sensitive: 1 }, stated)),
  refused('R14.necessity', 'no necessity is stated', found({ sensitive: 1 }, { impactAssessment: 'PIA-3' })),
  refused(
    'R14.necessity',
    'sensitive records alone are asked for, before the search',
    asks({ grant: request({ categories: ['stay', 'key-card'], impactAssessment: 'PIA-3' }), scope: null }),
  ),
  allowed(
    'R14.necessity',
    'sensitive records are asked for among others, before the search',
    asks({ grant: request({ categories: ['stay', 'enquiry'] }), scope: null }),
  ),
  refused('R14.assessment', 'no assessment is named', found({ sensitive: 1 }, { necessity: 'sealed' })),
  allowed(
    'R14.assessment',
    'an assessment on file covers it',
    asks({
      grant: request({ necessity: 'sealed' }),
      scope: scopeFacts({ sensitive: 1 }),
      ...withCases({ assessment: true }),
    }),
  ),
  refused(
    'R14.separate-consent',
    'consent is the basis, and nobody consented separately',
    found({ sensitive: 1, withoutSeparateConsent: true }, { ...stated, basis: 'consent' }),
  ),
  allowed(
    'R14.separate-consent',
    'a legal claim is the basis',
    found({ sensitive: 1, withoutSeparateConsent: true }, stated),
  ),
  refused(
    'R14.never',
    'a sensitive record was found in the scope of sales',
    asks(askedBy('sales', { ...stated, categories: ['enquiry'] }, { scope: scopeFacts({ sensitive: 1 }) })),
  ),
  refused(
    'R14.never',
    'a trainer asks for stays',
    asks({
      ...ASKED['trainer'],
      grant: { ...(ASKED['trainer']?.grant ?? request()), ...stated, categories: ['stay', 'enquiry'] },
    }),
  ),
];

const original: Partial<AccessGrant> = { masking: 'original' };
const filed = withCases({ matter: { open: true } });
const threeApproved = (() => {
  const grant = approved({ ...original, route: ['infosec-director', 'legal', 'privacy-officer'] });
  return {
    ...grant,
    approvals: [
      approval(grant, director, 'infosec-director'),
      approval(grant, secondLawyer, 'legal'),
      approval(grant, officer, 'privacy-officer'),
    ],
  };
})();
const production: RuleCase[] = [
  allowed('E1', 'legal asks for originals of a filed matter', asks({ grant: request(original), ...filed })),
  allowed(
    'E1',
    'plans and disputes are no bar to a court',
    asks({
      grant: request(original),
      ...filed,
      scope: scopeFacts({ unpublishedPlans: true, disputeElsewhere: true, disputeUnknown: true }),
    }),
  ),
  allowed(
    'E1.filed',
    'liaison asks for originals on an instrument',
    asks({
      ...ASKED['liaison'],
      grant: { ...(ASKED['liaison']?.grant ?? request()), ...original },
    }),
  ),
  refused('E1.filed', 'the matter is not on file', asks({ grant: request(original) })),
  refused(
    'E1.filed',
    'the matter is closed',
    asks({ grant: request(original), ...withCases({ matter: { open: false } }) }),
    'T7.matter-closed',
  ),
  refused(
    'E1.role',
    'the infosec director asks for originals',
    asks({
      ...byDirector,
      ...filed,
      grant: { ...(byDirector.grant ?? request()), ...original },
    }),
  ),
  refused(
    'E1.instrument',
    'the instrument does not name what is asked for',
    asks({ grant: request(original), ...withCases({ instrument: { ...INSTRUMENT, covers: false } }) }),
  ),
  refused(
    'E1.basis',
    'originals on a notice',
    asks({ grant: request({ ...original, basis: 'notice' }), ...filed }),
  ),
  refused(
    'E1.three',
    'two approved',
    provisions({ grant: approved(original), ...filed }),
    'E1.not-built',
    'A1.route-incomplete',
  ),
  refused('E1.not-built', 'three approved', provisions({ grant: threeApproved, ...filed })),
  refused(
    'E1.not-built',
    'originals are opened',
    opens({
      ...provisionFacts({ grant: threeApproved }),
      grant: {
        ...threeApproved,
        state: 'open',
        provisionedAt: '2026-06-15T10:00:00.000Z',
        windowEnds: '2026-06-18T10:00:00.000Z',
        staged: opened().staged,
      },
      ...filed,
    }),
  ),
];

const threeChecks: RuleCase[] = [
  allowed('L1.reason', 'reason, permission and record are there', provisions({})),
  refused(
    'L1.reason',
    'the row has no purpose',
    provisions({ grant: approved({ purpose: null }) }),
    'R6.purpose',
  ),
  refused('L1.reason', 'the row has no basis', provisions({ grant: approved({ basis: null }) }), 'R6.basis'),
  refused(
    'L1.permission',
    'nobody approved',
    provisions({ grant: approved({ approvals: [] }) }),
    'A1.too-few',
    'A1.route-incomplete',
  ),
  refused(
    'L1.record',
    'the row has no scope',
    provisions({ grant: approved({ scope: null }), scopeDigestNow: 'sha256:0' }),
    'A7.scope',
  ),
  allowed('L1.staged', 'the records were made ready', opens({})),
  refused('L1.staged', 'nothing was made ready', opens({ grant: opened({ staged: null }) })),
];

export const RED_LINE_CASES: readonly RuleCase[] = [
  ...legalReview,
  ...regions,
  ...many,
  ...masking,
  ...plans,
  ...disputes,
  ...retrievals,
  ...training,
  ...foreign,
  ...sensitive,
  ...production,
  ...threeChecks,
];
