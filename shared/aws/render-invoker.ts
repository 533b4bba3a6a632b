import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { z } from 'zod';
import type { CopyRenderer, CopyToRender } from '../ports/copy-renderer.ts';
import { invokeLater } from './invoke-later.ts';

/** The function that renders copies failed; nothing was opened. `errorName` is the name of what it threw. */
export class RenderFailedError extends Error {
  override name = 'RenderFailedError';
  readonly errorName: string;
  constructor(errorName: string, options?: ErrorOptions) {
    super(`The copy was not rendered: ${errorName}`, options);
    this.errorName = errorName;
  }
}

const failureSchema = z.object({ errorType: z.string().regex(/^[\w.]{1,80}$/) });

/** Renders by invoking the render function. */
export function renderInvoker(lambda: LambdaClient, functionName: string): CopyRenderer {
  return {
    async render(copy: CopyToRender): Promise<void> {
      const answer = await lambda.send(
        new InvokeCommand({
          FunctionName: functionName,
          InvocationType: 'RequestResponse',
          Payload: Buffer.from(JSON.stringify(inputOf(copy))),
        }),
      );
      if (answer.FunctionError !== undefined) throw new RenderFailedError(failureName(answer.Payload));
    },

    renderLater: (copy: CopyToRender) => invokeLater(lambda, functionName, inputOf(copy)),
  };
}

function inputOf({ requestId, openingId }: CopyToRender): CopyToRender {
  return { requestId, openingId };
}

/** The error's name alone: its message may repeat what it worked on. */
function failureName(answer: Uint8Array | undefined): string {
  try {
    const parsed = failureSchema.safeParse(JSON.parse(Buffer.from(answer ?? []).toString('utf8')));
    return parsed.success ? parsed.data.errorType : 'unknown';
  } catch {
    return 'unknown';
  }
}
