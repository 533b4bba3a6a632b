import type { Batches } from '../../shared/aws/batches.ts';
import type { Inbox } from '../../shared/aws/inbox.ts';
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
  if (batch === null) return notFound('there is no such batch', 'path.id');
  const verdict = decideIngest({ person, hotel: batch.hotel, category: batch.category, region });
  if (verdict.outcome === 'deny') return refused(verdict);
  if (batch.state !== 'uploading') return accepted(batchResult(batch));
  const numbers = body.parts.map(({ number }) => number);
  if (numbers.length !== batch.parts || numbers.some((number, index) => number !== index + 1)) {
    return badInput(
      `this upload has the parts 1 to ${batch.parts}, in that order`,
      'body.parts',
      'name each of them once',
    );
  }
  if ((await inbox.complete(batch.objectKey, batch.uploadId, body.parts)) === 'bad-parts') {
    return badInput(
      'these are not the parts that were put',
      'body.parts',
      'put the parts again, or begin a new batch',
    );
  }
  // Null where it is in custody already. What is refused here, ingest gives up and deletes.
  const size = await inbox.size(batch.objectKey);
  if (size !== null && size !== batch.bytes) {
    return badInput(
      `${batch.bytes} bytes were announced and ${size} were put`,
      'body.parts',
      'begin a new batch with the file as it is',
    );
  }
  const received = await batches.received(batchId, person.personId, now);
  return accepted(batchResult(received ?? batch));
}
