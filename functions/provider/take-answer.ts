import { createHash } from 'node:crypto';
import { UploadMissingError } from '../../shared/aws/inbox.ts';
import { sealAnswerPart } from '../../shared/crypto/kept-answer.ts';
import { sealText } from '../../shared/crypto/sealed-text.ts';
import { COMPANION_SUFFIX } from '../../shared/domain/batch.ts';
import { LIMITS } from '../../shared/domain/limits.ts';
import { canProviderMove, type ProviderRequest } from '../../shared/domain/provider-request.ts';
import { evidenceKeyOf } from '../../shared/loop/evidence-key.ts';
import { requestTexts } from '../../shared/loop/request-texts.ts';
import { accepted, badInput, conflict, done, type HttpResult, ok } from '../../shared/runtime/http-result.ts';
import { changeAsItStands, type ProviderCall, type Step, stop } from './change-as-it-stands.ts';
import type { AnswerBody, KeepBody } from './provider-body.ts';
import type { ProviderDependencies } from './provider-dependencies.ts';
import { notInState, notWhenItCame } from './record-what-became.ts';
import { shownProviderRequest } from './shown-provider-request.ts';

/** How long the link of an upload lives at most. */
const LINK_SECONDS = 60 * 60;

export const answerKeys = {
  /** Where the file waits in the inbox: its arrival begins no ingest. */
  upload: (providerRequestId: string, sha256: string): string =>
    `provider-answers/${providerRequestId}/${sha256}${COMPANION_SUFFIX}`,
  /** Where a sealed part of it is kept in the evidence bucket. */
  part: (providerRequestId: string, sha256: string, index: number): string =>
    `provider-answers/${providerRequestId}/${sha256}/${String(index).padStart(4, '0')}`,
};

/** A file of the answer is about to be put: one link, for exactly its bytes. Nothing is recorded yet. */
export async function beginAnswer(
  call: ProviderCall & { body: AnswerBody },
  dependencies: ProviderDependencies,
): Promise<HttpResult> {
  const { providerRequestId, body } = call;
  const { inbox, links } = dependencies;
  const result = await changeAsItStands(call, 'settle-provider-request', dependencies, async (row) => {
    if (isKept(row, body.sha256)) {
      // Whoever kept it may have ended before the upload went.
      await inbox.delete(answerKeys.upload(providerRequestId, body.sha256));
      return stop(await standing(row, dependencies));
    }
    if (transitionOf(row) === null) return stop(notInState());
    const key = answerKeys.upload(providerRequestId, body.sha256);
    const uploadId = await inbox.begin(key);
    const { parts } = await links(key, uploadId, [body.bytes], LINK_SECONDS);
    return stop(accepted({ providerRequestId, state: row.state, uploadId, url: parts[0]?.url ?? '' }));
  });
  return result.outcome === 'stop' ? result.answer : notInState();
}

/**
 * Keeps a file of the answer whole: every part sealed under the access request's evidence key and put once under Object
 * Lock, then the row and its event in one transaction, then the upload goes. Ended anywhere and sent again it finishes:
 * what was put stands, and a file that is kept already is answered as it is.
 */
