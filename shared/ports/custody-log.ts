import type { CustodyEventType } from '../domain/custody-event.ts';
import type { EventDraft } from './grant-store.ts';

/** The chain of custody, for what has no other row to change. */
export type CustodyRecorder = {
  record(subject: string, type: CustodyEventType, draft: EventDraft): Promise<'recorded' | 'row-changed'>;
};
