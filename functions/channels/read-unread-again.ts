import type { CustodyLog } from '../../shared/aws/custody-log.ts';
import type { Person } from '../../shared/domain/person.ts';
import type { RegionConfig } from '../../shared/domain/region-config.ts';
import { decideUpkeep } from '../../shared/policy/decide-upkeep.ts';
import type { RegionFacts } from '../../shared/policy/facts.ts';
import { accepted, badInput, type HttpResult, refused } from '../../shared/runtime/http-result.ts';

/**
 * Has the pushes of a hotel that no importer could read tried again: after one was mended, say. Who asked for it is an event
 * before it begins; whoever asks reads nothing of them.
 */
export async function readUnreadAgain(
  { person, hotel, now }: { person: Person; hotel: string; now: Date },
  {
    custody,
    region,
    chain,
    begin,
  }: {
    custody: Pick<CustodyLog, 'record'>;
    region: RegionFacts;
    chain: RegionConfig['hotels'];
    begin(hotel: string): Promise<void>;
  },
): Promise<HttpResult> {
  if (!chain.some(({ code }) => code === hotel)) {
    const names = chain.map(({ code }) => code).join(', ');
    return badInput({ zh: '没有这家酒店', en: 'there is no such hotel' }, 'body.hotel', {
      zh: `写下列之一:${names}`,
      en: `name one of ${names}`,
    });
  }
  const verdict = decideUpkeep({ person, hotel, region });
  if (verdict.outcome === 'deny') return refused(verdict);
  const draft = { at: now, actor: person.personId, data: { hotel } };
  await custody.record(`channel/unread/${hotel}`, 'pushes-read-again', draft);
  await begin(hotel);
  return accepted({ hotel, state: 'started' });
}
