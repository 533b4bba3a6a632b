import { Logger } from '@aws-lambda-powertools/logger';
import { plainName } from './bare-error.ts';

/**
 * The catalogue of log lines: every line that deployed code writes, and what it may carry. Ids, codes, counts and
 * durations only: never content, names, identifiers of guests or an error's message (which may repeat its input).
 */
export const LOG_LINES = {
  invocation: 'One invocation: its AWS calls by service and operation, and DynamoDB capacity units',
  'unexpected-error': 'Something broke: the error names and where, without messages',
  'attempt-refused': 'The rulebook refused an attempt',
  'rendered-copy': 'An opening’s copy was rendered',
  'batch-progress': 'A batch moved on',
  'push-refused': 'A push was refused before anything of it was kept',
  'drop-refused': 'A file dropped into the inbox was not taken, and deleted',
  gathered: 'Pushed messages were taken from the queue, or sealed into blocks',
  'read-again': 'Pushes that could not be read were tried again',
  merged: 'Small blocks of conversations were merged',
  'directory-worked':
    'Work on imports and confirmed changes of the directory ended, or goes on in another run',
  swept: 'What a sweep of the reconciler found and did',
  'retention-progress': 'A retention run moved on',
  compensated: 'A failed retrieval was cleared',
} as const;
export type LogLine = keyof typeof LOG_LINES;

const logger = new Logger({ logRecordOrder: ['level', 'message'] });

export function log(line: LogLine, fields: Record<string, string | number | boolean | null | object>): void {
  logger.info(line, fields);
}

/** An unexpected error with its causes: names, codes and stack frames; messages stay out. */
export function logError(error: unknown): void {
  logger.error('unexpected-error', { errors: describe(error) });
}

function describe(error: unknown): { name: string; frames: string[] }[] {
  if (!(error instanceof Error)) return [{ name: typeof error, frames: [] }];
  const frames = (error.stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 6)
    .map((line) => line.trim());
  const causes = error instanceof AggregateError ? error.errors : [];
  return [
    { name: plainName(error), frames },
    ...(error.cause === undefined ? [] : describe(error.cause)),
    ...causes.flatMap(describe),
  ];
}
