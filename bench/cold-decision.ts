import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { digestOf } from '../shared/domain/digest.ts';
import { personSchema } from '../shared/domain/person.ts';
import { ruleSetDocumentSchema } from '../shared/domain/rule-set-document.ts';
import { requestFacts } from '../shared/facts/gather-facts.ts';
import { decideRequest } from '../shared/policy/decide-request.ts';
import { readyRuleSet } from '../shared/policy/rule-set.ts';
import { inMemoryCases } from '../test/fakes/in-memory-cases.ts';
import { inMemoryDirectory } from '../test/fakes/in-memory-directory.ts';
import { NOON, REGION, request, scopeFacts } from '../test/shared/policy/staff.ts';

declare global {
  /** When the bundle's code began: its banner's clock. */
  var startedAt: number;
}

/**
 * What a function does from its start to its first decision, but for fetching the published rule set: reads and digests
 * it, readies it, reads by their ids whom the request is about from a folder that stands for the directory's table, decides.
 * Run as a child, bundled as functions are; prints the milliseconds since its code began.
 */
const [file = '', people = ''] = process.argv.slice(2);
const document = ruleSetDocumentSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
const ruleSet = readyRuleSet({ digest: digestOf(document), document });
const grant = request();
const concerned = [...new Set([grant.requester, grant.recipient])].map((personId) =>
  personSchema.parse(JSON.parse(readFileSync(join(people, `${personId}.json`), 'utf8'))),
);
const sources = {
  directory: inMemoryDirectory(...concerned),
  cases: inMemoryCases(),
  region: REGION,
  now: NOON,
};
const { outcome } = decideRequest(ruleSet, await requestFacts(sources, grant, scopeFacts()));
const endedAt = performance.now();
process.stdout.write(JSON.stringify({ outcome, startedAt: globalThis.startedAt, endedAt }));
