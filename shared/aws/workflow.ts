import {
  ExecutionAlreadyExists,
  InvalidToken,
  SendTaskFailureCommand,
  SendTaskSuccessCommand,
  type SFNClient,
  StartExecutionCommand,
  TaskDoesNotExist,
  TaskTimedOut,
} from '@aws-sdk/client-sfn';
import type { StartInput } from '../domain/step-input.ts';
import type { Workflow } from '../ports/workflow.ts';

/**
 * The state machine of the retrieval. An execution is named by its request, so that there is never a second one; what
 * passes in and out of it are ids and codes alone. Functions that start nothing give no ARN.
 */
export function stepFunctionsWorkflow(sfn: SFNClient, stateMachineArn?: string): Workflow {
  return {
    async start(requestId: string): Promise<void> {
      const input: StartInput = { version: 1, requestId };
      try {
        await sfn.send(
          new StartExecutionCommand({ stateMachineArn, name: requestId, input: JSON.stringify(input) }),
        );
      } catch (error) {
        if (!(error instanceof ExecutionAlreadyExists)) throw error;
      }
    },

    async release(token: string): Promise<'released' | 'gone'> {
      try {
        await sfn.send(
          new SendTaskSuccessCommand({ taskToken: token, output: JSON.stringify({ released: true }) }),
        );
        return 'released';
      } catch (error) {
        if (isGone(error)) return 'gone';
        throw error;
      }
    },

    async giveUp(token: string): Promise<void> {
      try {
        await sfn.send(new SendTaskFailureCommand({ taskToken: token, error: 'TokenNotKept' }));
      } catch (error) {
        if (!isGone(error)) throw error;
      }
    },
  };
}

function isGone(error: unknown): boolean {
  return error instanceof TaskDoesNotExist || error instanceof TaskTimedOut || error instanceof InvalidToken;
}
