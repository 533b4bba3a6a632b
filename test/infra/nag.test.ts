import { describe, expect, it } from '@jest/globals';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks } from 'cdk-nag';
import { synthesise } from './support/synthesis.ts';

describe('cdk-nag (AwsSolutions)', () => {
  const { app, stacks } = synthesise({ local: false });
  const findings = () =>
    new AwsSolutionsChecks(app)
      .validateScope(app)
      .violations.flatMap(({ ruleName, violatingResources }) =>
        violatingResources.map(({ constructPath }) => `${constructPath}: ${ruleName}`),
      );

  it('has no findings in any region', () => {
    expect(findings()).toEqual([]);
  });

  it('is really asked: a bucket without protection is found', () => {
    const [first] = stacks;
    if (first === undefined) throw new Error('No region was synthesised');
    new Bucket(first.state, 'Unprotected');
    expect(findings()).toEqual(
      expect.arrayContaining([expect.stringMatching(/Unprotected.*AwsSolutions-S10/)]),
    );
  });
});
