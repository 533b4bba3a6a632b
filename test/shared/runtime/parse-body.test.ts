import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { decisionBodySchema } from '../../../functions/approve/decision-body.ts';
import { endingBodySchema, revokingBodySchema } from '../../../functions/end/ending-body.ts';
import { placeBodySchema, releaseBodySchema } from '../../../functions/hold/hold-body.ts';
import { batchBodySchema, completionSchema } from '../../../functions/receive/batch-body.ts';
import { requestBodySchema } from '../../../functions/request/request-body.ts';
import { runBodySchema } from '../../../functions/retain/run-body.ts';
import { LIMITS } from '../../../shared/domain/limits.ts';
import { parseBody } from '../../../shared/runtime/parse-body.ts';
import { ASKED } from '../../fakes/asked-retrieval.ts';

const SCHEMAS: [string, z.ZodType][] = [
  ['POST /requests', requestBodySchema('injectable')],
  ['decisions', decisionBodySchema('injectable')],
  ['withdraw', endingBodySchema('injectable')],
  ['revoke', revokingBodySchema('injectable')],
  ['POST /holds', placeBodySchema],
  ['release', releaseBodySchema],
  ['POST /batches', batchBodySchema],
  ['complete', completionSchema],
  ['POST /retention/runs', runBodySchema('injectable')],
  ['a route without a body', z.undefined()],
];

const parsed = (schema: z.ZodType, body: string | undefined, isBase64Encoded = false) =>
  parseBody(schema, { body, isBase64Encoded });
const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
const request = (changes: object) => JSON.stringify({ ...ASKED, ...changes });

function expectResultOr400(outcome: ReturnType<typeof parseBody>): void {
  if ('value' in outcome) return;
  expect(outcome).toMatchObject({
    status: 400,
    body: {
      error: { what: expect.any(String), where: expect.stringMatching(/^body/), remedy: expect.any(String) },
    },
  });
}

describe('a body', () => {
  it('may be nested as deep as the limit, and no deeper, however deep that is', () => {
    const any = z.unknown();
    expect(parsed(any, nested(LIMITS.jsonNesting))).toHaveProperty('value');
    for (const depth of [LIMITS.jsonNesting + 1, 30_000]) {
      expect(parsed(any, nested(depth))).toMatchObject({ status: 400 });
      const instrument = `${request({}).slice(0, -1)},"instrument":${nested(depth)}}`;
      expect(parsed(requestBodySchema('system'), instrument)).toMatchObject({ status: 400 });
    }
    expect(parsed(any, `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`)).toMatchObject({ status: 400 });
  });

  it.each(['"\\ud800"', '{"\\udc00":1}', '{"a":[{"b":"x\\ud83d"}]}'])(
    'has whole characters only: %s is refused',
    (text) => {
      expect(parsed(z.unknown(), text)).toMatchObject({ status: 400 });
      expect(parsed(z.unknown(), '"\\ud83d\\ude00"')).toHaveProperty('value');
    },
  );

  it.each([
    ['a hotel twice', { hotels: ['SHA01', 'SHA01'] }, 'body.hotels'],
    ['a platform twice', { platforms: ['wecom', 'wecom'] }, 'body.platforms'],
    ['a category twice', { categories: ['enquiry', 'enquiry'] }, 'body.categories'],
    ['a time that falls into another millennium in UTC', { to: '9999-12-31T23:59:59-14:00' }, 'body.to'],
    ['a time before 1970 in UTC', { from: '1970-01-01T00:00:00+08:00' }, 'body.from'],
    ['a time after 2200 in UTC', { to: '2200-12-31T23:59:59-08:00' }, 'body.to'],
    ['a time with endless digits', { to: `2026-05-01T00:00:00.${'0'.repeat(1_000)}Z` }, 'body.to'],
    ['a name for a matter', { matter: '王小明' }, 'body.matter'],
  ])('of a request is refused for %s', (_, changes, where) => {
    expect(parsed(requestBodySchema('system'), request(changes))).toMatchObject({
      status: 400,
      body: { error: { where } },
    });
  });

  it('of a request may reach over all of 1970 to 2200', () => {
    const changes = { from: '1970-01-01T00:00:00Z', to: '2200-12-31T23:59:59.999Z' };
    expect(parsed(requestBodySchema('system'), request(changes))).toHaveProperty('value');
  });

  it('is a result or a 400, whatever JSON it is', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...SCHEMAS),
        fc.oneof(
          fc.json(),
          fc.jsonValue({ stringUnit: 'binary' }).map((value) => JSON.stringify(value)),
        ),
        ([, schema], text) => expectResultOr400(parsed(schema, text)),
      ),
      { numRuns: 2_000 },
    );
  });

  it('is a result or a 400, whatever bytes it is', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...SCHEMAS),
        fc.uint8Array(),
        fc.string({ unit: 'binary' }),
        ([, schema], bytes, text) => {
          expectResultOr400(parsed(schema, Buffer.from(bytes).toString('base64'), true));
          expectResultOr400(parsed(schema, text, true));
          expectResultOr400(parsed(schema, text));
        },
      ),
    );
  });
});
