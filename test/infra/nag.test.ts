import { describe, expect, it } from '@jest/globals';
import { synthesise } from './support/synthesis.ts';

const { findings } = await synthesise({ local: false });

describe('cdk-nag (AwsSolutions)', () => {
  it('has no findings in any region', () => {
    expect(findings?.asItIs).toEqual([]);
  });

  it('is really asked: a bucket without protection is found', () => {
    expect(findings?.unprotected).toEqual(
      expect.arrayContaining([expect.stringMatching(/Unprotected.*AwsSolutions-S10/)]),
    );
  });
});
