import type { Batches, Lease } from '../aws/batches.ts';
import type { Batch } from '../domain/batch.ts';
import type { Clock } from '../ports/clock.ts';

/** A lease is short and kept alive by the work itself, so that a crash costs no more than this. */
const LEASE_MS = 2 * 60 * 1000;

/** A batch that this process works on: what changes it says with the lease that it changes under, and prolongs it. */
export type HeldBatch = {
  batch(): Batch;
  /** Keeps the lease if half of it is over. */
  renew(): Promise<void>;
  advance(changes: Partial<Batch>): Promise<void>;
  checkpoint(changes: Partial<Batch>): Promise<void>;
};

/**
 * Takes a batch to work on; `busy` and `waiting` as `batches.lease` has them. What is done with it throws LeaseLostError
 * once another process has it.
 */
export async function takeLease(
  found: Batch,
  { batches, clock }: { batches: Batches; clock: Clock },
): Promise<Exclude<Lease['outcome'], 'leased'> | HeldBatch> {
  const until = () => new Date(clock().getTime() + LEASE_MS);
  const lease = await batches.lease(found, clock(), until());
  if (lease.outcome !== 'leased') return lease.outcome;
  let { batch } = lease;
  let renewing: Promise<void> | null = null;

  async function advance(changes: Partial<Batch>): Promise<void> {
    batch = await batches.advance(batch, { ...changes, leaseUntil: until().toISOString() });
  }
  return {
    batch: () => batch,
    advance,
    async renew() {
      const left = new Date(batch.leaseUntil ?? 0).getTime() - clock().getTime();
      if (left > LEASE_MS / 2) return;
      renewing ??= advance({}).finally(() => {
        renewing = null;
      });
      await renewing;
    },
    async checkpoint(changes) {
      batch = await batches.checkpoint(batch, { ...changes, leaseUntil: until().toISOString() });
    },
  };
}
