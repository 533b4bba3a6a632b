import type { AccessGrant } from '../../shared/domain/access-grant.ts';
import { isIncident } from '../../shared/domain/break-glass.ts';
import type { Case } from '../../shared/domain/case.ts';
import { RECONCILER, type ReconcileDependencies } from './reconcile-dependencies.ts';

/** Something else is on file under the number of this incident. */
export class IncidentNotFiledError extends Error {
  override name = 'IncidentNotFiledError';
}

/** The file number of the incident of a break-glass: one for each, however often it is looked at. */
export function incidentReference({ registerNumber }: Pick<AccessGrant, 'registerNumber'>): string {
  return `L5-${registerNumber}`;
}

/**
 * L5: break-glass that is over without what had to follow is an incident: a case of its own, with an alarm. False where it
 * is none, or was opened already.
 */
export async function openIncident(
  grant: AccessGrant,
  now: Date,
  { cases, did }: Pick<ReconcileDependencies, 'cases' | 'did'>,
): Promise<boolean> {
  if (!isIncident(grant)) return false;
  const reference = incidentReference(grant);
  if ((await cases.filed('incident', reference)) !== null) return false;
  const { requestId, hotels, provisionedAt, endReason } = grant;
  const incident: Case = {
    kind: 'incident',
    reference,
    hotels,
    recordedAt: now.toISOString(),
    recordedBy: RECONCILER,
    broughtBy: [],
    formerly: { guests: [], hotels: [] },
    from: provisionedAt ?? now.toISOString(),
    to: now.toISOString(),
    closedAt: null,
  };
  const filed = await cases.file(incident, null, {
    at: now,
    actor: RECONCILER,
    data: { requestId, endReason, told: ['internal-audit', 'privacy-officer'] },
  });
  if (filed === 'filed') {
    did('emergency-incident', 1);
    return true;
  }
  if ((await cases.filed('incident', reference)) !== null) return false;
  throw new IncidentNotFiledError(`The incident of ${requestId} could not be filed`);
}
