import { RENDER_SECONDS } from '../shared/domain/rendering.ts';
import type { VariableName } from '../shared/runtime/environment.ts';

/*
 * Every function: what it is for, what it may use, and nothing more. Its role (`dualkey-<region>-<name>`) is derived
 * from this table alone; the key policies of the State stack name the roles that use each key from it too.
 */

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

// The row keys of each kind of thing (docs/access-patterns.md).
const REQUEST_ROWS = ['REQUEST#*'] as const;
const OPENING_ROWS = ['OPENINGS#*'] as const;
const TOKEN_ROWS = ['TOKENS#*'] as const;
const PROVIDER_ROWS = ['PROVIDER#*'] as const;
const PROVIDER_LIST_ROWS = ['PROVIDERS#*'] as const;
const REGISTER_ROWS = ['REGISTER#*'] as const;
/** Period keys, guest keys, what leads to them, what a hold keeps, and the keys of holds. */
const KEY_HIERARCHY_ROWS = ['HOTEL#*', 'PERIOD#*', 'GUEST#*', 'HOLD#*'] as const;

// What several functions share.
/** People with their locks (R9), several at once with everyone above them. */
const READS_PEOPLE = {
  actions: ['GetItem', 'BatchGetItem'],
  rows: ['SUBJECT#*', 'PERSON#*', 'CONDUCT#*', 'REPORTING'],
} as const satisfies TableUse;
/**
 * Misoperations are counted beside the refusal (R9), in rows of their own: nobody's profile can be written with them. Whoever
 * may lock may also write the row without its lock, since IAM has conditions on keys and names of attributes and none on
 * values, and the row is written whole. What stands against it is the code alone: the row's version, its event in the
 * same transaction, and the chain `conduct/<personId>` whose head the row carries, so that an unlocking without its event
 * shows.
 */
const COUNTS_MISOPERATIONS = {
  actions: ['GetItem', 'PutItem'],
  rows: ['CONDUCT#*'],
} as const satisfies TableUse;
const KNOWS_CALLERS = [READS_PEOPLE, COUNTS_MISOPERATIONS] as const satisfies TableUse[];
const READS_PEOPLE_WITH_ACCOUNTS = {
  actions: ['GetItem', 'BatchGetItem', 'Query'],
  rows: ['PERSON#*', 'CONDUCT#*', 'REPORTING', 'ACCOUNTS'],
} as const satisfies TableUse;
/** Chains that take their head from the events: read, then appended to. */
const RECORDS_BATCHES = { actions: ['Query', 'PutItem'], rows: ['batch/*'] } as const satisfies TableUse;
const RECORDS_ATTEMPTS = { actions: ['Query', 'PutItem'], rows: ['attempts/*'] } as const satisfies TableUse;
/** A row of conduct carries its chain's head. */
const RECORDS_LOCKS = { actions: ['PutItem'], rows: ['conduct/*'] } as const satisfies TableUse;
const RECORDS_REFUSALS = [RECORDS_ATTEMPTS, RECORDS_LOCKS] as const satisfies TableUse[];
const RECORDS_COPIES = { actions: ['Query', 'PutItem'], rows: ['copies/*'] } as const satisfies TableUse;
/** A request's row carries its chain's head. */
const APPENDS_TO_REQUESTS = { actions: ['PutItem'], rows: ['request/*'] } as const satisfies TableUse;
const READS_REQUEST_CHAINS = { actions: ['Query'], rows: ['request/*'] } as const satisfies TableUse;
const READS_GRANTS = { actions: ['GetItem'], rows: REQUEST_ROWS } as const satisfies TableUse;
const MOVES_GRANTS = { actions: ['GetItem', 'PutItem'], rows: REQUEST_ROWS } as const satisfies TableUse;
/** A provider request's row carries its chain's head. */
const APPENDS_TO_PROVIDERS = { actions: ['PutItem'], rows: ['provider/*'] } as const satisfies TableUse;
const READS_PROVIDER_REQUESTS = [
  { actions: ['GetItem'], rows: PROVIDER_ROWS },
  { actions: ['Query'], rows: PROVIDER_LIST_ROWS },
] as const satisfies TableUse[];
/** The register has how a request ended. */
const CLOSES_REGISTER = { actions: ['UpdateItem'], rows: REGISTER_ROWS } as const satisfies TableUse;
/** Lists the tokens that wait, and drops those that were given back. */
const DROPS_TOKENS = { actions: ['Query', 'DeleteItem'], rows: TOKEN_ROWS } as const satisfies TableUse;
/** What a change tells people waits beside it, until reconcile has sent it (A4, L5). */
const NOTICE_ROWS = ['NOTICES#*'] as const;
const LEAVES_NOTICES = { actions: ['PutItem'], rows: NOTICE_ROWS } as const satisfies TableUse;
/** Lists openings, and notes whose copy was deleted. */
const CLEARS_OPENINGS = {
  actions: ['GetItem', 'Query', 'UpdateItem'],
  rows: OPENING_ROWS,
} as const satisfies TableUse;
const HOLD_ROWS = ['GUEST#*', 'HOLD#*', 'HOLDS', 'HOLDS#RELEASED'] as const;
/** Whether consent stands (R8). */
const READS_CONSENTS = { actions: ['Query'], rows: ['CONSENT#*'] } as const satisfies TableUse;
/** Cases that a request names, of guests in scope, and of who receives. */
const READS_CASES = [
  { actions: ['GetItem', 'BatchGetItem'], rows: ['CASE#*'] },
  { actions: ['Query'], rows: ['CASESOF#*', 'TRANSFERS#*'] },
] as const satisfies TableUse[];
/** L5's counters: a use is counted, and given back where break-glass is refused. */
const EMERGENCY_ROWS = ['EMERGENCIES#*'] as const;
const COUNTS_EMERGENCIES = {
  actions: ['GetItem', 'UpdateItem'],
  rows: EMERGENCY_ROWS,
} as const satisfies TableUse;
const GIVES_EMERGENCIES_BACK = { actions: ['UpdateItem'], rows: EMERGENCY_ROWS } as const satisfies TableUse;
/** R4's counters. */
const READS_RETRIEVALS = { actions: ['BatchGetItem'], rows: ['RETRIEVALS#*'] } as const satisfies TableUse;
/** What a batch itself proves about consent. */
const KEEPS_CONSENTS = { actions: ['PutItem'], rows: ['CONSENT#*'] } as const satisfies TableUse;
/** On what employees' talk may be collected (R7). */
const READS_COLLECTION_BASES = { actions: ['Query'], rows: ['COLLECTION#*'] } as const satisfies TableUse;
const READS_RULES_POINTER = { actions: ['GetItem'], rows: ['RULES'] } as const satisfies TableUse;
const READS_REQUEST_KEYS = { actions: ['GetItem'], rows: REQUEST_ROWS } as const satisfies TableUse;
/** Shredding takes no KMS call: the wrapped key is removed from its row. */
const SHREDS_REQUEST_KEYS = { actions: ['UpdateItem'], rows: REQUEST_ROWS } as const satisfies TableUse;
const READS_AND_SHREDS_REQUEST_KEYS = {
  actions: ['GetItem', 'UpdateItem'],
  rows: REQUEST_ROWS,
} as const satisfies TableUse;
const FINDS_RECORDS = { actions: ['GetItem', 'BatchGetItem', 'Query'] } as const satisfies TableUse;
const READS_RULE_SETS = { actions: ['GetObject'], objects: 'rule-sets/*' } as const satisfies BucketUse;
const READS_SCOPES = { actions: ['GetObject'], objects: 'scopes/*' } as const satisfies BucketUse;
const CLEARS_DELIVERY = [
  { actions: ['DeleteObject'], objects: 'staged/*' },
  { actions: ['DeleteObject'], objects: 'copies/*' },
] as const satisfies BucketUse[];
/** Staged media and copies have keys of their own, to be looked for. */
const FINDS_DELIVERED = { delivery: ['staged/*', 'copies/*'] } as const;
const READS_EVIDENCE_KEY = { actions: ['Decrypt'], purposes: ['evidence'] } as const satisfies KeyUse;
const CUSTODY_CONTEXT = ['hotel', 'class', 'period', 'hold'] as const;
const FINDS_BY_INDEX = { actions: ['Decrypt'], purposes: ['index'] } as const satisfies KeyUse;
const SIGNS = { actions: ['Sign', 'GetPublicKey'] } as const satisfies KeyUse;

