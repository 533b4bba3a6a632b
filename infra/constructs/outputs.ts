import { CfnOutput, type Stack } from 'aws-cdk-lib/core';

/** Stack outputs by exactly these names, whatever the constructs behind them are called: other programs read them. */
export function outputs(stack: Stack, values: Record<string, string>): void {
  for (const [name, value] of Object.entries(values)) {
    new CfnOutput(stack, `Output${name}`, { value }).overrideLogicalId(name);
  }
}
