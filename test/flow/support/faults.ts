import { DeleteRolePolicyCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { functionName, iam } from './stack.ts';

/**
 * Makes a function fail at one effect, as a crash there would: an explicit deny on its role for just that action.
 * Runs `work` meanwhile and gives the right back afterwards, whatever happened.
 */
export async function failing<Result>(
  role: string,
  actions: string[],
  work: () => Promise<Result>,
  resource = '*',
): Promise<Result> {
  const policy = { RoleName: functionName(role), PolicyName: 'injected-fault' };
  await iam.send(
    new PutRolePolicyCommand({
      ...policy,
      PolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Deny', Action: actions, Resource: resource }],
      }),
    }),
  );
  try {
    return await work();
  } finally {
    await iam.send(new DeleteRolePolicyCommand(policy));
  }
}
