import { raisePrivateStack } from './private-stack.ts';

/** The flow tests' own deployment (jest's globalSetup). */
export default async function bringFlowStackUp(): Promise<void> {
  process.stdout.write('\n');
  await raisePrivateStack('flow');
}