/** What each function of the API needs to know who calls and to record what it refused. */
const WHO_CALLS = ['DUALKEY_REGION', 'DIRECTORY_TABLE', 'EVENTS_TABLE', 'CLOCK'] as const;
const LOOP = ['GRANTS_TABLE', 'EVENTS_TABLE', 'CLOCK'] as const;

/** How steps-up are checked (A6, R5). */
const STEP_UP = ['RP_ID', 'RP_ORIGINS', 'SOFTWARE_DEVICES'] as const;
/** A step-up is read, and used up with what it serves; devices themselves are not written. */
const TAKES_STEPS_UP = [
  { actions: ['BatchGetItem'], rows: ['STEPUP#*', 'DEVICES#*'] },
  { actions: ['UpdateItem'], rows: ['STEPUP#*'] },
  { actions: ['ConditionCheckItem'], rows: ['DEVICES#*'] },
] as const satisfies TableUse[];
const READS_STEPS_UP = { actions: ['GetObject'], objects: 'step-ups/*' } as const satisfies BucketUse;
/** The devices by which approvals were signed. */
const READS_SIGNERS = { actions: ['GetItem'], rows: ['DEVICES#*'] } as const satisfies TableUse;
const KEEPS_STEPS_UP = { actions: ['PutObject'], objects: 'step-ups/*' } as const satisfies BucketUse;

/** An answer through the HTTP API must come within 30 s. */
const API_SECONDS = 29;

