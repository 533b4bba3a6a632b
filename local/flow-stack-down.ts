import { dropPrivateStack } from './private-stack.ts';

/** Stops and removes the flow tests' deployment (jest's globalTeardown). */
export default async function takeFlowStackDown(): Promise<void> {
  await dropPrivateStack();
}
