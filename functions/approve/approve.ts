import { dynamoClient, kmsClient, s3Client } from '../../shared/aws/clients.ts';
import { environment } from '../../shared/runtime/environment.ts';
import { DECISION_VARIABLES, decisionApi } from './decision-api.ts';

export const handler = decisionApi(environment(...DECISION_VARIABLES), {
  dynamo: dynamoClient(),
  kms: kmsClient(),
  s3: s3Client(),
});