export const FUNCTIONS = {
  receive: {
    does: 'opens a batch and signs its upload to the inbox; completes it; tells how far it is; has rejected lines read again',
    memoryMb: 512,
    timeoutSeconds: API_SECONDS,
    routes: [
      'POST /batches',
      'GET /batches',
      'POST /batches/{id}/complete',
      'GET /batches/{id}',
      'POST /batches/{id}/rerun',
      'GET /quarantine',
    ],
    environment: [
      ...WHO_CALLS,
      'RECORDS_TABLE',
      'CASES_TABLE',
      'GRANTS_TABLE',
      'INBOX_BUCKET',
      'INGEST_FUNCTION',
    ],
    tables: {
      // The provider request that a batch answers.
      grants: { actions: ['GetItem'], rows: PROVIDER_ROWS },
      directory: KNOWS_CALLERS,
      cases: READS_COLLECTION_BASES,
      events: [...RECORDS_REFUSALS, RECORDS_BATCHES],
      records: [
        { actions: ['GetItem', 'PutItem'], rows: ['BATCH#*', 'BATCHES#OPEN', 'LISTED#*'] },
        { actions: ['Query', 'PutItem'], rows: ['UPLOADS#*'] },
        { actions: ['BatchGetItem'], rows: ['BATCH#*'] },
        { actions: ['Query'], rows: ['QUARANTINE#*', 'LISTED#*'] },
      ],
    },
    // Its links let the uploader put parts; nothing lets it, or them, read what was put.
    buckets: { inbox: [{ actions: ['PutObject'], objects: '*' }] },
    lists: { inbox: ['*'] },
    invokes: ['ingest'],
  },
  ingest: {
    does: 'streams an upload into encrypted blocks, checkpoints, continues itself, commits the batch, empties the inbox',
    memoryMb: 1769,
    timeoutSeconds: 900,
    invokedLater: true,
    environment: [
      'DUALKEY_REGION',
      'RECORDS_TABLE',
      'KEYS_TABLE',
      'CASES_TABLE',
      'DIRECTORY_TABLE',
      'EVENTS_TABLE',
      'INBOX_BUCKET',
      'VAULT_BUCKET',
      'EVIDENCE_BUCKET',
      'CUSTODY_KEY',
      'INDEX_KEY',
      'INGEST_FUNCTION',
      'CLOCK',
    ],
    tables: {
      records: {
        actions: [
          'GetItem',
          'BatchGetItem',
          'Query',
          'PutItem',
          'UpdateItem',
          'DeleteItem',
          'ConditionCheckItem',
        ],
      },
      keys: [
        {
          actions: ['GetItem', 'PutItem', 'UpdateItem', 'ConditionCheckItem'],
          rows: KEY_HIERARCHY_ROWS,
        },
        { actions: ['GetItem', 'PutItem'], rows: ['INDEX'] },
      ],
      cases: [READS_COLLECTION_BASES, KEEPS_CONSENTS],
      directory: { actions: ['BatchGetItem', 'Query'], rows: ['ACCOUNTS', 'PERSON#*'] },
      events: [RECORDS_BATCHES, { actions: ['Query', 'PutItem'], rows: ['guest/*'] }],
    },
    buckets: {
      // What is dropped gets a key of its own before it is read.
      inbox: [{ actions: ['GetObject', 'PutObject', 'DeleteObject'], objects: '*' }],
      vault: [{ actions: ['GetObject', 'PutObject', 'AbortMultipartUpload', 'DeleteObject'], objects: '*' }],
      evidence: [{ actions: ['GetObject', 'PutObject'], objects: 'batches/*' }],
    },
    lists: { inbox: ['*'] },
    knowsMissing: ['vault', 'evidence'],
    keys: {
      custody: { actions: ['GenerateDataKey', 'Decrypt'], contextKeys: CUSTODY_CONTEXT },
      index: { actions: ['GenerateDataKey', 'Decrypt'], purposes: ['index'] },
    },
    invokes: ['ingest'],
  },
  channels: {
    does: 'keeps the channels by which platforms push, their secrets sealed: adds, lists, rotates, removes; has unread pushes tried again',
    memoryMb: 512,
    timeoutSeconds: API_SECONDS,
    routes: [
      'POST /channels',
      'GET /channels',
      'POST /channels/rotate',
      'POST /channels/remove',
      'POST /channels/read-again',
    ],
    environment: [...WHO_CALLS, 'CHANNEL_KEY', 'GATHER_FUNCTION'],
    tables: {
      directory: [
        ...KNOWS_CALLERS,
        { actions: ['GetItem', 'BatchGetItem', 'PutItem', 'DeleteItem'], rows: ['CHANNEL#*'] },
        { actions: ['Query', 'PutItem', 'DeleteItem'], rows: ['CHANNELS'] },
      ],
      events: [...RECORDS_REFUSALS, { actions: ['Query', 'PutItem'], rows: ['channel/*'] }],
    },
    keys: { channel: { actions: ['GenerateDataKey'], purposes: ['channel-secrets'] } },
    invokes: ['gather'],
  },
  push: {
    does: 'verifies what a platform pushes, over its exact bytes, and puts it, encrypted, into the queue',
    memoryMb: 512,
    timeoutSeconds: 10,
    openRoutes: ['POST /push/{channel}/{account}', 'GET /push/{channel}/{account}'],
    environment: ['DIRECTORY_TABLE', 'RECORDS_TABLE', 'EVENTS_TABLE', 'CHANNEL_KEY', 'PUSH_QUEUE'],
    tables: {
      directory: { actions: ['GetItem'], rows: ['CHANNEL#*'] },
      records: { actions: ['GetItem', 'PutItem'], rows: ['PUSHED#*'] },
      events: { actions: ['Query', 'PutItem'], rows: ['channel/*'] },
    },
    keys: {
      channel: [
        // What it queued it can't read again, and secrets are `channels`' to seal.
        { actions: ['GenerateDataKey'], purposes: ['push'] },
        { actions: ['Decrypt'], purposes: ['channel-secrets'] },
      ],
    },
    sendsPushes: true,
  },
  gather: {
    does: 'takes pushes out of the queue, keeps their messages under their guests’ keys, seals conversations into blocks',
    memoryMb: 1024,
    timeoutSeconds: 300,
    invokedLater: true,
    takesPushes: true,
    environment: [
      'DUALKEY_REGION',
      'RECORDS_TABLE',
      'KEYS_TABLE',
      'CASES_TABLE',
      'DIRECTORY_TABLE',
      'EVENTS_TABLE',
      'VAULT_BUCKET',
      'EVIDENCE_BUCKET',
      'CUSTODY_KEY',
      'INDEX_KEY',
      'CHANNEL_KEY',
      'INGEST_FUNCTION',
      'CLOCK',
    ],
    tables: {
      records: {
        actions: [
          'GetItem',
          'BatchGetItem',
          'Query',
          'PutItem',
          'UpdateItem',
          'DeleteItem',
          'ConditionCheckItem',
        ],
      },
      keys: [
        {
          actions: ['GetItem', 'PutItem', 'UpdateItem', 'ConditionCheckItem'],
          rows: KEY_HIERARCHY_ROWS,
        },
        { actions: ['GetItem', 'PutItem'], rows: ['INDEX'] },
      ],
      directory: [
        { actions: ['GetItem'], rows: ['CHANNEL#*'] },
        { actions: ['BatchGetItem', 'Query'], rows: ['ACCOUNTS', 'PERSON#*'] },
      ],
      events: [RECORDS_BATCHES, { actions: ['Query', 'PutItem'], rows: ['guest/*'] }],
      cases: [KEEPS_CONSENTS],
    },
    buckets: {
      vault: [{ actions: ['GetObject', 'PutObject', 'DeleteObject'], objects: '*' }],
      evidence: [{ actions: ['GetObject', 'PutObject'], objects: 'batches/*' }],
    },
    knowsMissing: ['vault', 'evidence'],
    keys: {
      custody: { actions: ['GenerateDataKey', 'Decrypt'], contextKeys: CUSTODY_CONTEXT },
      index: { actions: ['GenerateDataKey', 'Decrypt'], purposes: ['index'] },
      channel: { actions: ['Decrypt'], purposes: ['push'] },
    },
    invokes: ['ingest'],
  },
  merge: {
    does: 'makes the small blocks of each conversation as few as they can be, at the end of a month',
    memoryMb: 1024,
    timeoutSeconds: 900,
    routes: ['POST /merges'],
    invokedLater: true,
    environment: [
      ...WHO_CALLS,
      'RECORDS_TABLE',
      'KEYS_TABLE',
      'VAULT_BUCKET',
      'CUSTODY_KEY',
      'MERGE_FUNCTION',
    ],
    tables: {
      directory: KNOWS_CALLERS,
      events: [...RECORDS_REFUSALS, { actions: ['Query', 'PutItem'], rows: ['merge/*'] }],
      records: { actions: ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem'] },
      keys: { actions: ['GetItem', 'Query', 'ConditionCheckItem'], rows: KEY_HIERARCHY_ROWS },
    },
    buckets: { vault: [{ actions: ['GetObject', 'PutObject', 'DeleteObject'], objects: '*' }] },
    knowsMissing: ['vault'],
    keys: { custody: { actions: ['Decrypt'], contextKeys: CUSTODY_CONTEXT } },
    invokes: ['merge'],
  },
  request: {
    does: 'takes a request, seals what is personal in it, starts its retrieval; shows and lists requests',
    memoryMb: 512,
    timeoutSeconds: API_SECONDS,
    routes: ['POST /requests', 'GET /requests', 'GET /requests/{id}'],
    environment: [
      ...WHO_CALLS,
      'GRANTS_TABLE',
      'KEYS_TABLE',
      'CASES_TABLE',
      'EVIDENCE_BUCKET',
      'GRANT_KEY',
      'STATE_MACHINE',
    ],
    tables: {
      directory: KNOWS_CALLERS,
      events: [...RECORDS_REFUSALS, APPENDS_TO_REQUESTS, READS_REQUEST_CHAINS],
      grants: [
        { actions: ['GetItem', 'PutItem'], rows: REQUEST_ROWS },
        { actions: ['Query', 'PutItem'], rows: REGISTER_ROWS },
        { actions: ['Query'], rows: OPENING_ROWS },
      ],
      keys: { actions: ['GetItem', 'PutItem'], rows: REQUEST_ROWS },
      cases: [READS_RULES_POINTER, ...READS_CASES],
    },
    indexes: { grants: ['byRequester'] },
    buckets: { evidence: [READS_RULE_SETS] },
    knowsMissing: ['evidence'],
    keys: { grant: { actions: ['GenerateDataKey', 'Decrypt'], purposes: ['evidence'] } },
    starts: true,
  },
  check: {
    does: 'gathers the facts, asks the rulebook, freezes the scope, computes the route and the request digest',
    memoryMb: 1024,
    timeoutSeconds: 120,
    environment: [
      ...LOOP,
      'DUALKEY_REGION',
      'RECORDS_TABLE',
      'KEYS_TABLE',
      'CASES_TABLE',
      'DIRECTORY_TABLE',
      'EVIDENCE_BUCKET',
      'GRANT_KEY',
      'INDEX_KEY',
      'GATHER_FUNCTION',
    ],
    tables: {
      grants: [MOVES_GRANTS, CLOSES_REGISTER, READS_RETRIEVALS, COUNTS_EMERGENCIES, LEAVES_NOTICES],
      events: [APPENDS_TO_REQUESTS, RECORDS_LOCKS],
      directory: [READS_PEOPLE_WITH_ACCOUNTS, COUNTS_MISOPERATIONS],
      records: FINDS_RECORDS,
      keys: { actions: ['GetItem'], rows: [...REQUEST_ROWS, 'INDEX'] },
      cases: [READS_RULES_POINTER, READS_CONSENTS, ...READS_CASES],
    },
    buckets: { evidence: [{ actions: ['PutObject'], objects: 'scopes/*' }, READS_RULE_SETS] },
    knowsMissing: ['evidence'],
    keys: { grant: READS_EVIDENCE_KEY, index: FINDS_BY_INDEX },
    invokes: ['gather'],
  },
  wait: {
    does: 'keeps the task token of a gate; gives it back at once where the gate is passed already',
    memoryMb: 256,
    timeoutSeconds: 30,
    environment: ['GRANTS_TABLE', 'EVENTS_TABLE'],
    tables: { grants: [READS_GRANTS, { actions: ['PutItem', 'DeleteItem'], rows: TOKEN_ROWS }] },
    releases: true,
  },
  approve: {
    does: 'records one decision of one person on one request digest, whose row wakes reconcile, which gives the tokens back',
    memoryMb: 512,
    timeoutSeconds: API_SECONDS,
    routes: ['POST /requests/{id}/decisions'],
    environment: [
      ...WHO_CALLS,
      ...STEP_UP,
      'GRANTS_TABLE',
      'KEYS_TABLE',
      'CASES_TABLE',
      'EVIDENCE_BUCKET',
      'GRANT_KEY',
    ],
    tables: {
      directory: [...KNOWS_CALLERS, ...TAKES_STEPS_UP],
      events: [...RECORDS_REFUSALS, APPENDS_TO_REQUESTS],
      // What it decides on is read at once, of four tables.
      grants: [
        MOVES_GRANTS,
        { actions: ['BatchGetItem'], rows: REQUEST_ROWS },
        CLOSES_REGISTER,
        COUNTS_EMERGENCIES,
        LEAVES_NOTICES,
      ],
      keys: [READS_REQUEST_KEYS, { actions: ['BatchGetItem'], rows: REQUEST_ROWS }],
      // What allowed break-glass to be asked for is asked again (L5).
      cases: [READS_RULES_POINTER, { actions: ['BatchGetItem'], rows: ['RULES'] }, ...READS_CASES],
    },
    buckets: { evidence: [READS_RULE_SETS, KEEPS_STEPS_UP] },
    knowsMissing: ['evidence'],
    keys: { grant: READS_EVIDENCE_KEY },
  },
  provision: {
    does: 'checks everything again on current facts and stages the records, encrypted under a key of the grant',
    memoryMb: 1769,
    timeoutSeconds: 600,
    environment: [
      ...LOOP,
      ...STEP_UP,
      'DUALKEY_REGION',
      'RECORDS_TABLE',
      'KEYS_TABLE',
      'CASES_TABLE',
      'DIRECTORY_TABLE',
      'VAULT_BUCKET',
      'DELIVERY_BUCKET',
      'EVIDENCE_BUCKET',
      'CUSTODY_KEY',
      'GRANT_KEY',
    ],
    tables: {
      grants: [
        MOVES_GRANTS,
        CLOSES_REGISTER,
        CLEARS_OPENINGS,
        // Counted in the transaction that grants.
        { actions: ['BatchGetItem', 'UpdateItem'], rows: ['RETRIEVALS#*'] },
      ],
      events: [APPENDS_TO_REQUESTS, RECORDS_COPIES],
      directory: [READS_PEOPLE, READS_SIGNERS],
      records: FINDS_RECORDS,
      keys: [
        { actions: ['GetItem'], rows: KEY_HIERARCHY_ROWS },
        { actions: ['GetItem', 'PutItem', 'UpdateItem'], rows: REQUEST_ROWS },
      ],
      cases: [READS_RULES_POINTER, READS_CONSENTS, ...READS_CASES],
    },
    buckets: {
      vault: [{ actions: ['GetObject'], objects: '*' }],
      delivery: [
        { actions: ['GetObject', 'PutObject', 'AbortMultipartUpload', 'DeleteObject'], objects: 'staged/*' },
        { actions: ['DeleteObject'], objects: 'copies/*' },
      ],
      evidence: [
        READS_SCOPES,
        READS_RULE_SETS,
        READS_STEPS_UP,
        { actions: ['GetObject'], objects: 'batches/*' },
      ],
    },
    lists: FINDS_DELIVERED,
    knowsMissing: ['vault', 'delivery', 'evidence'],
    keys: {
      custody: { actions: ['Decrypt'], contextKeys: CUSTODY_CONTEXT },
      grant: { actions: ['GenerateDataKey', 'Decrypt'], purposes: ['grant'] },
    },
  },
  open: {
    does: 'has this opening’s copy rendered, counts it with its event in one transaction, and only then signs a link',
    memoryMb: 512,
    timeoutSeconds: API_SECONDS,
    routes: ['POST /requests/{id}/openings'],
    environment: [
      ...WHO_CALLS,
      ...STEP_UP,
      'GRANTS_TABLE',
      'RECORDS_TABLE',
      'CASES_TABLE',
      'DELIVERY_BUCKET',
      'EVIDENCE_BUCKET',
      'READER_ROLE',
      'RENDER_FUNCTION',
    ],
    tables: {
      directory: [
        ...KNOWS_CALLERS,
        ...TAKES_STEPS_UP,
        // An opening that is there rests on its device until the link is out, and approvals on theirs.
        READS_SIGNERS,
      ],
      events: [...RECORDS_REFUSALS, APPENDS_TO_REQUESTS, RECORDS_COPIES],
      grants: [
        MOVES_GRANTS,
        // What is prepared is bounded by what is left while the row is as it was read.
        { actions: ['ConditionCheckItem'], rows: REQUEST_ROWS },
        { actions: ['GetItem', 'PutItem', 'UpdateItem'], rows: OPENING_ROWS },
      ],
      records: FINDS_RECORDS,
      cases: [READS_RULES_POINTER, READS_CONSENTS, ...READS_CASES],
    },
    buckets: {
      delivery: [{ actions: ['DeleteObject'], objects: 'copies/*' }],
      evidence: [READS_SCOPES, READS_RULE_SETS, KEEPS_STEPS_UP, READS_STEPS_UP],
    },
    knowsMissing: ['evidence'],
    invokes: ['render'],
    assumesReader: true,
  },
  render: {
    does: 'renders the watermarked, masked, signed copy of one opening',
    // A package is put together in memory, its media once beside it: LIMITS.packageBytes, twice.
    memoryMb: 3008,
    timeoutSeconds: RENDER_SECONDS,
    invokedLater: true,
    environment: [
      'DUALKEY_REGION',
      'GRANTS_TABLE',
      'EVENTS_TABLE',
      'KEYS_TABLE',
      'DELIVERY_BUCKET',
      'EVIDENCE_BUCKET',
      'GRANT_KEY',
      'SIGNING_KEY',
    ],
    tables: {
      grants: [READS_GRANTS, { actions: ['GetItem', 'UpdateItem'], rows: OPENING_ROWS }],
      events: READS_REQUEST_CHAINS,
      keys: READS_REQUEST_KEYS,
    },
    buckets: {
      delivery: [
        { actions: ['GetObject'], objects: 'staged/*' },
        { actions: ['GetObject', 'PutObject', 'DeleteObject'], objects: 'copies/*' },
      ],
      // What the approvers' devices signed goes into every package.
      evidence: [READS_STEPS_UP],
    },
    knowsMissing: ['delivery', 'evidence'],
    keys: { grant: { actions: ['Decrypt'], purposes: ['grant'] }, signing: SIGNS },
  },
  emergency: {
    does: 'shows break-glass to whoever started it: masked, on screen, recorded before it is shown; takes the paper form’s number',
    memoryMb: 1024,
    timeoutSeconds: API_SECONDS,
    routes: ['POST /emergencies/{id}/view', 'POST /emergencies/{id}/form'],
    environment: [
      ...WHO_CALLS,
      'GRANTS_TABLE',
      'RECORDS_TABLE',
      'KEYS_TABLE',
      'CASES_TABLE',
      'VAULT_BUCKET',
      'EVIDENCE_BUCKET',
      'CUSTODY_KEY',
    ],
    tables: {
      directory: KNOWS_CALLERS,
      events: [...RECORDS_REFUSALS, APPENDS_TO_REQUESTS],
      grants: [MOVES_GRANTS, CLOSES_REGISTER],
      records: FINDS_RECORDS,
      keys: { actions: ['GetItem'], rows: KEY_HIERARCHY_ROWS },
      cases: [READS_RULES_POINTER, READS_CONSENTS, ...READS_CASES],
    },
    buckets: {
      vault: [{ actions: ['GetObject'], objects: '*' }],
      evidence: [READS_SCOPES, READS_RULE_SETS],
    },
    knowsMissing: ['vault', 'evidence'],
    keys: { custody: { actions: ['Decrypt'], contextKeys: CUSTODY_CONTEXT } },
  },
  end: {
    does: 'withdraws a request, closes or revokes a grant, clears it, then releases the waiting tokens',
    memoryMb: 512,
    timeoutSeconds: API_SECONDS,
    routes: ['POST /requests/{id}/withdraw', 'POST /requests/{id}/close', 'POST /requests/{id}/revoke'],
    environment: [
      ...WHO_CALLS,
      'GRANTS_TABLE',
      'KEYS_TABLE',
      'CASES_TABLE',
      'DELIVERY_BUCKET',
      'EVIDENCE_BUCKET',
      'GRANT_KEY',
    ],
    tables: {
      directory: KNOWS_CALLERS,
      events: [...RECORDS_REFUSALS, APPENDS_TO_REQUESTS, RECORDS_COPIES],
      grants: [MOVES_GRANTS, CLOSES_REGISTER, CLEARS_OPENINGS, DROPS_TOKENS, LEAVES_NOTICES],
      keys: READS_AND_SHREDS_REQUEST_KEYS,
      cases: READS_RULES_POINTER,
    },
    buckets: { delivery: CLEARS_DELIVERY, evidence: [READS_RULE_SETS] },
    knowsMissing: ['evidence'],
    lists: FINDS_DELIVERED,
    keys: { grant: READS_EVIDENCE_KEY },
    releases: true,
  },
  provider: {
    does: 'drafts, issues and follows letters to providers; keeps their answers whole, sealed, under Object Lock',
    memoryMb: 512,
    timeoutSeconds: API_SECONDS,
    routes: [
      'POST /requests/{id}/provider-requests',
      'GET /requests/{id}/provider-requests',
      'POST /provider-requests/{id}/letter',
      'POST /provider-requests/{id}/sent',
      'POST /provider-requests/{id}/refused',
      'POST /provider-requests/{id}/withdraw',
      'POST /provider-requests/{id}/answers',
      'POST /provider-requests/{id}/answers/keep',
    ],
    environment: [
      ...WHO_CALLS,
      'KEYS_TABLE',
      'CASES_TABLE',
      'GRANTS_TABLE',
      'INBOX_BUCKET',
      'EVIDENCE_BUCKET',
      'GRANT_KEY',
      'SIGNING_KEY',
    ],
    tables: {
      directory: KNOWS_CALLERS,
      events: [...RECORDS_REFUSALS, APPENDS_TO_PROVIDERS],
      grants: [
        READS_GRANTS,
        { actions: ['GetItem', 'PutItem'], rows: PROVIDER_ROWS },
        { actions: ['Query', 'PutItem'], rows: PROVIDER_LIST_ROWS },
      ],
      keys: READS_REQUEST_KEYS,
      cases: READS_RULES_POINTER,
    },
    buckets: {
      inbox: [{ actions: ['GetObject', 'PutObject', 'DeleteObject'], objects: 'provider-answers/*' }],
      evidence: [{ actions: ['PutObject'], objects: 'provider-answers/*' }, READS_RULE_SETS],
    },
    knowsMissing: ['evidence', 'inbox'],
    keys: { grant: READS_EVIDENCE_KEY, signing: SIGNS },
  },
  archive: {
    does: 'seals the retrieval’s evidence under Object Lock, shreds the grant’s key, removes staged objects and copies',
    memoryMb: 512,
    timeoutSeconds: 120,
    invokedLater: true,
    environment: [
      ...LOOP,
      'DUALKEY_REGION',
      'KEYS_TABLE',
      'DELIVERY_BUCKET',
      'EVIDENCE_BUCKET',
      'GRANT_KEY',
      'SIGNING_KEY',
    ],
    tables: {
      grants: [
        MOVES_GRANTS,
        CLOSES_REGISTER,
        CLEARS_OPENINGS,
        ...READS_PROVIDER_REQUESTS,
        // Those that are out are named.
        { actions: ['Query'], rows: ['PRINTS#*'] },
      ],
      events: [APPENDS_TO_REQUESTS, READS_REQUEST_CHAINS, RECORDS_COPIES],
      keys: READS_AND_SHREDS_REQUEST_KEYS,
    },
    buckets: {
      delivery: CLEARS_DELIVERY,
      evidence: [{ actions: ['GetObject', 'PutObject'], objects: 'archives/*' }],
    },
    knowsMissing: ['evidence'],
    lists: FINDS_DELIVERED,
    keys: { grant: READS_EVIDENCE_KEY, signing: SIGNS },
  },
  compensate: {
    does: 'clears a retrieval that broke: nothing readable, one event, the state failed',
    memoryMb: 512,
    timeoutSeconds: 120,
    environment: [...LOOP, 'KEYS_TABLE', 'DELIVERY_BUCKET', 'GRANT_KEY'],
    tables: {
      grants: [
        MOVES_GRANTS,
        CLOSES_REGISTER,
        CLEARS_OPENINGS,
        DROPS_TOKENS,
        GIVES_EMERGENCIES_BACK,
        LEAVES_NOTICES,
      ],
      events: [APPENDS_TO_REQUESTS, RECORDS_COPIES],
      keys: SHREDS_REQUEST_KEYS,
    },
    buckets: { delivery: CLEARS_DELIVERY },
    lists: FINDS_DELIVERED,
    releases: true,
  },
  reconcile: {
    does: 'keeps deadlines, windows and copies; finishes what a crash left behind; sends notices; woken by the grants stream too',
    memoryMb: 512,
    timeoutSeconds: 120,
    invokedLater: true,
    environment: [
      ...LOOP,
      'RECORDS_TABLE',
      'KEYS_TABLE',
      'CASES_TABLE',
      'INBOX_BUCKET',
      'VAULT_BUCKET',
      'DELIVERY_BUCKET',
      'GRANT_KEY',
      'STATE_MACHINE',
      'ARCHIVE_FUNCTION',
      'INGEST_FUNCTION',
      'NOTICES_TOPIC',
    ],
    tables: {
      grants: [
        MOVES_GRANTS,
        // What is done is no longer due.
        { actions: ['UpdateItem'], rows: REQUEST_ROWS },
        CLOSES_REGISTER,
        CLEARS_OPENINGS,
        DROPS_TOKENS,
        // A provider that hasn't answered in time.
        { actions: ['GetItem', 'PutItem'], rows: PROVIDER_ROWS },
        GIVES_EMERGENCIES_BACK,
        // Sends what is due, of whoever's change.
        { actions: ['Query', 'PutItem', 'DeleteItem'], rows: NOTICE_ROWS },
      ],
      // Incidents of break-glass that was left unfinished (L5).
      cases: [
        { actions: ['GetItem', 'PutItem'], rows: ['CASE#*'] },
        { actions: ['PutItem'], rows: ['CASES#*'] },
      ],
      events: [
        APPENDS_TO_REQUESTS,
        APPENDS_TO_PROVIDERS,
        RECORDS_COPIES,
        { actions: ['Query', 'PutItem'], rows: ['case/*'] },
      ],
      records: { actions: ['GetItem', 'Query'], rows: ['BATCH#*', 'BATCHES#OPEN'] },
      keys: SHREDS_REQUEST_KEYS,
    },
    indexes: { grants: ['due'] },
    buckets: {
      inbox: [{ actions: ['AbortMultipartUpload'], objects: '*' }],
      vault: [{ actions: ['AbortMultipartUpload'], objects: '*' }],
      delivery: [
        { actions: ['AbortMultipartUpload', 'DeleteObject'], objects: 'staged/*' },
        { actions: ['AbortMultipartUpload', 'DeleteObject'], objects: 'copies/*' },
      ],
    },
    lists: FINDS_DELIVERED,
    listsUploads: ['inbox', 'vault', 'delivery'],
    invokes: ['archive', 'ingest'],
    starts: true,
    releases: true,
    sendsNotices: true,
    readsGrantsStream: true,
  },
  retain: {
    does: 'shreds the keys of due periods, deletes their blocks and rows, certifies it; keeps what is held',
    memoryMb: 1024,
    timeoutSeconds: 900,
    routes: ['POST /retention/runs', 'GET /retention/certificates'],
    invokedLater: true,
    environment: [
      ...WHO_CALLS,
      'RECORDS_TABLE',
      'KEYS_TABLE',
      'CASES_TABLE',
      'VAULT_BUCKET',
      'EVIDENCE_BUCKET',
      'CUSTODY_KEY',
      'SIGNING_KEY',
    ],
    tables: {
      directory: KNOWS_CALLERS,
      events: [...RECORDS_REFUSALS, { actions: ['Query', 'PutItem'], rows: ['period/*', 'hold/*'] }],
      records: { actions: ['GetItem', 'BatchGetItem', 'Query', 'DeleteItem'] },
      keys: {
        actions: ['GetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem', 'ConditionCheckItem'],
        rows: [...KEY_HIERARCHY_ROWS, 'FORGETTING'],
      },
      cases: [
        { actions: ['GetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem'], rows: HOLD_ROWS },
        READS_RULES_POINTER,
      ],
    },
    checksBackupsOf: ['keys'],
    buckets: {
      vault: [{ actions: ['DeleteObject'], objects: '*' }],
      evidence: [
        { actions: ['GetObject', 'PutObject'], objects: 'certificates/*' },
        { actions: ['GetObject', 'PutObject'], objects: 'deletion-ledger/*' },
        READS_RULE_SETS,
      ],
    },
    knowsMissing: ['evidence'],
    lists: { vault: ['*'], evidence: ['certificates/*', 'deletion-ledger/*'] },
    keys: {
      custody: { actions: ['GenerateDataKey', 'Decrypt'], contextKeys: CUSTODY_CONTEXT },
      signing: SIGNS,
    },
  },
  hold: {
    does: 'places, releases and lists legal holds',
    memoryMb: 512,
    timeoutSeconds: API_SECONDS,
    routes: ['POST /holds', 'POST /holds/{id}/release', 'GET /holds'],
    environment: [
      ...WHO_CALLS,
      ...STEP_UP,
      'RECORDS_TABLE',
      'KEYS_TABLE',
      'CASES_TABLE',
      'EVIDENCE_BUCKET',
      'CUSTODY_KEY',
      'INDEX_KEY',
    ],
    tables: {
      directory: [...KNOWS_CALLERS, ...TAKES_STEPS_UP],
      events: [...RECORDS_REFUSALS, { actions: ['Query', 'PutItem'], rows: ['hold/*'] }],
      records: { actions: ['GetItem', 'BatchGetItem'], rows: ['ID#*', 'GUEST#*'] },
      keys: [
        {
          actions: ['GetItem', 'Query', 'PutItem', 'UpdateItem'],
          rows: KEY_HIERARCHY_ROWS,
        },
        { actions: ['GetItem'], rows: ['INDEX'] },
      ],
      cases: [
        { actions: ['GetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem'], rows: HOLD_ROWS },
        READS_RULES_POINTER,
      ],
    },
    buckets: { evidence: [READS_RULE_SETS, KEEPS_STEPS_UP] },
    knowsMissing: ['evidence'],
    keys: {
      custody: [
        { actions: ['GenerateDataKey', 'Decrypt'], contextKeys: CUSTODY_CONTEXT },
        // What a hold's lawyer writes is sealed as evidence.
        { actions: ['GenerateDataKey', 'Decrypt'], purposes: ['evidence'], contextKeys: ['purpose', 'hold'] },
      ],
      index: FINDS_BY_INDEX,
    },
  },
  device: {
    does: 'enrols, confirms, revokes and lists people’s devices; issues the nonces of steps-up',
    memoryMb: 512,
    timeoutSeconds: API_SECONDS,
    routes: [
      'POST /step-up/challenges',
      'POST /devices',
      'POST /devices/confirm',
      'POST /devices/revoke',
      'GET /devices',
    ],
    environment: [...WHO_CALLS, ...STEP_UP, 'CASES_TABLE', 'GRANTS_TABLE', 'EVIDENCE_BUCKET'],
    tables: {
      directory: [
        ...KNOWS_CALLERS,
        { actions: ['BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem'], rows: ['STEPUP#*'] },
        { actions: ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem'], rows: ['DEVICES#*'] },
      ],
      events: [...RECORDS_REFUSALS, { actions: ['Query', 'PutItem'], rows: ['device/*'] }],
      // The role that is decided in.
      grants: READS_GRANTS,
      cases: READS_RULES_POINTER,
    },
    buckets: { evidence: [READS_RULE_SETS] },
    knowsMissing: ['evidence'],
  },
  print: {
    does: 'keeps the prints of what was opened: numbered and sealed, returned or destroyed on record',
    memoryMb: 512,
    timeoutSeconds: API_SECONDS,
    routes: ['POST /requests/{id}/prints', 'POST /requests/{id}/prints/end', 'GET /requests/{id}/prints'],
    environment: [...WHO_CALLS, 'GRANTS_TABLE', 'KEYS_TABLE', 'CASES_TABLE', 'EVIDENCE_BUCKET', 'GRANT_KEY'],
    tables: {
      directory: KNOWS_CALLERS,
      events: [...RECORDS_REFUSALS, { actions: ['Query', 'PutItem'], rows: ['prints/*'] }],
      // The register says how many prints are out.
      grants: [READS_GRANTS, { actions: ['Query', 'PutItem'], rows: ['PRINTS#*'] }, CLOSES_REGISTER],
      keys: READS_REQUEST_KEYS,
      cases: READS_RULES_POINTER,
    },
    buckets: { evidence: [READS_RULE_SETS] },
    knowsMissing: ['evidence'],
    keys: { grant: READS_EVIDENCE_KEY },
  },
  unlock: {
    does: 'opens an account that misoperations locked, signed by the information security director or a deputy',
    memoryMb: 512,
    timeoutSeconds: API_SECONDS,
    routes: ['POST /accounts/unlock'],
    environment: [...WHO_CALLS, ...STEP_UP, 'KEYS_TABLE', 'CASES_TABLE', 'EVIDENCE_BUCKET', 'GRANT_KEY'],
    tables: {
      directory: [...KNOWS_CALLERS, ...TAKES_STEPS_UP],
      events: RECORDS_REFUSALS,
      // The key of its reasons is of the person whose account it is: no request's keys.
      keys: { actions: ['GetItem', 'PutItem'], rows: ['REQUEST#p_*'] },
      cases: READS_RULES_POINTER,
    },
    buckets: { evidence: [READS_RULE_SETS, KEEPS_STEPS_UP] },
    knowsMissing: ['evidence'],
    keys: { grant: { actions: ['GenerateDataKey', 'Decrypt'], purposes: ['evidence'] } },
  },
  staff: {
    does: 'takes directory files, plans and applies their changes, has what gives somebody more confirmed; shows people',
    memoryMb: 1024,
    timeoutSeconds: 900,
    routes: [
      'POST /staff/imports',
      'POST /staff/imports/{id}/complete',
      'GET /staff/imports/{id}',
      'GET /staff/people',
      'GET /staff/changes',
      'GET /staff/changes/{id}',
      'POST /staff/changes/{id}/confirm',
      'POST /staff/changes/{id}/reject',
    ],
    invokedLater: true,
    environment: [
      ...WHO_CALLS,
      'RECORDS_TABLE',
      'KEYS_TABLE',
      'CASES_TABLE',
      'INBOX_BUCKET',
      'EVIDENCE_BUCKET',
      'INDEX_KEY',
      'STAFF_FUNCTION',
      'TOKEN_ISSUER',
    ],
    tables: {
      directory: [
        ...KNOWS_CALLERS,
        {
          actions: ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem'],
          rows: [
            ...['PERSON#*', 'SUBJECT#*', 'USERNAME#*', 'ROLE#*', 'TEAM#*', 'ACCOUNTS'],
            ...['REPORTING', 'JOBS', 'IMPORT#*', 'CHANGE#*', 'CHANGES'],
          ],
        },
      ],
      events: [
        ...RECORDS_REFUSALS,
        { actions: ['Query', 'PutItem'], rows: ['directory/*', 'directory-import/*', 'change/*'] },
      ],
      // An account manager's own clients are found by blind index (T6), as far as the hotel has records of them.
      records: { actions: ['GetItem', 'BatchGetItem'], rows: ['ID#*', 'GUEST#*'] },
      keys: [
        { actions: ['Query'], rows: ['GUEST#*'] },
        { actions: ['GetItem'], rows: ['INDEX'] },
      ],
      cases: READS_RULES_POINTER,
    },
    buckets: {
      inbox: [{ actions: ['GetObject', 'PutObject', 'DeleteObject'], objects: 'staff-imports/*' }],
      evidence: [READS_RULE_SETS],
    },
    knowsMissing: ['evidence', 'inbox'],
    keys: { index: FINDS_BY_INDEX },
    invokes: ['staff'],
  },
  consent: {
    does: 'keeps dated facts of consent (R8) and the bases on which employees’ talk is collected (R7)',
    memoryMb: 512,
    timeoutSeconds: API_SECONDS,
    routes: [
      'POST /consents',
      'POST /consents/search',
      'POST /collection-bases',
      'POST /collection-bases/{id}/withdraw',
      'GET /collection-bases',
    ],
    environment: [...WHO_CALLS, 'RECORDS_TABLE', 'KEYS_TABLE', 'CASES_TABLE', 'EVIDENCE_BUCKET', 'INDEX_KEY'],
    tables: {
      directory: [...KNOWS_CALLERS, { actions: ['Query', 'BatchGetItem'], rows: ['ACCOUNTS', 'PERSON#*'] }],
      events: [...RECORDS_REFUSALS, { actions: ['Query', 'PutItem'], rows: ['guest/*', 'collection/*'] }],
      records: [
        { actions: ['BatchGetItem', 'PutItem'], rows: ['ID#*'] },
        { actions: ['GetItem', 'PutItem'], rows: ['GUEST#*'] },
        { actions: ['BatchGetItem'], rows: ['BATCH#*'] },
      ],
      keys: { actions: ['GetItem', 'PutItem'], rows: ['INDEX'] },
      cases: [
        READS_RULES_POINTER,
        { actions: ['Query', 'PutItem'], rows: ['CONSENT#*'] },
        { actions: ['Query', 'PutItem', 'UpdateItem'], rows: ['COLLECTION#*'] },
      ],
    },
    buckets: { evidence: [READS_RULE_SETS] },
    knowsMissing: ['evidence'],
    keys: { index: { actions: ['GenerateDataKey', 'Decrypt'], purposes: ['index'] } },
  },
  case: {
    does: 'keeps the cases on file (complaints, disputes, plans, matters, instruments …); what gives somebody more waits for a second person',
    memoryMb: 512,
    timeoutSeconds: API_SECONDS,
    routes: [
      'POST /cases',
      'GET /cases',
      'GET /case-changes',
      'POST /case-changes/{id}/confirm',
      'POST /case-changes/{id}/reject',
    ],
    environment: [...WHO_CALLS, 'RECORDS_TABLE', 'KEYS_TABLE', 'CASES_TABLE', 'EVIDENCE_BUCKET', 'INDEX_KEY'],
    tables: {
      directory: KNOWS_CALLERS,
      events: [
        ...RECORDS_REFUSALS,
        { actions: ['Query', 'PutItem'], rows: ['case/*', 'change/*', 'guest/*'] },
      ],
      // Somebody whom nobody knows yet becomes a guest by the identifier of a case.
      records: [
        { actions: ['BatchGetItem', 'PutItem'], rows: ['ID#*'] },
        { actions: ['GetItem', 'PutItem'], rows: ['GUEST#*'] },
      ],
      keys: { actions: ['GetItem', 'PutItem'], rows: ['INDEX'] },
      cases: [
        READS_RULES_POINTER,
        { actions: ['GetItem', 'BatchGetItem', 'PutItem'], rows: ['CASE#*'] },
        { actions: ['Query', 'PutItem', 'DeleteItem'], rows: ['CASES#*', 'CHANGES'] },
        { actions: ['PutItem', 'DeleteItem'], rows: ['CASESOF#*', 'TRANSFERS#*'] },
        { actions: ['GetItem', 'Query', 'PutItem', 'UpdateItem'], rows: ['CHANGE#*'] },
      ],
    },
    buckets: { evidence: [READS_RULE_SETS] },
    knowsMissing: ['evidence'],
    keys: { index: { actions: ['GenerateDataKey', 'Decrypt'], purposes: ['index'] } },
  },
  view: {
    does: 'shows records masked on screen within the viewer’s own standing tier; recorded before they are shown',
    memoryMb: 1024,
    timeoutSeconds: API_SECONDS,
    routes: ['POST /views', 'POST /views/aggregates'],
    environment: [
      ...WHO_CALLS,
      'RECORDS_TABLE',
      'KEYS_TABLE',
      'CASES_TABLE',
      'GRANTS_TABLE',
      'VAULT_BUCKET',
      'EVIDENCE_BUCKET',
      'CUSTODY_KEY',
      'INDEX_KEY',
      'GATHER_FUNCTION',
    ],
    tables: {
      grants: [
        { actions: ['GetItem', 'PutItem'], rows: ['VIEW#*'] },
        { actions: ['UpdateItem'], rows: ['VIEWS#*'] },
      ],
      events: [...RECORDS_REFUSALS, { actions: ['Query', 'PutItem'], rows: ['views/*'] }],
      directory: KNOWS_CALLERS,
      records: FINDS_RECORDS,
      keys: [
        { actions: ['GetItem'], rows: KEY_HIERARCHY_ROWS },
        { actions: ['GetItem'], rows: ['INDEX'] },
      ],
      cases: [READS_RULES_POINTER, READS_CONSENTS, ...READS_CASES],
    },
    buckets: { vault: [{ actions: ['GetObject'], objects: '*' }], evidence: [READS_RULE_SETS] },
    knowsMissing: ['vault', 'evidence'],
    keys: { custody: { actions: ['Decrypt'], contextKeys: CUSTODY_CONTEXT }, index: FINDS_BY_INDEX },
    invokes: ['gather'],
  },
  identity: {
    does: 'separates identifiers that were linked wrongly',
    memoryMb: 512,
    timeoutSeconds: API_SECONDS,
    routes: ['POST /identities/unlink'],
    environment: [...WHO_CALLS, 'RECORDS_TABLE', 'KEYS_TABLE', 'CASES_TABLE', 'EVIDENCE_BUCKET', 'INDEX_KEY'],
    tables: {
      directory: KNOWS_CALLERS,
      events: [...RECORDS_REFUSALS, { actions: ['Query', 'PutItem'], rows: ['guest/*'] }],
      records: [
        { actions: ['GetItem', 'BatchGetItem', 'PutItem'], rows: ['ID#*'] },
        { actions: ['GetItem', 'Query', 'PutItem', 'DeleteItem'], rows: ['GUEST#*'] },
      ],
      keys: { actions: ['GetItem'], rows: ['INDEX'] },
      cases: READS_RULES_POINTER,
    },
    buckets: { evidence: [READS_RULE_SETS] },
    knowsMissing: ['evidence'],
    keys: { index: FINDS_BY_INDEX },
  },
  'publish-rules': {
    does: 'puts the deployed rule set into the evidence bucket by its digest, then moves the pointer to it',
    // A chain's own policies are held against the whole floor table, some ten thousand questions.
    memoryMb: 1_769,
    timeoutSeconds: 240,
    environment: ['DUALKEY_REGION', 'CASES_TABLE', 'EVENTS_TABLE', 'EVIDENCE_BUCKET'],
    tables: {
      cases: { actions: ['GetItem', 'PutItem'], rows: ['RULES'] },
      events: { actions: ['Query', 'PutItem'], rows: ['rules'] },
    },
    buckets: { evidence: [{ actions: ['PutObject'], objects: 'rule-sets/*' }] },
    shipsRules: true,
  },
  'metrics-bridge': {
    does: 'turns EMF log lines into metrics where the platform does not (the embedded AWS only)',
    memoryMb: 256,
    timeoutSeconds: 30,
    environment: [],
    putsMetrics: true,
  },
} as const satisfies Record<string, FunctionSpec>;

export type FunctionName = keyof typeof FUNCTIONS;

/** Functions by name, with every optional part of FunctionSpec visible. */
export const FUNCTION_SPECS: Readonly<Record<FunctionName, FunctionSpec>> = FUNCTIONS;

export function isFunctionName(name: string): name is FunctionName {
  return Object.hasOwn(FUNCTIONS, name);
}

export const FUNCTION_NAMES: readonly FunctionName[] = Object.keys(FUNCTIONS).filter(isFunctionName);

/** Fixed, so that the key policies of the State stack can name roles that the Flow stack creates. */
export function productName(
  region: string,
  name: FunctionName | 'reader' | 'retrieval' | 'scheduler' | 'pushes' | 'pushes-dead' | 'alarms' | 'notices',
): string {
  return `dualkey-${region}-${name}`;
}
