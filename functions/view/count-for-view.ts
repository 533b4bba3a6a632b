import { decodeBlockIndex } from '../../shared/crypto/block-index.ts';
import { sha256 } from '../../shared/domain/digest.ts';
import { hotelDays } from '../../shared/domain/expiry-period.ts';
import { newId } from '../../shared/domain/identifiers.ts';
import { LIMITS } from '../../shared/domain/limits.ts';
import type { Person } from '../../shared/domain/person.ts';
import type { Category } from '../../shared/domain/record.ts';
import { currentRuleSet } from '../../shared/facts/rule-sets-in-force.ts';
import { decideView } from '../../shared/policy/decide-view.ts';
import { UNWRITTEN_REASON } from '../../shared/policy/reasons.ts';
import { badInput, done, type HttpResult, refused } from '../../shared/runtime/http-result.ts';
import { viewWatermark } from '../../shared/view/view-watermark.ts';
import type { AggregatesBody } from './view-body.ts';
import type { ViewDependencies } from './view-dependencies.ts';
import { viewFacts, viewingRoles } from './view-facts.ts';

/** What supervisors count (T2). */
const COUNTED: readonly Category[] = ['service-rating', 'abnormal-ticket'];
const DAY_MS = 24 * 3_600_000;

/** How many ratings and abnormal tickets the hotel had on each day: from block rows alone, nothing is decrypted. */
export async function countForView(
  { viewer, body, device, now }: { viewer: Person; body: AggregatesBody; device: string; now: Date },
  dependencies: ViewDependencies,
): Promise<HttpResult> {
  const hotel = body.hotel ?? viewer.hotel;
  const place = dependencies.region.hotels.find(({ code }) => code === hotel);
  if (place === undefined) {
    return badInput({ zh: '本区域没有这家酒店', en: 'this region has no such hotel' }, 'body.hotel', {
      zh: '写本区域的酒店',
      en: 'name a hotel of this region',
    });
  }
  if ((Date.parse(body.to) - Date.parse(body.from)) / DAY_MS >= LIMITS.aggregateDays) {
    return badInput({ zh: '天数过多', en: 'these are too many days' }, 'body.to', {
      zh: `最多 ${LIMITS.aggregateDays} 天`,
      en: `ask for ${LIMITS.aggregateDays} at most`,
    });
  }
  const looking = { viewer, now, place, kind: 'aggregates' as const, ticket: null, shared: null };
  const [role] = viewingRoles(viewer, hotel, 'aggregates', now);
  const [ruleSet, common] = await Promise.all([
    currentRuleSet(dependencies.ruleSets),
    viewFacts(looking, dependencies),
  ]);
  if (role === undefined) {
    return refused({ outcome: 'deny', reasons: [UNWRITTEN_REASON], rules: [], route: [] });
  }
  const verdict = decideView(ruleSet, { ...common, role });
  if (verdict.outcome === 'deny') return refused(verdict, { kind: 'aggregates', hotel, device, role });

  const counts = await countsOf(place, body, dependencies);
  const viewId = newId('view', now);
  const watermark = viewWatermark(viewer, { viewId, at: now, hotel });
  const at = now.toISOString();
  await dependencies.views.record(
    {
      ...{ viewId, viewer: viewer.personId, role, hotel, kind: 'aggregates', guests: [], recordIds: [] },
      ...{ from: null, to: null, at, openUntil: at },
    },
    hotelDays(now, now, place.zone)[0] ?? '',
    {
      at: now,
      actor: viewer.personId,
      data: {
        ...{ view: viewId, kind: 'aggregates', hotel, role, device, rules: verdict.rules },
        ...{ firstDay: body.from, lastDay: body.to, shown: sha256(JSON.stringify(counts)) },
      },
    },
  );
  dependencies.shown();
  return done({ viewId, role, rules: verdict.rules, hotel, counts, watermark });
}

type Count = { day: string; category: Category; records: number };

/** By day and category, each record once; a day without any is left out. */
async function countsOf(
  { code, zone }: { code: string; zone: string },
  { from, to }: AggregatesBody,
  { records }: Pick<ViewDependencies, 'records'>,
): Promise<Count[]> {
  const days = daysBetween(from, to);
  const seen = new Map<string, string>();
  for (const day of days) {
    for (const block of await records.blocksOfDay(code, day)) {
      if (!block.categories.some((category) => COUNTED.includes(category))) continue;
      for (const { recordId, category, at } of decodeBlockIndex(block.index)) {
        if (COUNTED.includes(category) && hotelDays(at, at, zone)[0] === day) {
          seen.set(recordId, `${day} ${category}`);
        }
      }
    }
  }
  const named = Map.groupBy(seen.values(), (name) => name);
  return days
    .flatMap((day) =>
      COUNTED.map((category) => ({ day, category, records: named.get(`${day} ${category}`)?.length ?? 0 })),
    )
    .filter((count) => count.records > 0);
}

/** Days of the calendar, both included; a calendar has no zone. */
function daysBetween(from: string, to: string): string[] {
  const days: string[] = [];
  for (let at = Date.parse(from); at <= Date.parse(to); at += DAY_MS) {
    days.push(new Date(at).toISOString().slice(0, 10));
  }
  return days;
}
