import { CustomResource, Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { ProductFunction } from './product-function.ts';

/**
 * Has `publish-rules` run whenever the bundled rule set changes: its digest is the resource's property. The function is
 * the service token itself, since a provider framework would bring functions and rights of its own.
 */
export class RuleSetPublication extends CustomResource {
  constructor(
    scope: Construct,
    id: string,
    { publisher, digest }: { publisher: ProductFunction; digest: string },
  ) {
    super(scope, id, {
      resourceType: 'Custom::DualkeyRuleSet',
      serviceToken: publisher.lambda.functionArn,
      // A function that can't even start never answers: without this the stack would wait for an hour.
      serviceTimeout: Duration.minutes(5),
      properties: { RuleSet: digest },
    });
    this.node.addDependency(publisher.policy);
  }
}
