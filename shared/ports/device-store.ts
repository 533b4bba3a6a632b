import type { Device, IssuedChallenge } from '../domain/step-up.ts';
import type { EventDraft } from './grant-store.ts';

/** `stale`: it is there already, its state isn't the one that was read, or the nonce was used. */
export type DeviceChange = 'done' | 'stale';

/** People's devices (directory table). Each change is one transaction with its event on the chain `device/<person>`. */
export type DeviceStore = {
  read(person: string, credentialId: string): Promise<Device | null>;
  /** Devices of a person, revoked ones too, oldest first. */
  of(person: string): Promise<Device[]>;
  /** A new device in `pending`, using up the nonce that it was registered with; with the event `device-offered`. */
  offer(device: Device, challenge: IssuedChallenge, event: EventDraft): Promise<DeviceChange>;
  /** `pending` → `enrolled`, with the event `device-enrolled`. */
  confirm(device: Device, confirmed: { by: string; at: string }, event: EventDraft): Promise<DeviceChange>;
  /** → `revoked`, with the event `device-revoked`. */
  revoke(device: Device, revoked: { by: string; at: string }, event: EventDraft): Promise<DeviceChange>;
};
