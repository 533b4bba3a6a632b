import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { FUNCTIONS, productName } from '../function-catalogue.ts';
import type { Differences } from '../local-differences.ts';

/** Deliveries of a push before it becomes a dead letter. */
const DELIVERIES = 5;

/** The queue of pushes and its dead letters. Bodies are encrypted before they come here (docs/formats/pushed.md). */
export class PushQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetters: Queue;

  constructor(
    scope: Construct,
    id: string,
    { region, differences }: { region: string; differences: Differences },
  ) {
    super(scope, id);
    const common = { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: differences.deniesPlainHttp };
    this.deadLetters = new Queue(this, 'Dead', {
      ...common,
      queueName: productName(region, 'pushes-dead'),
      retentionPeriod: Duration.days(14),
    });
    this.queue = new Queue(this, 'Queue', {
      ...common,
      queueName: productName(region, 'pushes'),
      retentionPeriod: Duration.days(14),
      // Six times what its function may take (AWS Lambda developer guide, "Using Lambda with Amazon SQS").
      visibilityTimeout: Duration.seconds(6 * FUNCTIONS.gather.timeoutSeconds),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: DELIVERIES },
    });
  }
}
