import type { CustodyEvent } from '../../shared/domain/custody-event.ts';
import type { RegionConfig } from '../../shared/domain/region-config.ts';
import type { Backups } from '../../shared/ports/backups.ts';
import type { BlockDisposal } from '../../shared/ports/block-disposal.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { CustodyRecorder } from '../../shared/ports/custody-log.ts';
import type { KeyDisposal } from '../../shared/ports/key-disposal.ts';
import type { ObjectStore } from '../../shared/ports/objects.ts';
import type { Signer } from '../../shared/ports/signer.ts';
import type { HoldParts } from '../../shared/retention/settle-holds.ts';

export type RetainDependencies = HoldParts & {
  region: RegionConfig;
  /** The time that decides what is due. */
  clock: Clock;
  keys: KeyDisposal;
  blocks: BlockDisposal;
  vault: Pick<ObjectStore, 'delete' | 'list'>;
  evidence: Pick<ObjectStore, 'get' | 'putOnce' | 'list'>;
  signer: Signer;
  backups: Backups;
  custody: CustodyRecorder & { events(subject: string): Promise<CustodyEvent[]> };
  /** False once the invocation's time is nearly over: what is left waits for the next run. */
  hasTime(): boolean;
  /** A period that could not be deleted in full; the next run goes on with it. */
  broke(error: unknown): void;
  /** D4's notice: a period was deleted. */
  notice(deleted: { hotel: string; recordClass: string; period: string; certificateId: string }): void;
};
