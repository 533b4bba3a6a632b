import { existsSync, readdirSync } from 'node:fs';
import { type App, CliCredentialsStackSynthesizer, type StackProps, Validations } from 'aws-cdk-lib/core';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { RegionConfig } from '../shared/domain/region-config.ts';
import { admittedRuleSet } from '../shared/policy/admitted-rule-set.ts';
import { RuleSetInvalidError } from '../shared/policy/rule-set-invalid-error.ts';
import { regionFacts } from '../shared/runtime/region.ts';
import type { CodeOf } from './bundle.ts';
import { FlowStack } from './flow-stack.ts';
import { EVERYWHERE, LOCALLY, localRegion } from './local-differences.ts';
import { acknowledgeFindings } from './nag-reasons.ts';
import { StateStack } from './state-stack.ts';

export type RegionStacks = { region: string; state: StateStack; flow: FlowStack };

/**
 * Adds the product to an app: for each region a stack that keeps and a stack that acts; locally one region's pair.
 * `policies` is the chain's own policy folder, as the bundles carry it.
 */
export function addProduct(
  app: App,
  regions: readonly RegionConfig[],
  { local, code, policies }: { local: boolean; code: CodeOf; policies?: URL },
): RegionStacks[] {
  refuseStrayPolicies(regions, policies);
  const differences = local ? LOCALLY : EVERYWHERE;
  const deployed = local ? [localRegion(regions)] : regions;
  const stacks = deployed.map((config) => {
    const { region } = config;
    const common = { config, differences, tags: { product: 'dualkey' } };
    const state = new StateStack(app, `Dualkey-${region}-State`, {
      ...placed(region, local),
      ...common,
      description: 'Dualkey: what is kept (keys, tables, buckets)',
      terminationProtection: differences.retainsState,
    });
    const flow = new FlowStack(app, `Dualkey-${region}-Flow`, {
      ...placed(region, local),
      ...common,
      description: 'Dualkey: what acts (functions, workflow, API, schedules, alarms)',
      state,
      code,
      ruleSet: admittedRuleSet(regionFacts(config), policies).digest,
    });
    return { region, state, flow };
  });
  if (!local) {
    for (const { state, flow } of stacks) acknowledgeFindings(state, flow);
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  }
  return stacks;
}

/** A folder that no region has, or a policy beside the folders, would come into force nowhere, and nobody would know. */
function refuseStrayPolicies(regions: readonly RegionConfig[], policies: URL | undefined): void {
  if (policies === undefined || !existsSync(policies)) return;
  const names = regions.map(({ region }) => region).join(', ');
  for (const entry of readdirSync(policies, { withFileTypes: true })) {
    if (entry.isDirectory() && !regions.some(({ region }) => region === entry.name)) {
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

/**
 * Locally without an environment: partition, region and account are whatever the endpoint says. The roles of a
 * bootstrapped account are refused there, so that the CLI's own credentials deploy.
 */
function placed(region: string, local: boolean): StackProps {
  if (!local) return { env: { region } };
  // Assigned, since the library's own synthesizers don't satisfy its interface under exact optional properties.
  const placement: StackProps = {};
  return Object.assign(placement, { synthesizer: new CliCredentialsStackSynthesizer() });
}
