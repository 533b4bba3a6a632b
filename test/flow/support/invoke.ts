import { InvokeCommand } from '@aws-sdk/client-lambda';
import { functionName, lambda } from './stack.ts';

/** Invokes a function as the platform would; throws with the error's name where it failed. */
export async function invoke(name: string, payload: object): Promise<unknown> {
  const answer = await lambda.send(
    new InvokeCommand({ FunctionName: functionName(name), Payload: Buffer.from(JSON.stringify(payload)) }),
  );
  const text = Buffer.from(answer.Payload ?? new Uint8Array()).toString('utf8');
  if (answer.FunctionError !== undefined) throw new Error(`${name} failed: ${text.slice(0, 300)}`);
  return text === '' ? null : JSON.parse(text);
}
