import type { RegionConfig } from '../shared/domain/region-config.ts';

/**
 * What the embedded AWS (MiniStack 1.5.33) lacks or does otherwise, and what is therefore left out under the context
 * `local=true`. Nothing else in infra/ asks where it runs. test/infra/local-differences.test.ts asserts that the real
 * template has each of these.
 */
export type Differences = {
  /** Bucket policies deny plain HTTP; the embedded AWS serves HTTP and enforces that deny. */
  deniesPlainHttp: boolean;
  /** `aws:PrincipalArn` of a role's session is the role; there it is the session (`assumed-role/ROLE/SESSION`). */
  principalIsRole: boolean;
  /** Conditions on `kms:EncryptionContext:*` and `kms:ViaService`: valid calls are denied there. */
  encryptionContextConditions: boolean;
  /** Task responses on the state machine's own ARN: not matched there, allowed on every machine instead. */
  taskResponsesOnMachine: boolean;
  /** Execution logs and traces of the state machine: not there. */
  executionLogs: boolean;
  /** Embedded metrics become metrics by themselves; there a log subscription and the function metrics-bridge do it. */
  embeddedMetrics: boolean;
  /** Alarms on the platform's own metrics, told apart by dimensions: there is neither the metric nor the dimension. */
  platformAlarms: boolean;
  /** A second factor at sign-in: not enforced there, and the demo people sign in without a phone. */
  secondFactor: boolean;
  /** Stateful resources outlive their stack. */
  retainsState: boolean;
  /** Functions take an injected time, so that deadlines and expiry can be shown without waiting. Never in the cloud. */
  injectableClock: boolean;
};

export const EVERYWHERE: Differences = {
  deniesPlainHttp: true,
  principalIsRole: true,
  encryptionContextConditions: true,
  taskResponsesOnMachine: true,
  executionLogs: true,
  embeddedMetrics: true,
  platformAlarms: true,
  secondFactor: true,
  retainsState: true,
  injectableClock: false,
};

export const LOCALLY: Differences = {
  deniesPlainHttp: false,
  principalIsRole: false,
  encryptionContextConditions: false,
  taskResponsesOnMachine: false,
  executionLogs: false,
  embeddedMetrics: false,
  platformAlarms: false,
  secondFactor: false,
  retainsState: false,
  injectableClock: true,
};

const LOCAL_REGION = 'cn-north-1';
/** WebAuthn takes `localhost` for a secure origin. */
export const LOCAL_SITE = { rpId: 'localhost', origins: ['http://localhost'] };

/**
 * The region that is deployed locally: the China entry with its hotels, with a Cognito pool as the issuer (there is no
 * other to sign in to), steps-up for this machine by keys that software keeps, and archives that an administrator can
 * remove again.
 */
export function localRegion(regions: readonly RegionConfig[]): RegionConfig {
  const entry = regions.find(({ region }) => region === LOCAL_REGION);
  if (entry === undefined)
    throw new Error(`infra/regions.json has no region ${LOCAL_REGION} to deploy locally`);
  return {
    ...entry,
    identity: { kind: 'cognito' },
    stepUp: LOCAL_SITE,
    // The demo's people sign with keys that the command keeps: there is nobody to touch a device.
    rules: { ...entry.rules, softwareDevices: 'allowed' },
    archive: { ...entry.archive, mode: 'GOVERNANCE' },
  };
}
