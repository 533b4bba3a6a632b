import { z } from 'zod';
import { eachOnce } from '../../shared/domain/each-once.ts';
import { instantSchema } from '../../shared/domain/instant.ts';
import { LIMITS } from '../../shared/domain/limits.ts';
import { CATEGORIES, SOURCES } from '../../shared/domain/record.ts';
import { asOfField } from '../../shared/runtime/as-of-field.ts';

type ClockMode = 'system' | 'injectable';

const line = (most: number) =>
  z
    .string()
    .trim()
    .min(1, 'must not be empty · 不能为空')
    .max(most, `at most ${most} characters · 最多 ${most} 个字符`);
const name = line(LIMITS.providerNameCharacters);
const reference = line(LIMITS.referenceCharacters);
/** When something outside happened; now where it isn't said. */
const at = instantSchema.optional();

/** The body of `POST /requests/{id}/provider-requests`. What is typed here is sealed. */
export function draftBodySchema(clock: ClockMode) {
  return z.strictObject({
    /** The provider's name as it stands in the letter. */
    provider: name,
    platform: z.enum(SOURCES, `must be one of ${SOURCES.join(', ')} · 须为下列之一:${SOURCES.join(', ')}`),
    /** Days that the provider is given from the letter's date. */
    dueDays: z
      .number()
      .int()
      .min(1)
      .max(
        LIMITS.providerDueDays,
        `at most ${LIMITS.providerDueDays} days · 最多 ${LIMITS.providerDueDays} 天`,
      ),
    address: line(LIMITS.freeTextCharacters).optional(),
    /** Where the answer goes: an address or mailbox of the hotel. */
    replyTo: line(LIMITS.freeTextCharacters).optional(),
    /** Of the request's hotels, those that the letter is about; all of them where absent. */
    hotels: eachOnce(
      z.array(z.string().max(LIMITS.referenceCharacters)).min(1).max(LIMITS.hotelsPerRequest),
    ).optional(),
    /** Of the request's categories, those that the letter is about; all of them where absent. */
    categories: eachOnce(
      z
        .array(
          z.enum(
            CATEGORIES,
            `must be one of ${CATEGORIES.join(', ')} · 须为下列之一:${CATEGORIES.join(', ')}`,
          ),
        )
        .min(1),
    ).optional(),
    asOf: asOfField(clock),
  });
}
export type DraftBody = z.infer<ReturnType<typeof draftBodySchema>>;

/** The body of `/letter` and `/withdraw`. */
export function bareBodySchema(clock: ClockMode) {
  return z.strictObject({ asOf: asOfField(clock) }).default({});
}

/** The body of `/sent`: when, and under which number of the carrier or the provider's desk. */
export function sentBodySchema(clock: ClockMode) {
  return z.strictObject({ at, reference, asOf: asOfField(clock) });
}
export type SentBody = z.infer<ReturnType<typeof sentBodySchema>>;

/** The body of `/refused`. */
export function refusedBodySchema(clock: ClockMode) {
  return z.strictObject({
    at,
    reference: reference.optional(),
    reason: line(LIMITS.freeTextCharacters),
    asOf: asOfField(clock),
  });
}
export type RefusedBody = z.infer<ReturnType<typeof refusedBodySchema>>;

const file = {
  bytes: z
    .number()
    .int()
    .min(1, 'an empty file answers nothing · 空文件不是答复')
    .max(
      LIMITS.providerAnswerBytes,
      `a file of an answer has at most ${LIMITS.providerAnswerBytes} bytes · 答复的文件最多 ${LIMITS.providerAnswerBytes} 字节`,
    ),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/i, 'must be 64 hex digits · 须为 64 位十六进制数字')
    .transform((digest) => digest.toLowerCase()),
};

/** The body of `/answers`: a file that is about to be put. */
export function answerBodySchema(clock: ClockMode) {
  return z.strictObject({ ...file, asOf: asOfField(clock) });
}
export type AnswerBody = z.infer<ReturnType<typeof answerBodySchema>>;

/** The body of `/answers/keep`: the file as it was put, when it came, and the provider's own reference. */
export function keepBodySchema(clock: ClockMode) {
  return z.strictObject({
    ...file,
    uploadId: z.string().min(1).max(1_024),
    etag: z.string().min(1).max(128),
    at,
    reference: reference.optional(),
    asOf: asOfField(clock),
  });
}
export type KeepBody = z.infer<ReturnType<typeof keepBodySchema>>;
