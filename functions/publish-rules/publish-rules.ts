import { dynamoClient, s3Client } from '../../shared/aws/clients.ts';
import { custodyLog } from '../../shared/aws/custody-log.ts';
import { objectStore } from '../../shared/aws/object-store.ts';
import { publishRuleSet } from '../../shared/aws/rule-sets.ts';
import { admittedRuleSet } from '../../shared/policy/admitted-rule-set.ts';
import { environment } from '../../shared/runtime/environment.ts';
import { regionConfig, regionFacts } from '../../shared/runtime/region.ts';
import { stepHandler } from '../../shared/runtime/step-handler.ts';
import { stackEventSchema } from './answer-stack.ts';
import { publishForStack } from './publish-for-stack.ts';

const config = environment('DUALKEY_REGION', 'CASES_TABLE', 'EVENTS_TABLE', 'EVIDENCE_BUCKET');
const dynamo = dynamoClient();
const store = {
  casesTable: config.CASES_TABLE,
  dynamo,
  evidence: objectStore(config.EVIDENCE_BUCKET, s3Client()),
  custody: custodyLog(config.EVENTS_TABLE, dynamo),
};

export const handler = stepHandler(stackEventSchema, (event) =>
  publishForStack(event, {
    bundled: () => admittedRuleSet(regionFacts(regionConfig(config.DUALKEY_REGION))),
    publish: (ruleSet) => publishRuleSet(ruleSet, new Date(), store),
  }),
);
