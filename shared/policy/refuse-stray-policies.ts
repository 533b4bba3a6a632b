import { existsSync, readdirSync } from 'node:fs';
import { RuleSetInvalidError } from './rule-set-invalid-error.ts';

/**
 * A chain's own policies lie in a folder for each region. A folder that isn't there, one that no region has, or a policy
 * beside the folders or deeper in them would come into force nowhere, and nobody would know: a name that is mistyped must not lift a rule.
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
    if (entry.isDirectory()) refuseStrayIn(`policies/${entry.name}/`, new URL(`${entry.name}/`, policies));
  }
}

/** Beside its policies a region's folder may have notes, and nothing that somebody could take for a policy. */
function refuseStrayIn(place: string, folder: URL): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isFile() && /\.(cedar|md)$/.test(entry.name)) continue;
    throw new RuleSetInvalidError(`${place}${entry.name}`, 1, {
      zh: '区域的文件夹内只放规则文件(以小写 .cedar 结尾)与说明(.md),不分下级文件夹',
      en: 'a region’s folder has policy files (ending in .cedar, in small letters) and notes (.md), and no folders',
    });
  }
}
