import type { VariableName } from '../shared/runtime/environment.ts';

export const TABLE_NAMES = ['records', 'keys', 'cases', 'directory', 'grants', 'events'] as const;
export type TableName = (typeof TABLE_NAMES)[number];
export const BUCKET_NAMES = ['inbox', 'vault', 'delivery', 'evidence'] as const;
export type BucketName = (typeof BUCKET_NAMES)[number];
export const KEY_NAMES = ['custody', 'index', 'grant', 'signing', 'channel'] as const;
export type KeyName = (typeof KEY_NAMES)[number];

export type TableUse = {
  actions: readonly (
    | 'GetItem'
    | 'BatchGetItem'
    | 'Query'
    | 'PutItem'
    | 'UpdateItem'
    | 'DeleteItem'
    | 'ConditionCheckItem'
    | 'DescribeContinuousBackups'
    | 'DescribeTable'
  )[];
  /** The partition keys it may touch (`dynamodb:LeadingKeys`); all of the table's where absent. */
  rows?: readonly string[];
};

export type BucketUse = {
  actions: readonly (
    | 'GetObject'
    | 'PutObject'
    | 'DeleteObject'
    | 'AbortMultipartUpload'
    | 'ListMultipartUploadParts'
  )[];
  /** Objects whose keys match; each has its reason in infra/nag-reasons.ts. */
  objects: '*' | `${string}/*`;
};

export type KeyUse = {
  actions: readonly ('Decrypt' | 'GenerateDataKey' | 'Sign' | 'GetPublicKey')[];
  /** The encryption contexts it may use the key with: these `purpose`s, */
  purposes?: readonly string[];
  /** these keys and no others, or both. */
  contextKeys?: readonly string[];
};

export type FunctionSpec = {
  does: string;
  memoryMb: number;
  timeoutSeconds: number;
  environment: readonly VariableName[];
  /** HTTP API routes that it answers. */
  routes?: readonly `${'GET' | 'POST'} /${string}`[];
  tables?: Partial<Record<TableName, TableUse | readonly TableUse[]>>;
  /** Routes of the HTTP API that take no token: what platforms push proves itself by its signature. */
  openRoutes?: readonly `${'GET' | 'POST'} /${string}`[];
  /** Global secondary indexes that it queries. */
  indexes?: Partial<Record<TableName, readonly string[]>>;
  buckets?: Partial<Record<BucketName, readonly BucketUse[]>>;
  /** Buckets whose keys it lists, under these prefixes. */
  lists?: Partial<Record<BucketName, readonly string[]>>;
  /**
   * Buckets of which it must know that an object is missing: to who may not list the whole bucket, S3 says 403 and not
   * 404, and a lost object would look like a lost right. A right to list under a prefix (`lists`) doesn't do: the
   * question for an object carries no prefix to compare. What it lets be seen are key names: ids and digests.
   */
  knowsMissing?: readonly BucketName[];
  /** Buckets whose unfinished uploads it lists. */
  listsUploads?: readonly BucketName[];
  keys?: Partial<Record<KeyName, KeyUse | readonly KeyUse[]>>;
  invokes?: readonly string[];
  /** Invoked without anybody waiting (an event, a schedule, `invokeLater`): what fails for good becomes a dead letter. */
  invokedLater?: boolean;
  /** Sends to the queue of pushes. */
  sendsPushes?: boolean;
  /** Publishes to the topic of notices. */
  sendsNotices?: boolean;
  /** Is invoked by the queue of pushes. */
  takesPushes?: boolean;
  /** Starts executions of the retrieval workflow. */
  starts?: boolean;
  /** Gives task tokens of the retrieval workflow back. */
  releases?: boolean;
  /** Assumes the reader role, which can read copies in the delivery bucket and nothing else. */
  assumesReader?: boolean;
  /** Reads the stream of the grants table. */
  readsGrantsStream?: boolean;
  /** Tables whose recovery period, stream and replicas it looks at (the backup check before a deletion). */
  checksBackupsOf?: readonly TableName[];
  /** Its bundle carries the rule set's files. */
  shipsRules?: boolean;
  /** Puts metrics (the embedded AWS only). */
  putsMetrics?: boolean;
};
