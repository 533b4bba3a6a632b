import { existsSync, readdirSync } from 'node:fs';
import { RuleSetInvalidError } from './rule-set-invalid-error.ts';

/**
 * A chain's own policies lie in a folder for each region. A folder that isn't there, one that no region has, or a policy
 * beside the folders would come into force nowhere, and nobody would know: a name that is mistyped must not lift a rule.
 * @throws RuleSetInvalidError naming what is out of place, under `policies/`.
 */
export function refuseStrayPolicies(regions: readonly string[], policies: URL): void {
  const names = regions.join(', ');
  if (!existsSync(policies)) {
    throw new RuleSetInvalidError('policies/', 1, { zh: '没有此文件夹', en: 'there is no such folder' });
  }
  for (const entry of readdirSync(policies, { withFileTypes: true })) {
    if (entry.isDirectory() && !regions.includes(entry.name)) {
      throw new RuleSetInvalidError(`policies/${entry.name}/`, 1, {
        zh: `infra/regions.json 中没有这个区域;现有 ${names}`,
        en: `no region of infra/regions.json has this name; there are ${names}`,
      });
    }
    if (entry.isFile() && entry.name.endsWith('.cedar')) {
      throw new RuleSetInvalidError(`policies/${entry.name}`, 1, {
        zh: '规则须放在其区域的文件夹内',
        en: 'a policy lies in the folder of its region',
      });
    }
  }
}
