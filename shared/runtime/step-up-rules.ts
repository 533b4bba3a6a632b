import type { RelyingParty } from '../domain/step-up.ts';

/** How steps-up are checked here: the site, R5's answer to keys that software keeps, and A6's time. */
export function stepUpRules(
  env: { RP_ID: string; RP_ORIGINS: string; SOFTWARE_DEVICES: 'allowed' | 'refused' },
  { rules }: { rules: { stepUpSeconds: number } },
): { relyingParty: RelyingParty; maxSeconds: number; softwareDevices: 'allowed' | 'refused' } {
  return {
    relyingParty: { rpId: env.RP_ID, origins: env.RP_ORIGINS.split(' ') },
    maxSeconds: rules.stepUpSeconds,
    softwareDevices: env.SOFTWARE_DEVICES,
  };
}
