import type { Notice } from '../../shared/domain/notice.ts';
import type { Notices } from '../../shared/ports/notices.ts';

/** The channel in memory: what was told, in order, and a switch that makes it take nothing. */
export function inMemoryNotices() {
  const told: Notice[] = [];
  const failures: unknown[] = [];
  const channel = { works: true };
  const notices: Notices = {
    async tell(notice) {
      if (!channel.works) throw new Error('the topic takes nothing');
      told.push(structuredClone(notice));
    },
  };
  return { told, failures, channel, notices, noticeFailed: (error: unknown) => void failures.push(error) };
}
