import { readFileSync } from 'node:fs';
import { digestOf } from '../shared/domain/digest.ts';
import { ruleSetDocumentSchema } from '../shared/domain/rule-set-document.ts';
import { decideRequest } from '../shared/policy/decide-request.ts';
import { readyRuleSet } from '../shared/policy/rule-set.ts';
import { requestFacts } from '../test/shared/policy/staff.ts';

declare global {
  /** When the bundle's code began: its banner's clock. */
  var startedAt: number;
}

/**
 * What a function does from its start to its first decision, but for fetching the published rule set: reads and digests
 * it, readies it, decides. Run as a child, bundled as functions are; prints the milliseconds since its code began.
 */
const [file = ''] = process.argv.slice(2);
const document = ruleSetDocumentSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
const ruleSet = readyRuleSet({ digest: digestOf(document), document });
const { outcome } = decideRequest(ruleSet, requestFacts());
const endedAt = performance.now();
process.stdout.write(JSON.stringify({ outcome, startedAt: globalThis.startedAt, endedAt }));
