import { z } from 'zod';

export const POLICY_FILE = /^[a-z0-9/-]+\.cedar$/;

/**
 * The rulebook as it is published: a Cedar schema and Cedar policy files, word for word. Its digest (`digestOf`) is its
 * name: a request pins it, and the evidence bucket keeps it under `rule-sets/<hex>.json`.
 */
export const ruleSetDocumentSchema = z.strictObject({
  version: z.literal(1),
  schema: z.string(),
  /** Sorted by `file`. Files under `chain/` are a hotel chain's own: they may add and tighten, never allow. */
  policies: z.array(z.strictObject({ file: z.string().regex(POLICY_FILE), text: z.string() })),
});
export type RuleSetDocument = z.infer<typeof ruleSetDocumentSchema>;
