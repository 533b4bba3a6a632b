import {
  AttributeType,
  BillingMode,
  ProjectionType,
  StreamViewType,
  Table,
  TableEncryption,
} from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { RemovalPolicy } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { Differences } from '../local-differences.ts';

export type TableIndex = { name: string; partition: string; sort: string; include?: readonly string[] };

export type ProductTableProps = {
  storageKey: IKey;
  stream?: boolean;
  indexes?: readonly TableIndex[];
  /** Days that a deleted or changed row can be recovered by an administrator (1 to 35). */
  recoveryDays: number;
  differences: Differences;
};

/**
 * An on-demand table with `pk` and `sk`. No time-to-live anywhere: it would delete without an event or a certificate.
 * Indexes carry keys and what is named, for finding only: decisions read the base table, consistently.
 */
export class ProductTable extends Table {
  readonly indexNames: readonly string[];

  constructor(scope: Construct, id: string, props: ProductTableProps) {
    const { storageKey, stream = false, indexes = [], recoveryDays, differences } = props;
    super(scope, id, {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: storageKey,
      pointInTimeRecoverySpecification: {
        pointInTimeRecoveryEnabled: true,
        recoveryPeriodInDays: recoveryDays,
      },
      deletionProtection: differences.retainsState,
      removalPolicy: differences.retainsState ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
      ...(stream ? { stream: StreamViewType.NEW_IMAGE } : {}),
    });
    for (const { name, partition, sort, include = [] } of indexes) {
      this.addGlobalSecondaryIndex({
        indexName: name,
        partitionKey: { name: partition, type: AttributeType.STRING },
        sortKey: { name: sort, type: AttributeType.STRING },
        ...(include.length === 0
          ? { projectionType: ProjectionType.KEYS_ONLY }
          : { projectionType: ProjectionType.INCLUDE, nonKeyAttributes: [...include] }),
      });
    }
    this.indexNames = indexes.map(({ name }) => name);
  }
}
