import { normaliseIdentifier } from '../../shared/crypto/normalise-identifier.ts';
import { LIMITS } from '../../shared/domain/limits.ts';
import { IDENTIFIER_KINDS } from '../../shared/domain/record.ts';
import type { RegionConfig } from '../../shared/domain/region-config.ts';
import type { Words } from '../../shared/domain/words.ts';
import { badInput, type HttpResult } from '../../shared/runtime/http-result.ts';
import type { RequestBody } from './request-body.ts';

/** Subjects whose form isn't evident. */
const HOW_TO_WRITE: Partial<Record<NonNullable<RequestBody['subject']>['kind'], Words>> = {
  'name-and-room': {
    zh: '写作 姓名 / 房号 / YYYY-MM-DD(入住期间任一晚)',
    en: 'write NAME / ROOM / YYYY-MM-DD, the date a night of the stay',
  },
  employee: {
    zh: '写作 平台:账号,与人员目录一致,如 workgroup:zhang.san',
    en: 'write PLATFORM:ACCOUNT as the directory has it, such as workgroup:zhang.san',
  },
  phone: {
    zh: '写完整号码,境外须带国家代码',
    en: 'write the whole number, with its country code where it is foreign',
  },
};

/**
 * What is wrong with a request beyond its shape, or null. A hotel of another region is no fault: such a request is
 * taken, and refused by the rulebook (A3).
 */
export function faultInRequest(
  body: RequestBody,
  { region, chain }: { region: RegionConfig; chain: RegionConfig['hotels'] },
): HttpResult | null {
  const known = new Map(chain.map((hotel) => [hotel.code, hotel]));
  const unknown = body.hotels.findIndex((code) => !known.has(code));
  if (unknown >= 0) {
    const here = region.hotels.map(({ code }) => code).join(', ');
    return badInput({ zh: '没有这家酒店', en: 'there is no such hotel' }, `body.hotels.${unknown}`, {
      zh: `写本区域(${region.region})的酒店:${here}`,
      en: `name a hotel of this region (${region.region}): ${here}`,
    });
  }
  if (body.subject !== null && !isOfItsKind(body.subject, body.hotels, known)) {
    return badInput(
      { zh: `该值不是 ${body.subject.kind}`, en: `the value can't be a ${body.subject.kind}` },
      'body.subject.value',
      HOW_TO_WRITE[body.subject.kind] ?? {
        zh: '按平台或酒店的写法填写',
        en: 'write it as the platform or the hotel has it',
      },
    );
  }
  const cited = JSON.stringify([body.instrument, body.emergency]);
  if (cited.length > LIMITS.citationCharacters) {
    return badInput(
      {
        zh: `超过 ${LIMITS.citationCharacters} 个字符`,
        en: `more than ${LIMITS.citationCharacters} characters`,
      },
      'body.instrument, body.emergency',
      { zh: '只写种类、编号、机关与有效期', en: 'state type, number, authority and validity only' },
    );
  }
  return null;
}

function isOfItsKind(
  { kind: asked, value }: NonNullable<RequestBody['subject']>,
  hotels: string[],
  known: Map<string, RegionConfig['hotels'][number]>,
): boolean {
  const kind = IDENTIFIER_KINDS.find((identifier) => identifier === asked);
  if (kind === undefined) return true;
  return hotels.some((hotel) => {
    const country = known.get(hotel)?.country ?? '';
    return normaliseIdentifier({ kind, value }, { hotel, country }) !== null;
  });
}
