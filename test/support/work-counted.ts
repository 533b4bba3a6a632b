import { Session } from 'node:inspector/promises';

/**
 * How much is done by the code of this repository's folder `folder` (`/shared/sources/`), as V8 counts it: how often each
 * function was called and each block of it was run, such as the body of a loop. The same work is the same count on every
 * machine. What regular expressions and built-in functions do within themselves isn't in it. Modules must be imported
 * after the counting began for their blocks to be counted, not their functions alone.
 */
export async function workCounter(folder: string): Promise<{
  /** What was done since the last time it was asked. */
  taken(): Promise<number>;
  end(): Promise<void>;
}> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  return {
    async taken() {
      const { result } = await session.post('Profiler.takePreciseCoverage');
      return result
        .filter(({ url }) => url.includes(folder))
        .flatMap(({ functions }) => functions)
        .flatMap(({ ranges }) => ranges)
        .reduce((sum, { count }) => sum + count, 0);
    },
    async end() {
      await session.post('Profiler.stopPreciseCoverage');
      session.disconnect();
    },
  };
}
