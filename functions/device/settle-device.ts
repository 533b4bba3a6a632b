import { sha256 } from '../../shared/domain/digest.ts';
import type { Person } from '../../shared/domain/person.ts';
import type { Device } from '../../shared/domain/step-up.ts';
import { deny } from '../../shared/domain/verdict.ts';
import { currentRuleSet } from '../../shared/facts/rule-sets-in-force.ts';
import { decideDevice } from '../../shared/policy/decide-device.ts';
import type { DeviceAct, RegionFacts } from '../../shared/policy/facts.ts';
import type { DeviceStore } from '../../shared/ports/device-store.ts';
import type { Directory } from '../../shared/ports/directory.ts';
import type { RuleSets } from '../../shared/ports/rule-sets.ts';
import { conflict, done, type HttpResult, notFound, ok, refused } from '../../shared/runtime/http-result.ts';
import { shownDevice } from './shown-device.ts';

export type SettleDependencies = {
  devices: Pick<DeviceStore, 'read' | 'of' | 'confirm' | 'revoke'>;
  directory: Pick<Directory, 'byId'>;
  ruleSets: RuleSets;
  region: RegionFacts;
};

export type DeviceCall = { actor: Person; owner: string; credentialId: string; now: Date };

/** A second person confirms a device that its owner enrolled: from then on it signs. Sent again it answers what stands. */
export async function confirmDevice(call: DeviceCall, dependencies: SettleDependencies): Promise<HttpResult> {
  const device = await allowedDevice('confirm-device', call, dependencies);
  if ('status' in device) return device;
  if (device.state === 'revoked') return refused(deny('R5', 'device-revoked'));
  if (device.state === 'enrolled') return ok(shownDevice(device));
  const confirmed = { by: call.actor.personId, at: call.now.toISOString() };
  const outcome = await dependencies.devices.confirm(device, confirmed, eventOf(device, call));
  if (outcome === 'stale') return conflict('A6', 'device-changed-meanwhile');
  return done(shownDevice({ ...device, state: 'enrolled', confirmed }));
}

/** The owner or infosec-director revokes a device, confirmed or not: from then on it signs nothing. */
export async function revokeDevice(call: DeviceCall, dependencies: SettleDependencies): Promise<HttpResult> {
  const device = await allowedDevice('revoke-device', call, dependencies);
  if ('status' in device) return device;
  if (device.state === 'revoked') return ok(shownDevice(device));
  const revoked = { by: call.actor.personId, at: call.now.toISOString() };
  const outcome = await dependencies.devices.revoke(device, revoked, eventOf(device, call));
  if (outcome === 'stale') return conflict('A6', 'device-changed-meanwhile');
  // Whoever enrols devices and revokes them again shows no conduct by it (R9).
  const answered = call.actor.personId === call.owner ? ok : done;
  return answered(shownDevice({ ...device, state: 'revoked', revoked }));
}

/** Somebody's devices, revoked ones too. */
export async function listDevices(
  call: Omit<DeviceCall, 'credentialId'>,
  dependencies: SettleDependencies,
): Promise<HttpResult> {
  const refusal = await refusalOf('see-devices', call, dependencies);
  if (refusal !== null) return refusal;
  return ok({ person: call.owner, devices: (await dependencies.devices.of(call.owner)).map(shownDevice) });
}

async function allowedDevice(
  act: DeviceAct,
  call: DeviceCall,
  dependencies: SettleDependencies,
): Promise<Device | HttpResult> {
  const refusal = await refusalOf(act, call, dependencies);
  if (refusal !== null) return refusal;
  const device = await dependencies.devices.read(call.owner, call.credentialId);
  return (
    device ?? notFound({ zh: '此人没有这个设备', en: 'this person has no such device' }, 'body.credentialId')
  );
}

async function refusalOf(
  act: DeviceAct,
  { actor, owner: ownerId, now }: Omit<DeviceCall, 'credentialId'>,
  { directory, ruleSets, region }: SettleDependencies,
): Promise<HttpResult | null> {
  const [owner, ruleSet] = await Promise.all([
    ownerId === actor.personId ? actor : directory.byId(ownerId),
    currentRuleSet(ruleSets),
  ]);
  if (owner === null) return notFound({ zh: '没有此人', en: 'there is no such person' }, 'body.person');
  const verdict = decideDevice(ruleSet, { now, region, actor, owner, act });
  return verdict.outcome === 'deny' ? refused(verdict) : null;
}

function eventOf({ credentialId, kind, publicKey }: Device, { actor, now }: DeviceCall) {
  const data = { credentialId, kind, publicKey: sha256(Buffer.from(publicKey, 'base64url')) };
  return { at: now, actor: actor.personId, data };
}
