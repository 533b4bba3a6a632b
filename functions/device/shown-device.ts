import { sha256 } from '../../shared/domain/digest.ts';
import type { Device } from '../../shared/domain/step-up.ts';

/** A device as the API shows it. The fingerprint is what whoever confirms it compares with its owner. */
export function shownDevice({ publicKey, backedUp: _shownNowhere, ...device }: Device): object {
  return { ...device, fingerprint: sha256(Buffer.from(publicKey, 'base64url')) };
}
