import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';

/**
 * Hands an input to a function and doesn't wait: the platform repeats it where it fails, then leaves it as a dead letter
 * (`invokedLater` in its entry, infra/functions/<name>.ts; docs/operations.md, "dead-letters").
 */
export async function invokeLater(lambda: LambdaClient, functionName: string, input: object): Promise<void> {
  await lambda.send(
    new InvokeCommand({
      FunctionName: functionName,
      InvocationType: 'Event',
      Payload: Buffer.from(JSON.stringify(input)),
    }),
  );
}
