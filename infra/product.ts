import { type App, CliCredentialsStackSynthesizer, type StackProps, Validations } from 'aws-cdk-lib/core';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { RegionConfig } from '../shared/domain/region-config.ts';
import { admittedRuleSet } from '../shared/policy/admitted-rule-set.ts';
import { refuseStrayPolicies } from '../shared/policy/refuse-stray-policies.ts';
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
  if (policies !== undefined) {
    refuseStrayPolicies(
      regions.map(({ region }) => region),
      policies,
    );
  }
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
