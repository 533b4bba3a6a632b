import { decideOnRequest } from '../../functions/approve/decide-on-request.ts';
import { archiveRetrieval } from '../../functions/archive/archive-retrieval.ts';
import { bringForm } from '../../functions/emergency/bring-form.ts';
import { viewEmergency } from '../../functions/emergency/view-emergency.ts';
import { endRequest } from '../../functions/end/end-request.ts';
import { follow } from '../../functions/reconcile/finish-what-was-begun.ts';
import type { ReconcileDependencies } from '../../functions/reconcile/reconcile-dependencies.ts';
import { sweep } from '../../functions/reconcile/sweep.ts';
import { decodeBlockIndex } from '../../shared/crypto/block-index.ts';
import type { AccessGrant } from '../../shared/domain/access-grant.ts';
import { decidingRole } from '../../shared/domain/deciding-role.ts';
import type { Person } from '../../shared/domain/person.ts';
import type { Role } from '../../shared/domain/roles.ts';
import type { StepUpBody } from '../../shared/domain/step-up.ts';
import type { ActToSign } from '../../shared/step-up/verify-step-up.ts';
import * as staff from '../shared/policy/staff.ts';
import { approvedRetrieval, type MediumOfTest, REQUEST_ID } from './approved-retrieval.ts';
import { inMemoryNotices } from './in-memory-notices.ts';
import { inMemoryProviderStore } from './in-memory-provider-store.ts';

export const ROUTE = ['infosec-director', 'legal', 'privacy-officer'] as const satisfies Role[];

/** What check leaves of a lawyer's break-glass: it waits an hour for the approver on call. */
export const WAITING: Partial<AccessGrant> = {
  state: 'requested',
  purpose: 'safety',
  basis: 'vital-interest',
  emergency: true,
  windowHours: 4,
  route: [...ROUTE],
  approvals: [],
  deadline: '2026-06-15T13:00:00.000Z',
  emergencyAsked: {
    at: staff.NOON.toISOString(),
    formBegunAt: staff.NOON.toISOString(),
    months: ['2026-06'],
  },
};

/** Break-glass over a guest's records in custody, with every step that it goes through, each as its function runs it. */
export async function brokenGlass(
  changes: Partial<AccessGrant> = {},
  records = staff.REGION.rules.emergencyRecords,
  media: readonly MediumOfTest[] = [],
) {
  const world = await approvedRetrieval({ ...WAITING, ...changes }, media);
  const region = { ...world.region, rules: { ...world.region.rules, emergencyRecords: records } };
  const did: string[] = [];
  const archived: string[] = [];
  const telling = inMemoryNotices();
  const common = {
    ...world,
    region,
    store: world.grants,
    stepUps: world.signing.sources(world.evidence),
    emergency: { places: world.places, cases: world.cases, emergencies: world.grants.emergencies },
    emergencyOpened: () => {
      did.push('emergency-opened');
    },
    broke: (error: unknown) => {
      throw error;
    },
    blockRefused: () => {
      did.push('block-refused');
    },
  };
  const ofRequests = { ...common, keys: world.requestKeys };
  const ofCustody = { ...common, keys: world.custodyKeys };
  const reconciling: ReconcileDependencies = {
    ...ofRequests,
    archive: async (requestId) => {
      archived.push(requestId);
    },
    providers: inMemoryProviderStore(),
    notices: telling.notices,
    noticeFailed: telling.noticeFailed,
    batches: { stalled: async () => [], resume: async () => undefined },
    uploads: { abortOlderThan: async () => 0 },
    did: (what) => {
      did.push(what);
    },
  };

  /** What the own device signs of a look now. */
  async function signLook({ personId }: Person, changes: Partial<ActToSign> = {}): Promise<StepUpBody> {
    const { requestDigest } = await world.row();
    return world.signing.sign({
      action: 'view-emergency',
      subject: REQUEST_ID,
      digest: requestDigest ?? '',
      role: null,
      reason: null,
      person: personId,
      now: world.clock(),
      ...changes,
    });
  }

  return {
    ...world,
    region,
    did,
    archived,
    told: telling.told,
    /** The records in scope, by id. */
    frozenIds: world.blocks.flatMap(({ index }) => decodeBlockIndex(index).map(({ recordId }) => recordId)),
    async decide(actor: Person, decision: 'approve' | 'deny' = 'approve', role?: Role) {
      const grant = await world.row();
      const now = world.clock();
      const digest = grant.requestDigest ?? '';
      const reason = '人命关天';
      const stepUp = world.signing.sign({
        action: decision,
        subject: REQUEST_ID,
        digest,
        role: decidingRole(grant, actor, role, now),
        reason,
        person: actor.personId,
        now,
      });
      const named = role === undefined ? {} : { role };
      return decideOnRequest(
        {
          requestId: REQUEST_ID,
          actor,
          body: { decision, reason, requestDigest: digest, stepUp, asOf: undefined, ...named },
          now,
        },
        ofRequests,
      );
    },
    /** Another break-glass that this approver opened this month. */
    async used(actor: Person, requestId: string) {
      const other = { ...(await world.row()), requestId, version: 1 };
      world.grants.seed(other);
      const event = { at: world.clock(), actor: actor.personId, data: {} };
      const use = { person: actor.personId, part: 'opened' as const, months: ['2026-06'], limit: 3 };
      await world.grants.breakGlass(other, 'break', {}, event, use);
    },
    signLook,
    /** A look, signed by the own device where it isn't said otherwise. */
    async view(actor: Person, given: StepUpBody | 'unsigned' | null = null) {
      const stepUp = given === 'unsigned' ? undefined : (given ?? (await signLook(actor)));
      return viewEmergency({ requestId: REQUEST_ID, actor, device: 'a-browser', stepUp }, ofCustody);
    },
    /** The device that somebody signs with is lost: revoked from now on. They sign with it all the same. */
    revokeDeviceOf({ personId }: Person) {
      if (!world.signing.keys.has(personId)) return;
      const revoked = { by: 'p_director', at: world.clock().toISOString() };
      world.signing.change(world.signing.deviceOf(personId), { state: 'revoked', revoked });
    },
    /** They sign with another device from now on, enrolled and confirmed. */
    enrolAnotherFor({ personId }: Person) {
      world.signing.keys.delete(personId);
    },
    form: (actor: Person, number = 'F-2026-9') =>
      bringForm({ requestId: REQUEST_ID, actor, number, now: world.clock() }, ofCustody),
    end: (actor: Person, ending: 'close' | 'revoke' | 'withdraw') =>
      endRequest(
        { requestId: REQUEST_ID, actor, ending, reason: '不再需要', now: world.clock() },
        ofRequests,
      ),
    sweep: () => sweep(world.clock(), reconciling),
    follow: () => follow(REQUEST_ID, world.clock(), reconciling),
    archive: () =>
      archiveRetrieval(
        { version: 1, requestId: REQUEST_ID },
        {
          ...ofRequests,
          region: 'cn-north-1',
          providers: inMemoryProviderStore(),
          prints: { ofRequest: async () => [] },
        },
      ),
  };
}
export type BrokenGlass = Awaited<ReturnType<typeof brokenGlass>>;
