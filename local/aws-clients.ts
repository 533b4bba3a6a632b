import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** Where the embedded AWS answers, and in which region. */
export type Place = { endpoint: string; region: string };

/** Clients of the embedded AWS with its root credentials: for setting up, never what the product runs with. */
export function rootClients({ endpoint, region }: Place) {
  const client = { endpoint, region, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
  return {
    cloudFormation: new CloudFormationClient(client),
    cognito: new CognitoIdentityProviderClient(client),
    dynamo: DynamoDBDocumentClient.from(new DynamoDBClient(client)),
    kms: new KMSClient(client),
    s3: new S3Client({ ...client, forcePathStyle: true }),
    states: new SFNClient(client),
  };
}
export type RootClients = ReturnType<typeof rootClients>;
