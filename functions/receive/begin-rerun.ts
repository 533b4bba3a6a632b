import { createHash } from 'node:crypto';
import { IANAZone } from 'luxon';
import type { Batches } from '../../shared/aws/batches.ts';
import { companionKey, inboxKey, newBatch } from '../../shared/domain/batch.ts';
import { expiryPeriodOf, periodDueAt } from '../../shared/domain/expiry-period.ts';
import { zoneOf } from '../../shared/domain/hotel-of.ts';
import { newId } from '../../shared/domain/identifiers.ts';
import { LIMITS } from '../../shared/domain/limits.ts';
import type { Person } from '../../shared/domain/person.ts';
import { isQuarantined } from '../../shared/domain/quarantine.ts';
import type { RegionConfig } from '../../shared/domain/region-config.ts';
import { decideIngest } from '../../shared/policy/decide-ingest.ts';
import type { RegionFacts } from '../../shared/policy/facts.ts';
import type { ObjectStore } from '../../shared/ports/objects.ts';
import { accepted, badInput, type HttpResult, notFound, refused } from '../../shared/runtime/http-result.ts';
import { encodeCompanionHead } from '../../shared/sources/companion.ts';
import { isOfWholeFile } from '../../shared/sources/rejection-reasons.ts';
import type { RerunBody } from './batch-body.ts';
import { batchResult } from './batch-result.ts';

export type RerunDependencies = {
  batches: Pick<Batches, 'read' | 'create' | 'received'>;
  inbox: { put: ObjectStore['put'] };
  region: RegionFacts;
  hotels: RegionConfig['hotels'];
  retention: RegionConfig['retention'];
  /** Has the batch worked on, soon. */
  ingestLater(batchId: string): Promise<void>;
};

/**
 * Has the rejected lines of a batch read again, as a batch of its own that is bound to the old one. Nobody reads them
 * meanwhile: the deployed function opens them. What is in custody already counts as a duplicate.
 */
export async function beginRerun(
  { batchId, person, body, now }: { batchId: string; person: Person; body: RerunBody; now: Date },
  { batches, inbox, region, hotels, retention, ingestLater }: RerunDependencies,
): Promise<HttpResult> {
  const old = await batches.read(batchId);
  if (old === null) return notFound({ zh: '没有这个批次', en: 'there is no such batch' }, 'path.id');
  const { hotel, source, digest } = old;
  const category = body.category ?? old.category;
  // Each record of employees' talk is asked for its basis again when it is read.
  const verdict = decideIngest({ person, hotel, source, category, region, hasCollectionBasis: true });
  if (verdict.outcome === 'deny') return refused(verdict);
  if (body.timezone !== undefined && !IANAZone.isValidZone(body.timezone)) {
    return badInput({ zh: '不是时区', en: 'this is no time zone' }, 'body.timezone', {
      zh: '写 IANA 时区,如 Asia/Shanghai',
      en: 'name an IANA zone such as Asia/Shanghai',
    });
  }
  if (old.state !== 'committed' || old.quarantined === 0) {
    return badInput(
      { zh: '此批次在隔离区没有留存的行', en: 'this batch has no lines in quarantine' },
      'path.id',
      { zh: '写 dualkey quarantine list 所列的批次', en: 'name one of dualkey quarantine list' },
    );
  }
  const kept = Object.keys(old.completeness.rejectedBy).filter((reason) => isQuarantined(source, reason));
  if (kept.every(isOfWholeFile)) {
    return badInput(
      {
        zh: `整份文件未能读取,逐行重读无用:${kept.join(', ')}`,
        en: `the file as a whole was rejected, its lines alone bring nothing: ${kept.join(', ')}`,
      },
      'path.id',
      {
        zh: '重新导入整份文件:dualkey ingest FILE --map F',
        en: 'ingest the file again: dualkey ingest FILE --map F',
      },
    );
  }
  const zone = zoneOf({ hotels }, hotel);
  const until = quarantineEnds(old, retention.quarantine, zone);
  if (until.getTime() <= now.getTime()) {
    return badInput(
      {
        zh: `此批次的行留存至 ${until.toISOString()},已过期`,
        en: `the lines of this batch were kept until ${until.toISOString()}`,
      },
      'path.id',
      { zh: '更正后重新导入文件', en: 'ingest the file again, corrected' },
    );
  }
  const again = newId('bat', now);
  const objectKey = inboxKey(hotel, source, again);
  const head = body.profile === undefined ? null : encodeCompanionHead({ profile: body.profile, media: [] });
  const batch = {
    ...newBatch({
      batchId: again,
      hotel,
      source,
      category,
      timezone: body.timezone ?? old.timezone,
      // Lines, of which there are so many.
      bytes: old.quarantined,
      announcedDigest: null,
      parts: 0,
      uploadId: '',
      objectKey,
      companion:
        head === null
          ? null
          : {
              bytes: head.length,
              announcedDigest: createHash('sha256').update(head).digest('hex'),
              parts: 1,
              uploadId: '',
            },
      by: person.personId,
      createdAt: now.toISOString(),
    }),
    digest,
    rerunOf: batchId,
  };
  // Nothing is put into the inbox for a batch that isn't there: nobody would ever take it away.
  if ((await batches.create(batch)) === 'too-many-open') {
    return badInput(
      {
        zh: `您已有 ${LIMITS.openBatchesPerPerson} 个未完成的批次`,
        en: `you have ${LIMITS.openBatchesPerPerson} batches open already`,
      },
      'path.id',
      { zh: '请等待入库', en: 'wait until they are in custody' },
    );
  }
  if (head !== null) await inbox.put(companionKey({ objectKey }), head);
  const received = await batches.received(again, person.personId, now);
  await ingestLater(again);
  return accepted(batchResult(received ?? batch));
}

/** Until when a batch's rejected lines are kept. */
export function quarantineEnds(
  { receivedAt, createdAt }: { receivedAt: string | null; createdAt: string },
  term: RegionConfig['retention']['quarantine'],
  zone: string,
): Date {
  return periodDueAt(expiryPeriodOf(new Date(receivedAt ?? createdAt), term, zone), zone);
}
