import { pythonOfTests } from './python-of-tests.ts';

/** Before the unit tests (jest's globalSetup): once, so that two tests at a time never install it both. */
export default async function installPython(): Promise<void> {
  await pythonOfTests();
}
