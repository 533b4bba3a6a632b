import type { AccessGrant } from '../domain/access-grant.ts';
import type { CaseOf } from '../domain/case.ts';
import { type Person, rolesFor } from '../domain/person.ts';
import type { InstrumentTerms } from '../domain/stated-instrument.ts';
import type { NamedCases } from '../policy/facts.ts';
import type { Cases } from '../ports/cases.ts';

/**
 * The cases on file that a request names, as far as they bear on it. A ticket's number may be that of a complaint or an
 * incident, and so may a matter's.
 */
export async function namedCases(
  grant: AccessGrant,
  recipient: Person,
  { cases, now }: { cases: Cases; now: Date },
): Promise<NamedCases> {
  async function read<Kind extends 'matter' | 'instrument' | 'agreement' | 'assessment'>(
    kind: Kind,
    reference: string | null | undefined,
  ): Promise<CaseOf<Kind> | null> {
    return reference ? cases.read(kind, reference) : null;
  }
  /** Every one that the ticket or the matter is the number of: each of them opens something, the first is the one asked for. */
  async function ofTicketOrMatter<Kind extends 'complaint' | 'incident'>(
    kind: Kind,
  ): Promise<CaseOf<Kind>[]> {
    const references = [...new Set([grant.ticket, grant.matter])].filter((reference) => reference !== null);
    const found = await Promise.all(references.map((reference) => cases.read(kind, reference)));
    return found.filter((filed) => filed !== null);
  }
  const [matter, complaints, incidents, instrument, agreement, assessment] = await Promise.all([
    read('matter', grant.matter),
    ofTicketOrMatter('complaint'),
    ofTicketOrMatter('incident'),
    read('instrument', grant.instrumentNumber),
    read('agreement', grant.agreement),
    read('assessment', grant.impactAssessment),
  ]);
  const [complaint = null, incident = null] = [complaints[0], incidents[0]];
  const named = [matter, ...complaints, ...incidents, instrument, agreement, assessment];
  return {
    matter: matter && { open: isOpen(matter, now) },
    complaint: complaint && {
      open: isOpen(complaint, now),
      major: complaint.major,
      hotels: complaint.hotels,
    },
    incident: incident && {
      open: isOpen(incident, now),
      hotels: incident.hotels,
      from: new Date(incident.from),
      to: new Date(incident.to),
    },
    instrument: instrumentFacts(
      instrument === null ? statedIn(grant) : termsOf(instrument),
      grant,
      recipient,
      now,
    ),
    agreement: agreement && {
      ...validity(agreement),
      covers:
        agreement.recipient === grant.recipient &&
        isAmong(grant.purpose, agreement.purposes) &&
        isAmong(grant.basis, agreement.bases) &&
        areAmong(grant.categories, agreement.categories) &&
        areAmong(grant.hotels, agreement.hotels),
    },
    assessment:
      assessment !== null &&
      isValid(assessment, now) &&
      isAmong(grant.purpose, assessment.purposes) &&
      areAmong(grant.categories, assessment.categories) &&
      areAmong(grant.hotels, assessment.hotels),
    broughtBy: [...new Set(named.flatMap((filed) => filed?.broughtBy ?? []))],
  };
}

/** What an instrument says for the rules, whether it is on file or stated in the request alone. */
type InstrumentTermsOnFile = Omit<InstrumentTerms, 'type' | 'secret'> & {
  reference: string;
  hotels: readonly string[] | null;
};

/**
 * What is on file goes before what a request states of it. That an authority approved it, or a treaty bears it, counts on
 * file alone, where a second person confirmed it (R12).
 */
function statedIn({ instrumentNumber, instrumentTerms }: AccessGrant): InstrumentTermsOnFile | null {
  if (instrumentNumber === undefined || instrumentTerms === undefined) return null;
  return { ...instrumentTerms, approved: false, treaty: false, reference: instrumentNumber, hotels: null };
}

function termsOf(instrument: CaseOf<'instrument'>): InstrumentTermsOnFile {
  return {
    ...instrument,
    approved: instrument.approvalNumber !== null,
    treaty: instrument.treaty !== null,
  };
}

function instrumentFacts(
  terms: InstrumentTermsOnFile | null,
  grant: AccessGrant,
  recipient: Person,
  now: Date,
): NamedCases['instrument'] {
  if (terms === null) return null;
  const { reference, foreign, approved, treaty, hotels, platforms, categories, from, to, officers, dueAt } =
    terms;
  return {
    reference,
    foreign,
    chineseApproval: approved,
    treaty,
    ...validity(terms),
    covers:
      (hotels === null || areAmong(grant.hotels, hotels)) &&
      (platforms === null || areAmong(grant.platforms, platforms)) &&
      (categories === null || areAmong(grant.categories, categories)) &&
      (from === null || (grant.from !== null && new Date(grant.from) >= new Date(from))) &&
      (to === null || (grant.to !== null && new Date(grant.to) <= new Date(to))),
    officer:
      officers.includes(recipient.personId) || rolesFor(recipient, grant.hotels, now).includes('legal'),
    dueAt: dueAt === null ? null : new Date(dueAt),
  };
}

/** Transfer mechanisms on file for the recipient, valid now and for every hotel asked for (A3). */
export async function transfersOnFile(
  { recipient, hotels }: Pick<AccessGrant, 'recipient' | 'hotels'>,
  { cases, now }: { cases: Pick<Cases, 'transfersTo'>; now: Date },
): Promise<CaseOf<'transfer'>[]> {
  const transfers = await cases.transfersTo(recipient);
  return transfers.filter((transfer) => isValid(transfer, now) && areAmong(hotels, transfer.hotels));
}

function isOpen({ closedAt }: { closedAt: string | null }, now: Date): boolean {
  return closedAt === null || now < new Date(closedAt);
}

function isValid(filed: { validFrom: string; validUntil: string }, now: Date): boolean {
  const { validFrom, validUntil } = validity(filed);
  return validFrom <= now && now < validUntil;
}

function validity(filed: { validFrom: string; validUntil: string }): { validFrom: Date; validUntil: Date } {
  return { validFrom: new Date(filed.validFrom), validUntil: new Date(filed.validUntil) };
}

function isAmong<Code extends string>(code: Code | null, codes: readonly Code[]): boolean {
  return code !== null && codes.includes(code);
}

function areAmong<Code extends string>(some: readonly Code[], all: readonly Code[]): boolean {
  return some.every((code) => all.includes(code));
}
