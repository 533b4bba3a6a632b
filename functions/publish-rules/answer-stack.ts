import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';

/** What CloudFormation sends to a custom resource (CloudFormation User Guide, "Custom resource request objects"). */
export const stackEventSchema = z.object({
  RequestType: z.enum(['Create', 'Update', 'Delete']),
  ResponseURL: z.url(),
  StackId: z.string(),
  RequestId: z.string(),
  LogicalResourceId: z.string(),
});
export type StackEvent = z.infer<typeof stackEventSchema>;

/** CloudFormation didn't take the answer; it waits for one until its own timeout. */
export class StackNotAnsweredError extends Error {
  override name = 'StackNotAnsweredError';
}

const ATTEMPTS = 4;
const REASON_CHARACTERS = 1_000;

/** Tells CloudFormation how it went, at the address that it gave for the answer. @throws StackNotAnsweredError */
export async function answerStack(
  event: StackEvent,
  answer: { data: Record<string, string> } | { failure: string },
): Promise<void> {
  const body = JSON.stringify({
    ...('data' in answer
      ? { Status: 'SUCCESS', Data: answer.data }
      : { Status: 'FAILED', Reason: answer.failure.slice(0, REASON_CHARACTERS) }),
    // One resource for the life of the stack: a new id would have CloudFormation delete the old one.
    PhysicalResourceId: 'rule-set',
    StackId: event.StackId,
    RequestId: event.RequestId,
    LogicalResourceId: event.LogicalResourceId,
  });
  let last: unknown;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    try {
      // Bytes, since the address is signed without a content type and a string would bring one.
      const response = await fetch(event.ResponseURL, { method: 'PUT', body: Buffer.from(body) });
      if (response.ok) return;
      last = new Error(`HTTP ${response.status}`);
    } catch (error) {
      last = error;
    }
    if (attempt < ATTEMPTS) await wait(250 * 2 ** attempt);
  }
  throw new StackNotAnsweredError('CloudFormation did not take the answer', { cause: last });
}
