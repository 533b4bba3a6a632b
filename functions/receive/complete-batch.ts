import type { Batches } from '../../shared/aws/batches.ts';
import type { Inbox } from '../../shared/aws/inbox.ts';
import { companionKey } from '../../shared/domain/batch.ts';
import type { Person } from '../../shared/domain/person.ts';
import { decideIngest } from '../../shared/policy/decide-ingest.ts';
import type { RegionFacts } from '../../shared/policy/facts.ts';
import { accepted, badInput, type HttpResult, notFound, refused } from '../../shared/runtime/http-result.ts';
import type { Completion } from './batch-body.ts';
import { batchResult } from './batch-result.ts';

export type CompleteDependencies = {
  batches: Pick<Batches, 'read' | 'received'>;
  inbox: Pick<Inbox, 'complete' | 'size'>;
  region: RegionFacts;
};

/** Completes an upload; from then on the deployed functions work on it. Doing it again is harmless. */
export async function completeBatch(
  { batchId, person, body, now }: { batchId: string; person: Person; body: Completion; now: Date },
  { batches, inbox, region }: CompleteDependencies,
): Promise<HttpResult> {
  const batch = await batches.read(batchId);
  if (batch === null) return notFound({ zh: '没有这个批次', en: 'there is no such batch' }, 'path.id');
  const { hotel, source, category } = batch;
  // Whether there was a basis was asked when the batch was begun; each record is asked again.
  const verdict = decideIngest({ person, hotel, source, category, region, hasCollectionBasis: true });
  if (verdict.outcome === 'deny') return refused(verdict);
  if (batch.state !== 'uploading') return accepted(batchResult(batch));
  const beside = batch.companion;
  if ((beside === null) !== (body.companion === undefined)) {
    return badInput(
      beside === null
        ? { zh: '未申报随附对象', en: 'nothing beside the export was announced' }
        : { zh: '已申报随附对象', en: 'something beside the export was announced' },
      'body.companion',
      { zh: '按开始时所申报的完成', en: 'complete what was begun' },
    );
  }
  // What comes beside the export first: the export's own arrival is what begins the ingest.
  const uploads = [
    ...(beside === null || body.companion === undefined
      ? []
      : [{ ...beside, key: companionKey(batch), put: body.companion.parts, where: 'body.companion.parts' }]),
    { ...batch, key: batch.objectKey, put: body.parts, where: 'body.parts' },
  ];
  for (const { parts, put, where } of uploads) {
    const numbers = put.map(({ number }) => number);
    if (numbers.length !== parts || numbers.some((number, index) => number !== index + 1)) {
      return badInput(
        {
          zh: `此次上传为第 1 至 ${parts} 段,依次列出`,
          en: `this upload has the parts 1 to ${parts}, in that order`,
        },
        where,
        { zh: '每段写一次', en: 'name each of them once' },
      );
    }
  }
  for (const { key, uploadId, bytes, put, where } of uploads) {
    if ((await inbox.complete(key, uploadId, put)) === 'bad-parts') {
      return badInput({ zh: '与已上传的分段不符', en: 'these are not the parts that were put' }, where, {
        zh: '重新上传分段,或另开批次',
        en: 'put the parts again, or begin a new batch',
      });
    }
    // Null where it is in custody already. What is refused here, ingest gives up and deletes.
    const size = await inbox.size(key);
    if (size !== null && size !== bytes) {
      return badInput(
        {
          zh: `申报 ${bytes} 字节,实际上传 ${size} 字节`,
          en: `${bytes} bytes were announced and ${size} were put`,
        },
        where,
        { zh: '以原文件另开批次', en: 'begin a new batch with the file as it is' },
      );
    }
  }
  const received = await batches.received(batchId, person.personId, now);
  return accepted(batchResult(received ?? batch));
}
