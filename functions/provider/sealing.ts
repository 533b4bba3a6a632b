import { sealText, textCommitment } from '../../shared/crypto/sealed-text.ts';
import type { ProviderRequest } from '../../shared/domain/provider-request.ts';
import { evidenceKeyOf } from '../../shared/loop/evidence-key.ts';
import { requestTexts } from '../../shared/loop/request-texts.ts';
import type { ProviderDependencies } from './provider-dependencies.ts';

type What = Parameters<typeof requestTexts.provider>[2];

/** Seals what is typed about a provider request, each text for its own place, under the evidence key of its access request. */
export async function sealing(
  { requestId, providerRequestId }: Pick<ProviderRequest, 'requestId' | 'providerRequestId'>,
  { keys }: Pick<ProviderDependencies, 'keys'>,
) {
  const key = await evidenceKeyOf(keys, requestId);
  return (what: What, text: string) => {
    const place = requestTexts.provider(requestId, providerRequestId, what);
    return { sealed: sealText(key, place, text), commitment: textCommitment(key, place, text) };
  };
}
