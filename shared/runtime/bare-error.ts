const PLAIN_NAME = /^[\w.]{1,80}$/;

/** The name of what was thrown; `Error` where it is none that code gives. */
export function plainName(error: Error): string {
  return PLAIN_NAME.test(error.name) ? error.name : 'Error';
}

/**
 * An error that the platform may print: the name that its Retry and Catch rules look for, and nothing else. Messages,
 * causes and fields may repeat what they are about; the runtime writes all of them into the log.
 */
export function bareError(error: unknown): Error {
  const name = error instanceof Error ? plainName(error) : 'Error';
  const bare = new Error('see unexpected-error in the log of this function');
  bare.name = name;
  // The stack begins with the message of old; the frames are in the log already.
  bare.stack = name;
  return bare;
}
