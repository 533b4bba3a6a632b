import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { stepHandler } from '../../../shared/runtime/step-handler.ts';
import { CONTEXT } from './api-event.ts';

class BlockMissingError extends Error {
  override name = 'BlockMissingError';
  readonly of = '王小明';
}

async function thrown(act: () => Promise<never>): Promise<Error> {
  const error: unknown = await stepHandler(z.unknown(), act)({}, CONTEXT).then(
    () => null,
    (broken: unknown) => broken,
  );
  if (!(error instanceof Error)) throw new Error('It threw no error');
  return error;
}

/** All that the platform's runtime prints of what a function throws. */
function printed(error: Error): string {
  return JSON.stringify([error.name, error.message, error.stack, error.cause, Object.entries(error)]);
}

describe('what breaks in a step', () => {
  it('reaches the platform by its name, for Retry and Catch, and by nothing that repeats its input', async () => {
    const cause = new Error('13800138000');
    const error = await thrown(() => Promise.reject(new BlockMissingError('block of 王小明', { cause })));
    expect(error.name).toBe('BlockMissingError');
    expect(printed(error)).not.toMatch(/王小明|13800138000/);
    expect(error.cause).toBeUndefined();
  });

  it('keeps the name of an input that is none, without its values', async () => {
    const handler = stepHandler(z.strictObject({ requestId: z.literal('x') }), async () => 'done');
    const error: unknown = await handler({ requestId: '王小明', 王小明: 1 }, CONTEXT).then(
      () => null,
      (broken: unknown) => broken,
    );
    expect(error).toMatchObject({ name: 'ZodError' });
    expect(error instanceof Error && printed(error)).not.toContain('王小明');
  });

  it('is an Error where something else was thrown, or its name is no name', async () => {
    expect((await thrown(() => Promise.reject('王小明'))).name).toBe('Error');
    const named = Object.assign(new Error('x'), { name: '王小明 13800138000' });
    const error = await thrown(() => Promise.reject(named));
    expect(error.name).toBe('Error');
    expect(printed(error)).not.toContain('王小明');
  });
});
