import { SetupFailure } from './setup-failure.ts';

/** Runs a command to its end; what somebody can mend is one line, anything else the whole error. Sets the exit code. */
export async function main(command: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof SetupFailure) process.stderr.write(`${command}: ${error.message}\n`);
    else console.error(error);
    process.exitCode = 1;
  }
}
