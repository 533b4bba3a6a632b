import type { ShownView } from '../domain/shown-view.ts';
import type { EventDraft } from './grant-store.ts';

/** Routine views: each recorded, and counted for its viewer and day, before anything is shown. */
export type ViewStore = {
  /** In one transaction: the view, the day's count of its viewer, and the event of the chain `views/<person>`. */
  record(view: ShownView, day: string, event: EventDraft): Promise<void>;
  read(viewId: string): Promise<ShownView | null>;
};
