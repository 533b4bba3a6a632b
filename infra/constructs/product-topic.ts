import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { Differences } from '../local-differences.ts';
import { type KeyUser, ProductKey } from './product-key.ts';

export type ProductTopicProps = {
  topicName: string;
  /** Its key: the construct's id beside the topic, what it is for, and who may use it to publish. */
  key: {
    id: string;
    description: string;
    users: readonly KeyUser[];
    statements?: readonly PolicyStatement[];
  };
  differences: Differences;
};

/** A topic under a key of its own, over TLS alone. It subscribes nobody: subscribers are the chain's own. */
export class ProductTopic extends Topic {
  readonly key: ProductKey;

  constructor(scope: Construct, id: string, { topicName, key, differences }: ProductTopicProps) {
    const { id: keyId, ...keyProps } = key;
    const own = new ProductKey(scope, keyId, { ...keyProps, kind: 'encrypt', differences });
    super(scope, id, {
      topicName,
      displayName: 'Dualkey',
      masterKey: own,
      enforceSSL: differences.deniesPlainHttp,
    });
    this.key = own;
  }
}
