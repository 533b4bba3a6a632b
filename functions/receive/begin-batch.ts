import { IANAZone } from 'luxon';
import type { Batches } from '../../shared/aws/batches.ts';
import type { Inbox } from '../../shared/aws/inbox.ts';
import type { PartLinks } from '../../shared/aws/part-links.ts';
import { companionKey, inboxKey, newBatch } from '../../shared/domain/batch.ts';
import { newId } from '../../shared/domain/identifiers.ts';
import { LIMITS } from '../../shared/domain/limits.ts';
import type { Person } from '../../shared/domain/person.ts';
import type { RegionConfig } from '../../shared/domain/region-config.ts';
import { decideIngest } from '../../shared/policy/decide-ingest.ts';
import type { RegionFacts } from '../../shared/policy/facts.ts';
import type { ConsentStore } from '../../shared/ports/consent-store.ts';
import type { ProviderStore } from '../../shared/ports/provider-store.ts';
import { accepted, badInput, type HttpResult, refused } from '../../shared/runtime/http-result.ts';
import { builtSource } from '../../shared/sources/built-sources.ts';
import type { BatchBody } from './batch-body.ts';

export type BeginDependencies = {
  batches: Pick<Batches, 'create' | 'freeSlot'>;
  inbox: Pick<Inbox, 'begin'>;
  links: PartLinks;
  region: RegionFacts;
  /** On what employees' talk may be collected at a hotel (R7). */
  bases: ConsentStore['bases'];
  /** Letters to providers, whose answers may come in as batches. */
  providers: Pick<ProviderStore, 'read'>;
  /** Every hotel of the chain, in whichever region. */
  chain: RegionConfig['hotels'];
};

/** How long the links of an upload live at most: the largest upload at some 1 MB/s. The session that signs them may end earlier. */
const LINK_SECONDS = 6 * 60 * 60;

/**
 * Opens a batch: its row, and links by which its parts are put into the inbox. Nothing is read yet, and the caller gets
 * no right but to put these parts.
 */
export async function beginBatch(
  { person, body, now }: { person: Person; body: BatchBody; now: Date },
  { batches, inbox, links, region, chain, bases, providers }: BeginDependencies,
): Promise<HttpResult> {
  const { hotel, category, bytes, companion } = body;
  if (!chain.some(({ code }) => code === hotel)) {
    return badInput({ zh: '没有这家酒店', en: 'there is no such hotel' }, 'body.hotel', {
      zh: `写下列之一:${chain.map(({ code }) => code).join(', ')}`,
      en: `name one of ${chain.map(({ code }) => code).join(', ')}`,
    });
  }
  const built = builtSource(body.source);
  if ('fault' in built)
    return badInput(built.fault, 'body.source', {
      zh: '写可导入的来源',
      en: 'name a source that can be ingested',
    });
  if (body.timezone !== undefined && !IANAZone.isValidZone(body.timezone)) {
    return badInput({ zh: '不是时区', en: 'this is no time zone' }, 'body.timezone', {
      zh: '写 IANA 时区,如 Asia/Shanghai',
      en: 'name an IANA zone such as Asia/Shanghai',
    });
  }
  const cut = wronglyCut(body, 'body.parts');
  if (cut !== null) return cut;
  const companionCut = companion === undefined ? null : wronglyCut(companion, 'body.companion.parts');
  if (companionCut !== null) return companionCut;
  const hasCollectionBasis =
    built.source !== 'workgroup' || (await bases(hotel)).some(({ withdrawn }) => withdrawn === null);
  const verdict = decideIngest({
    person,
    hotel,
    source: built.source,
    category,
    region,
    hasCollectionBasis,
  });
  if (verdict.outcome === 'deny') return refused(verdict);
  const unbound = await notAnAnswer(body, providers);
  if (unbound !== null) return unbound;
  if ((await batches.freeSlot(person.personId)) === null) return tooManyOpen();

  const batchId = newId('bat', now);
  const objectKey = inboxKey(hotel, built.source, batchId);
  const besideKey = companionKey({ objectKey });
  const uploadId = await inbox.begin(objectKey);
  const beside =
    companion === undefined
      ? null
      : {
          bytes: companion.bytes,
          announcedDigest: companion.sha256,
          parts: companion.parts,
          uploadId: await inbox.begin(besideKey),
        };
  const batch = newBatch({
    batchId,
    hotel,
    source: built.source,
    category,
    timezone: body.timezone ?? null,
    bytes,
    announcedDigest: body.sha256 ?? null,
    parts: body.parts,
    uploadId,
    objectKey,
    companion: beside,
    providerRequest: body.providerRequest ?? null,
    by: person.personId,
    createdAt: now.toISOString(),
  });
  if ((await batches.create(batch)) === 'too-many-open') return tooManyOpen();
  const { parts: signed, sessionEnds } = await links(objectKey, uploadId, partSizes(bytes), LINK_SECONDS);
  const besideLinks =
    beside === null ? null : await links(besideKey, beside.uploadId, partSizes(beside.bytes), LINK_SECONDS);
  const latest = now.getTime() + LINK_SECONDS * 1000;
  return accepted({
    batchId,
    state: batch.state,
    partBytes: LIMITS.uploadPartBytes,
    parts: signed,
    ...(besideLinks === null ? {} : { companion: { parts: besideLinks.parts } }),
    // At the latest: where the session doesn't say when it ends, its links may end earlier.
    expiresAt: new Date(Math.min(latest, sessionEnds?.getTime() ?? latest)).toISOString(),
  });
}

