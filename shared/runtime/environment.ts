import { z } from 'zod';

/**
 * Every environment variable that a function may read. A function names those it needs; a missing or malformed one
 * fails its cold start with the variable's name. The only file of the deployed code that touches `process.env`.
 */
const VARIABLES = {
  DUALKEY_REGION: z.string(),
  RECORDS_TABLE: z.string(),
  KEYS_TABLE: z.string(),
  CASES_TABLE: z.string(),
  DIRECTORY_TABLE: z.string(),
  GRANTS_TABLE: z.string(),
  EVENTS_TABLE: z.string(),
  INBOX_BUCKET: z.string(),
  VAULT_BUCKET: z.string(),
  DELIVERY_BUCKET: z.string(),
  EVIDENCE_BUCKET: z.string(),
  CUSTODY_KEY: z.string(),
  INDEX_KEY: z.string(),
  GRANT_KEY: z.string(),
  SIGNING_KEY: z.string(),
  CHANNEL_KEY: z.string(),
  PUSH_QUEUE: z.string(),
  NOTICES_TOPIC: z.string(),
  STATE_MACHINE: z.string(),
  READER_ROLE: z.string(),
  RENDER_FUNCTION: z.string(),
  INGEST_FUNCTION: z.string(),
  GATHER_FUNCTION: z.string(),
  MERGE_FUNCTION: z.string(),
  ARCHIVE_FUNCTION: z.string(),
  STAFF_FUNCTION: z.string(),
  TOKEN_ISSUER: z.string(),
  /** WebAuthn: whose site steps-up are for, the origins (separated by blanks) that may ask, and R5's answer to software. */
  RP_ID: z.string(),
  RP_ORIGINS: z.string(),
  SOFTWARE_DEVICES: z.enum(['allowed', 'refused']),
  CLOCK: z.enum(['system', 'injectable']),
} as const;
export type VariableName = keyof typeof VARIABLES;

export class MissingVariableError extends Error {
  override name = 'MissingVariableError';
  constructor(variables: string, options?: ErrorOptions) {
    super(
      `The function's environment lacks or misstates ${variables}: set it in its entry, infra/functions/<name>.ts`,
      options,
    );
  }
}

type Environment = { [Name in VariableName]: z.infer<(typeof VARIABLES)[Name]> };
type Optional = { [Name in VariableName]?: Environment[Name] | undefined };

/** The variables asked for, typed. Throws MissingVariableError. */
export function environment<Name extends VariableName>(...names: Name[]): Pick<Environment, Name> {
  const read = z.object(VARIABLES).partial().safeParse(process.env);
  if (!read.success) {
    const misstated = read.error.issues.map((issue) => issue.path.join('.')).join(', ');
    throw new MissingVariableError(misstated, { cause: read.error });
  }
  const variables: Optional = read.data;
  if (!hasAll(variables, names)) {
    throw new MissingVariableError(names.filter((name) => variables[name] === undefined).join(', '));
  }
  return variables;
}

function hasAll<Name extends VariableName>(
  variables: Optional,
  names: Name[],
): variables is Optional & Pick<Environment, Name> {
  return names.every((name) => variables[name] !== undefined);
}

/** Where the platform's own endpoint is replaced (the embedded AWS): buckets are then addressed by path. */
export function endpointIsReplaced(): boolean {
  return process.env['AWS_ENDPOINT_URL'] !== undefined;
}