export async function keepAnswer(
  call: ProviderCall & { body: KeepBody },
  dependencies: ProviderDependencies,
): Promise<HttpResult> {
  const { providerRequestId, actor, now, body } = call;
  const { inbox, providers, keys } = dependencies;
  const at = new Date(body.at ?? now);
  const digest = `sha256:${body.sha256}`;
  const upload = answerKeys.upload(providerRequestId, body.sha256);
  const result = await changeAsItStands(
    call,
    'settle-provider-request',
    dependencies,
    async (row): Promise<Step> => {
      if (isKept(row, body.sha256)) return stop(await standing(row, dependencies));
      const transition = transitionOf(row);
      if (transition === null) return stop(notInState());
      if (row.answers.length >= LIMITS.providerAnswers)
        return stop(conflict('L8', 'too-many-provider-requests'));
      if (at > now || at < new Date(row.sent?.at ?? at)) return stop(notWhenItCame());
      const fault = await arrived(upload, body, dependencies);
      if (fault !== null) return stop(fault);
      const key = await evidenceKeyOf(keys, row.requestId);
      const parts = await keepParts(row, body, key, dependencies);
      const place = requestTexts.provider(row.requestId, providerRequestId, `answer/${digest}`);
      return providers.move(
        row,
        transition,
        {
          answers: [
            ...row.answers,
            {
              by: actor.personId,
              recordedAt: now.toISOString(),
              at: at.toISOString(),
              digest,
              bytes: body.bytes,
              parts,
              reference: body.reference === undefined ? null : sealText(key, place, body.reference),
            },
          ],
        },
        {
          at: now,
          actor: actor.personId,
          data: {
            requestId: row.requestId,
            answeredAt: at.toISOString(),
            digest,
            bytes: body.bytes,
            parts,
            wasOverdue: row.overdueSince !== null,
          },
        },
      );
    },
  );
  if (result.outcome === 'stop') {
    if (result.answer.status === 200) await inbox.delete(upload);
    return result.answer;
  }
  await inbox.delete(upload);
  return done((await standing(result.row, dependencies)).body);
}

/** What is wrong with what was put; null where it is the file that was announced. A file that isn't goes. */
async function arrived(
  upload: string,
  { uploadId, etag, bytes, sha256 }: KeepBody,
  { inbox }: ProviderDependencies,
): Promise<HttpResult | null> {
  if ((await inbox.complete(upload, uploadId, [{ number: 1, etag }])) === 'bad-parts') {
    return badInput({ zh: '与上传的不符', en: 'this is not what was put' }, 'body.etag', {
      zh: '以原文件重新开始',
      en: 'begin again with the file as it is',
    });
  }
  const hash = createHash('sha256');
  const size = await inbox.size(upload);
  try {
    if (size === bytes) for await (const chunk of inbox.read(upload, 0, bytes)) hash.update(chunk);
  } catch (error) {
    if (error instanceof UploadMissingError) return gone();
    throw error;
  }
  if (size === null) return gone();
  if (size === bytes && hash.digest('hex') === sha256) return null;
  await inbox.delete(upload);
  return badInput(
    { zh: '上传的不是所申报的文件', en: 'what was put is not the file that was announced' },
    'body.sha256',
    { zh: '重新开始', en: 'begin again' },
  );
}

function gone(): HttpResult {
  return badInput({ zh: '上传已不在', en: 'the upload is gone' }, 'body.uploadId', {
    zh: '以原文件重新开始',
    en: 'begin again with the file as it is',
  });
}

/** Seals and puts part after part; one that an earlier run put is of the same bytes, since its name has their digest. */
async function keepParts(
  { requestId, providerRequestId }: ProviderRequest,
  { bytes, sha256 }: KeepBody,
  key: Uint8Array,
  { inbox, evidence }: ProviderDependencies,
): Promise<number> {
  const size = LIMITS.providerAnswerPartBytes;
  const parts = Math.ceil(bytes / size);
  const upload = answerKeys.upload(providerRequestId, sha256);
  for (let index = 0; index < parts; index += 1) {
    const part: Uint8Array[] = [];
    const end = Math.min((index + 1) * size, bytes);
    for await (const chunk of inbox.read(upload, index * size, end)) part.push(chunk);
    const place = { requestId, providerRequestId, digest: `sha256:${sha256}`, index, parts };
    await evidence.putOnce(
      answerKeys.part(providerRequestId, sha256, index),
      sealAnswerPart(key, place, Buffer.concat(part)),
      { contentType: 'application/octet-stream' },
    );
  }
  return parts;
}

function isKept({ answers }: ProviderRequest, sha256: string): boolean {
  return answers.some(({ digest }) => digest === `sha256:${sha256}`);
}

function transitionOf({ state }: ProviderRequest): 'answer' | 'supplement' | null {
  if (canProviderMove(state, 'answer')) return 'answer';
  return canProviderMove(state, 'supplement') ? 'supplement' : null;
}

async function standing(row: ProviderRequest, { keys }: ProviderDependencies): Promise<HttpResult> {
  return ok(shownProviderRequest(row, await keys.read('evidence', row.requestId)));
}
