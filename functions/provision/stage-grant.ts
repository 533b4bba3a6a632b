import { SealedObjectError } from '../../shared/crypto/sealed-object-error.ts';
import { openStaged, sealStaged } from '../../shared/crypto/staged-object.ts';
import { sha256 } from '../../shared/domain/digest.ts';
import { deliveryKeys } from '../../shared/loop/delivery-keys.ts';
import type { RequestKeys } from '../../shared/ports/keys.ts';
import type { ObjectStore } from '../../shared/ports/objects.ts';

export type StageDependencies = {
  requestKeys: Pick<RequestKeys, 'create'>;
  delivery: Pick<ObjectStore, 'get' | 'put' | 'putOnce'>;
};

/** Where the records lie, and what lies there. */
export type StagedObject = { key: string; digest: string; bytes: number };

/**
 * Puts the approved records under the grant's own key into the delivery bucket. A second run that stages the same
 * leaves what is there, so that two runs side by side agree on one object and its digest.
 */
export async function stageGrant(
  requestId: string,
  plaintext: Uint8Array,
  { requestKeys, delivery }: StageDependencies,
): Promise<StagedObject> {
  const key = deliveryKeys.staged(requestId);
  const grantKey = await requestKeys.create('grant', requestId);
  const sealed = sealStaged(grantKey, requestId, plaintext);
  if ((await delivery.putOnce(key, sealed)) === 'written') return stated(key, sealed);
  const there = await delivery.get(key);
  if (there !== null && stagesTheSame(there, grantKey, requestId, plaintext)) return stated(key, there);
  await delivery.put(key, sealed);
  return stated(key, sealed);
}

function stagesTheSame(
  there: Uint8Array,
  grantKey: Uint8Array,
  requestId: string,
  plaintext: Uint8Array,
): boolean {
  try {
    return openStaged(grantKey, requestId, there).equals(plaintext);
  } catch (error) {
    if (error instanceof SealedObjectError) return false;
    throw error;
  }
}

function stated(key: string, sealed: Uint8Array): StagedObject {
  return { key, digest: sha256(sealed), bytes: sealed.length };
}
