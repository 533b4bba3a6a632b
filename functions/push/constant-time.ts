import { hash, timingSafeEqual } from 'node:crypto';

/** Whether two texts are the same, in a time that says nothing of where they differ or how long they are. */
export function sameInConstantTime(one: string, other: string): boolean {
  return timingSafeEqual(hash('sha256', one, 'buffer'), hash('sha256', other, 'buffer'));
}
