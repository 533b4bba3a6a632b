import type { Notice } from '../domain/notice.ts';

/** The channel by which people are told: a topic, a mail gateway, a chat bridge. What a region has, its stack decides. */
export type Notices = {
  /** Hands the notice over; rejects where the channel didn't take it. Sent twice, it is told twice. */
  tell(notice: Notice): Promise<void>;
};