/** A batch is bound to a provider request by the very file that is kept as its answer; null where it may be, or needn't. */
async function notAnAnswer(
  { providerRequest, sha256, hotel }: BatchBody,
  providers: BeginDependencies['providers'],
): Promise<HttpResult | null> {
  if (providerRequest === undefined) return null;
  const row = await providers.read(providerRequest);
  const kept = row?.answers.some(({ digest }) => digest === `sha256:${sha256}`) === true;
  if (kept && row.hotels.includes(hotel)) return null;
  return badInput(
    {
      zh: '该文件未作为该调取函对此酒店的答复保存',
      en: 'this file is not kept as an answer to that provider request for this hotel',
    },
    'body.providerRequest',
    {
      zh: '请先保存(dualkey provider-request answer),并写函件所涉的酒店',
      en: 'keep it first (dualkey provider-request answer), and name a hotel of the letter',
    },
  );
}

/** What is wrong with the number of parts; null where nothing is. */
function wronglyCut({ bytes, parts }: { bytes: number; parts: number }, where: string): HttpResult | null {
  const expected = Math.ceil(bytes / LIMITS.uploadPartBytes);
  if (parts === expected) return null;
  return badInput(
    {
      zh: `每个分段 ${LIMITS.uploadPartBytes} 字节,末段可少:此次上传应为 ${expected} 段`,
      en: `parts have ${LIMITS.uploadPartBytes} bytes, the last one fewer: this upload has ${expected}`,
    },
    where,
    { zh: '按此分段', en: 'cut the file accordingly' },
  );
}

/** Bytes of each part. */
function partSizes(bytes: number): number[] {
  const { uploadPartBytes } = LIMITS;
  return Array.from({ length: Math.ceil(bytes / uploadPartBytes) }, (_, index) =>
    Math.min(uploadPartBytes, bytes - index * uploadPartBytes),
  );
}

function tooManyOpen(): HttpResult {
  return badInput(
    {
      zh: `您已有 ${LIMITS.openBatchesPerPerson} 个未完成的批次`,
      en: `you have ${LIMITS.openBatchesPerPerson} batches open already`,
    },
    'body',
    {
      zh: '请先完成并等待入库;一直未完成的批次一天后放弃',
      en: 'complete them and wait until they are in custody; one that is never completed is given up after a day',
    },
  );
}
