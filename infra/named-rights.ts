import type { BucketUse, KeyUse, TableUse } from './function-spec.ts';

/*
 * What several functions may do alike, by name: said once, so that they cannot come apart. A right that one function alone
 * has stands in its own entry, infra/functions/<name>.ts.
 */

// The row keys of each kind of thing (docs/access-patterns.md).
export const REQUEST_ROWS = ['REQUEST#*'] as const;
export const OPENING_ROWS = ['OPENINGS#*'] as const;
export const TOKEN_ROWS = ['TOKENS#*'] as const;
export const PROVIDER_ROWS = ['PROVIDER#*'] as const;
export const PROVIDER_LIST_ROWS = ['PROVIDERS#*'] as const;
export const REGISTER_ROWS = ['REGISTER#*'] as const;
/** Period keys, guest keys, what leads to them, what a hold keeps, and the keys of holds. */
export const KEY_HIERARCHY_ROWS = ['HOTEL#*', 'PERIOD#*', 'GUEST#*', 'HOLD#*'] as const;

/** People with their locks (R9), several at once with everyone above them. */
export const READS_PEOPLE = {
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
export const COUNTS_MISOPERATIONS = {
  actions: ['GetItem', 'PutItem'],
  rows: ['CONDUCT#*'],
} as const satisfies TableUse;
export const KNOWS_CALLERS = [READS_PEOPLE, COUNTS_MISOPERATIONS] as const satisfies TableUse[];
export const READS_PEOPLE_WITH_ACCOUNTS = {
  actions: ['GetItem', 'BatchGetItem', 'Query'],
  rows: ['PERSON#*', 'CONDUCT#*', 'REPORTING', 'ACCOUNTS'],
} as const satisfies TableUse;
/** Chains that take their head from the events: read, then appended to. */
export const RECORDS_BATCHES = {
  actions: ['Query', 'PutItem'],
  rows: ['batch/*'],
} as const satisfies TableUse;
const RECORDS_ATTEMPTS = { actions: ['Query', 'PutItem'], rows: ['attempts/*'] } as const satisfies TableUse;
/** A row of conduct carries its chain's head. */
export const RECORDS_LOCKS = { actions: ['PutItem'], rows: ['conduct/*'] } as const satisfies TableUse;
export const RECORDS_REFUSALS = [RECORDS_ATTEMPTS, RECORDS_LOCKS] as const satisfies TableUse[];
export const RECORDS_COPIES = {
  actions: ['Query', 'PutItem'],
  rows: ['copies/*'],
} as const satisfies TableUse;
/** A request's row carries its chain's head. */
export const APPENDS_TO_REQUESTS = { actions: ['PutItem'], rows: ['request/*'] } as const satisfies TableUse;
export const READS_REQUEST_CHAINS = { actions: ['Query'], rows: ['request/*'] } as const satisfies TableUse;
export const READS_GRANTS = { actions: ['GetItem'], rows: REQUEST_ROWS } as const satisfies TableUse;
export const MOVES_GRANTS = {
  actions: ['GetItem', 'PutItem'],
  rows: REQUEST_ROWS,
} as const satisfies TableUse;
/** A provider request's row carries its chain's head. */
export const APPENDS_TO_PROVIDERS = {
  actions: ['PutItem'],
  rows: ['provider/*'],
} as const satisfies TableUse;
export const READS_PROVIDER_REQUESTS = [
  { actions: ['GetItem'], rows: PROVIDER_ROWS },
  { actions: ['Query'], rows: PROVIDER_LIST_ROWS },
] as const satisfies TableUse[];
/** The register has how a request ended. */
export const CLOSES_REGISTER = { actions: ['UpdateItem'], rows: REGISTER_ROWS } as const satisfies TableUse;
/** Lists the tokens that wait, and drops those that were given back. */
export const DROPS_TOKENS = {
  actions: ['Query', 'DeleteItem'],
  rows: TOKEN_ROWS,
} as const satisfies TableUse;
/** What a change tells people waits beside it, until reconcile has sent it (A4, L5). */
export const NOTICE_ROWS = ['NOTICES#*'] as const;
export const LEAVES_NOTICES = { actions: ['PutItem'], rows: NOTICE_ROWS } as const satisfies TableUse;
/** Lists openings, and notes whose copy was deleted. */
export const CLEARS_OPENINGS = {
  actions: ['GetItem', 'Query', 'UpdateItem'],
  rows: OPENING_ROWS,
} as const satisfies TableUse;
export const HOLD_ROWS = ['GUEST#*', 'HOLD#*', 'HOLDS', 'HOLDS#RELEASED'] as const;
/** Whether consent stands (R8). */
export const READS_CONSENTS = { actions: ['Query'], rows: ['CONSENT#*'] } as const satisfies TableUse;
/** Cases that a request names, of guests in scope, and of who receives. */
export const READS_CASES = [
  { actions: ['GetItem', 'BatchGetItem'], rows: ['CASE#*'] },
  { actions: ['Query'], rows: ['CASESOF#*', 'TRANSFERS#*'] },
] as const satisfies TableUse[];
/** L5's counters: a use is counted, and given back where break-glass is refused. */
const EMERGENCY_ROWS = ['EMERGENCIES#*'] as const;
export const COUNTS_EMERGENCIES = {
  actions: ['GetItem', 'UpdateItem'],
  rows: EMERGENCY_ROWS,
} as const satisfies TableUse;
export const GIVES_EMERGENCIES_BACK = {
  actions: ['UpdateItem'],
  rows: EMERGENCY_ROWS,
} as const satisfies TableUse;
/** R4's counters. */
export const READS_RETRIEVALS = {
  actions: ['BatchGetItem'],
  rows: ['RETRIEVALS#*'],
} as const satisfies TableUse;
/** What a batch itself proves about consent. */
export const KEEPS_CONSENTS = { actions: ['PutItem'], rows: ['CONSENT#*'] } as const satisfies TableUse;
/** On what employees' talk may be collected (R7). */
export const READS_COLLECTION_BASES = {
  actions: ['Query'],
  rows: ['COLLECTION#*'],
} as const satisfies TableUse;
export const READS_RULES_POINTER = { actions: ['GetItem'], rows: ['RULES'] } as const satisfies TableUse;
export const READS_REQUEST_KEYS = { actions: ['GetItem'], rows: REQUEST_ROWS } as const satisfies TableUse;
/** Shredding takes no KMS call: the wrapped key is removed from its row. */
export const SHREDS_REQUEST_KEYS = {
  actions: ['UpdateItem'],
  rows: REQUEST_ROWS,
} as const satisfies TableUse;
export const READS_AND_SHREDS_REQUEST_KEYS = {
  actions: ['GetItem', 'UpdateItem'],
  rows: REQUEST_ROWS,
} as const satisfies TableUse;
export const FINDS_RECORDS = { actions: ['GetItem', 'BatchGetItem', 'Query'] } as const satisfies TableUse;
/** Seals messages into blocks of custody, with the rows by which they are found. */
export const TAKES_INTO_CUSTODY = {
  actions: [...FINDS_RECORDS.actions, 'PutItem', 'UpdateItem', 'DeleteItem', 'ConditionCheckItem'],
} as const satisfies TableUse;
/** Makes the keys under which they are sealed, and the one of the index. */
export const MAKES_CUSTODY_KEYS = [
  { actions: ['GetItem', 'PutItem', 'UpdateItem', 'ConditionCheckItem'], rows: KEY_HIERARCHY_ROWS },
  { actions: ['GetItem', 'PutItem'], rows: ['INDEX'] },
] as const satisfies TableUse[];
export const READS_RULE_SETS = {
  actions: ['GetObject'],
  objects: 'rule-sets/*',
} as const satisfies BucketUse;
export const READS_SCOPES = { actions: ['GetObject'], objects: 'scopes/*' } as const satisfies BucketUse;
export const CLEARS_DELIVERY = [
  { actions: ['DeleteObject'], objects: 'staged/*' },
  { actions: ['DeleteObject'], objects: 'copies/*' },
] as const satisfies BucketUse[];
/** Staged media and copies have keys of their own, to be looked for. */
export const FINDS_DELIVERED = { delivery: ['staged/*', 'copies/*'] } as const;
export const READS_EVIDENCE_KEY = { actions: ['Decrypt'], purposes: ['evidence'] } as const satisfies KeyUse;
export const CUSTODY_CONTEXT = ['hotel', 'class', 'period', 'hold'] as const;
export const FINDS_BY_INDEX = { actions: ['Decrypt'], purposes: ['index'] } as const satisfies KeyUse;
export const SIGNS = { actions: ['Sign', 'GetPublicKey'] } as const satisfies KeyUse;

/** What each function of the API needs to know who calls and to record what it refused. */
export const WHO_CALLS = ['DUALKEY_REGION', 'DIRECTORY_TABLE', 'EVENTS_TABLE', 'CLOCK'] as const;
export const LOOP = ['GRANTS_TABLE', 'EVENTS_TABLE', 'CLOCK'] as const;

/** How steps-up are checked (A6, R5). */
export const STEP_UP = ['RP_ID', 'RP_ORIGINS', 'SOFTWARE_DEVICES'] as const;
/** A step-up is read, and used up with what it serves; devices themselves are not written. */
export const TAKES_STEPS_UP = [
  { actions: ['BatchGetItem'], rows: ['STEPUP#*', 'DEVICES#*'] },
  { actions: ['UpdateItem'], rows: ['STEPUP#*'] },
  { actions: ['ConditionCheckItem'], rows: ['DEVICES#*'] },
] as const satisfies TableUse[];
export const READS_STEPS_UP = { actions: ['GetObject'], objects: 'step-ups/*' } as const satisfies BucketUse;
/** The devices by which approvals were signed. */
export const READS_SIGNERS = { actions: ['GetItem'], rows: ['DEVICES#*'] } as const satisfies TableUse;
export const KEEPS_STEPS_UP = { actions: ['PutObject'], objects: 'step-ups/*' } as const satisfies BucketUse;

/** An answer through the HTTP API must come within 30 s. */
export const API_SECONDS = 29;
