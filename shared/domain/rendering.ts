/** How long rendering one copy takes at most, in seconds: the platform ends the function then. */
export const RENDER_SECONDS = 300;

/**
 * For how long after a copy was deleted another one may yet arrive, from a rendering that began before: until that
 * must have ended, and once more as long for what it had sent to reach the bucket.
 */
export const LATE_COPY_SECONDS = 2 * RENDER_SECONDS;
