import { certificateKeys, deletionCertificateSchema } from '../../shared/domain/deletion-certificate.ts';
import { LIMITS } from '../../shared/domain/limits.ts';
import type { Person } from '../../shared/domain/person.ts';
import type { RegionConfig } from '../../shared/domain/region-config.ts';
import { currentRuleSet } from '../../shared/facts/rule-sets-in-force.ts';
import { decideDuty } from '../../shared/policy/decide-duty.ts';
import type { ObjectStore } from '../../shared/ports/objects.ts';
import type { RuleSets } from '../../shared/ports/rule-sets.ts';
import { type HttpResult, ok, refused } from '../../shared/runtime/http-result.ts';
import { regionFacts } from '../../shared/runtime/region.ts';

export type ListDependencies = {
  region: RegionConfig;
  ruleSets: RuleSets;
  evidence: Pick<ObjectStore, 'get' | 'list'>;
};

/** The newest certificates of deletion of the hotels that this person may see them of. */
export async function listCertificates(
  { actor }: { actor: Person },
  { region, ruleSets, evidence }: ListDependencies,
): Promise<HttpResult> {
  const ruleSet = await currentRuleSet(ruleSets);
  const verdictFor = (hotels: string[]) =>
    decideDuty(ruleSet, { region: regionFacts(region), actor, duty: 'see-certificates', hotels });
  const verdict = verdictFor([]);
  if (verdict.outcome === 'deny') return refused(verdict);

  const keys = (await evidence.list(certificateKeys.folder)).filter((key) => key.endsWith('.json')).sort();
  const newest = keys.slice(-LIMITS.listedRequests).reverse();
  const certificates = await Promise.all(
    newest.map(async (key) => {
      const bytes = await evidence.get(key);
      if (bytes === null) return [];
      const certificate = deletionCertificateSchema.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
      return verdictFor([certificate.what.hotel]).outcome === 'allow' ? [certificate] : [];
    }),
  );
  return ok({ certificates: certificates.flat() });
}
