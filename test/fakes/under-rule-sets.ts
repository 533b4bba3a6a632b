import type { AccessGrant } from '../../shared/domain/access-grant.ts';
import { requestDigest } from '../../shared/domain/request-digest.ts';
import type { inMemoryRuleSets } from './in-memory-rule-sets.ts';

const FILE = 'frozen.cedar';
export const FROZEN = 'frozen-by-the-chain';

/** A chain's own rule that refuses this act, `when` its condition holds. */
export function freezes(action: string, when = 'true'): string {
  return `@id("L5.frozen")
@reason("${FROZEN}")
@zh("本集团已暂停")
@en("the chain has stopped it")
forbid (principal is Person, action == Action::"${action}", resource is Request) when { ${when} };`;
}

type World = {
  ruleSets: ReturnType<typeof inMemoryRuleSets>;
  row(): Promise<AccessGrant>;
  grants: { seed(grant: AccessGrant): void };
};

/** Which of the two sets, the one in force and the one that the request pinned, has a rule that the other lacks. */
export const STRICTER_ONE: readonly [string, (world: World, policy: string) => Promise<void>][] = [
  ['in force', async ({ ruleSets }, policy) => ruleSets.tighten(FILE, policy)],
  [
    'that the request pinned',
    async (world, policy) => {
      world.ruleSets.tighten(FILE, policy);
      const { digest: ruleSet } = await world.ruleSets.current();
      const pinned = { ...(await world.row()), ruleSet };
      world.grants.seed({ ...pinned, requestDigest: requestDigest(pinned) });
      world.ruleSets.loosen(FILE);
    },
  ],
];
