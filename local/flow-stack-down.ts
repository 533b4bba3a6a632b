import { forgetState, stopEmbeddedAws } from './embedded-aws.ts';
import { readSettings } from './settings.ts';

/** Stops and removes the flow tests' deployment (jest's globalTeardown). Its logs stay. */
export default async function takeFlowStackDown(): Promise<void> {
  const settings = readSettings();
  await stopEmbeddedAws(settings);
  await forgetState(settings);
}
