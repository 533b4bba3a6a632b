import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type BucketProps,
  CfnBucket,
  type LifecycleRule,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import { Duration, RemovalPolicy } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { RegionConfig } from '../../shared/domain/region-config.ts';
import type { Differences } from '../local-differences.ts';

export type ProductBucketProps = {
  storageKey: IKey;
  /** What expires by itself, as a backstop: the product deletes earlier. */
  expires?: readonly { prefix?: string; days: number }[];
  /** Tells EventBridge of each new object. */
  announces?: boolean;
  differences: Differences;
};

/**
 * A private bucket under the storage key, without versions: what the product deletes (an upload, a copy, a block whose
 * key is shredded) must be gone, and a version would keep it.
 */
export class ProductBucket extends Bucket {
  constructor(scope: Construct, id: string, props: ProductBucketProps) {
    const { storageKey, expires = [], announces = false, differences } = props;
    super(scope, id, {
      ...privateBucket(differences),
      encryption: BucketEncryption.KMS,
      encryptionKey: storageKey,
      bucketKeyEnabled: true,
      versioned: false,
      lifecycleRules: [
        { id: 'unfinished-uploads', abortIncompleteMultipartUploadAfter: Duration.days(1) },
        ...expires.map(
          ({ prefix, days }): LifecycleRule => ({
            id: `expires-${prefix ?? 'all'}`.replace(/\W+$/, ''),
            expiration: Duration.days(days),
            ...(prefix === undefined ? {} : { prefix }),
          }),
        ),
      ],
    });
    if (announces) {
      // Not `eventBridgeEnabled: true`: that brings a custom resource with rights on every bucket; this is the
      // bucket's own property.
      cfnBucket(this).notificationConfiguration = {
        eventBridgeConfiguration: { eventBridgeEnabled: true },
      };
    }
  }
}

/** The evidence bucket: versioned, every object locked from its creation, nothing overwritten, nothing deleted. */
export class EvidenceBucket extends Bucket {
  constructor(
    scope: Construct,
    id: string,
    { archive, differences }: { archive: RegionConfig['archive']; differences: Differences },
  ) {
    super(scope, id, {
      ...privateBucket(differences),
      // SSE-S3 and not the storage key: evidence must stay readable when every key of the product is gone.
      encryption: BucketEncryption.S3_MANAGED,
      versioned: true,
      objectLockEnabled: true,
    });
    cfnBucket(this).objectLockConfiguration = {
      objectLockEnabled: 'Enabled',
      rule: { defaultRetention: { mode: archive.mode, years: archive.years.value } },
    };
    this.addToResourcePolicy(
      new PolicyStatement({
        sid: 'NothingIsDeleted',
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: ['s3:DeleteObject', 's3:DeleteObjectVersion', 's3:BypassGovernanceRetention'],
        resources: [this.arnForObjects('*')],
      }),
    );
    this.addToResourcePolicy(
      new PolicyStatement({
        sid: 'NothingExpires',
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: ['s3:PutLifecycleConfiguration', 's3:DeleteBucket'],
        resources: [this.bucketArn],
      }),
    );
    this.addToResourcePolicy(
      new PolicyStatement({
        sid: 'NothingIsOverwritten',
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: ['s3:PutObject'],
        resources: [this.arnForObjects('*')],
        // Parts of a multipart upload can't carry the header; its completion must (S3 user guide, "Enforce
        // conditional writes").
        conditions: {
          Null: { 's3:if-none-match': 'true' },
          Bool: { 's3:ObjectCreationOperation': 'true' },
        },
      }),
    );
  }
}

function privateBucket(differences: Differences): BucketProps {
  return {
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    enforceSSL: differences.deniesPlainHttp,
    ...(differences.deniesPlainHttp ? { minimumTLSVersion: 1.2 } : {}),
    removalPolicy: differences.retainsState ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
  };
}

function cfnBucket(bucket: Bucket): CfnBucket {
  const child = bucket.node.defaultChild;
  if (!(child instanceof CfnBucket)) throw new TypeError(`${bucket.node.path} has no CloudFormation bucket`);
  return child;
}
