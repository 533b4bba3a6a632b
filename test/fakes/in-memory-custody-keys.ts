import { randomBytes } from 'node:crypto';
import type { CustodyKeys, GuestKey, Period } from '../../shared/ports/keys.ts';

/** The key hierarchy in memory: one key for each guest and period, the same until its period is shredded. */
export function inMemoryCustodyKeys(): CustodyKeys & { shredPeriod(period: Period): void } {
  const keys = new Map<string, GuestKey>();
  const shredded = new Set<string>();

  function periodName({ hotel, recordClass, period }: Period): string {
    return [hotel, recordClass, period].join(' ');
  }

  return {
    shredPeriod(period) {
      shredded.add(periodName(period));
    },
    async forWriting(period, guestId) {
      if (shredded.has(periodName(period))) return { state: 'shredded' };
      const name = `${periodName(period)} ${guestId}`;
      const key = keys.get(name) ?? {
        state: 'active',
        keyId: `gk_${randomBytes(16).toString('hex')}`,
        version: 1,
        key: randomBytes(32),
      };
      keys.set(name, key);
      return key;
    },
    async forReading(period, guestId) {
      const key = keys.get(`${periodName(period)} ${guestId}`);
      return key === undefined || shredded.has(periodName(period)) ? { state: 'shredded' } : key;
    },
  };
}
