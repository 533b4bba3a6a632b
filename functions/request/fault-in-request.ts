import { normaliseIdentifier } from '../../shared/crypto/normalise-identifier.ts';
import { LIMITS } from '../../shared/domain/limits.ts';
import { IDENTIFIER_KINDS } from '../../shared/domain/record.ts';
import type { RegionConfig } from '../../shared/domain/region-config.ts';
import { badInput, type HttpResult } from '../../shared/runtime/http-result.ts';
import type { RequestBody } from './request-body.ts';

/** Subjects whose form isn't evident. */
const HOW_TO_WRITE: Partial<Record<NonNullable<RequestBody['subject']>['kind'], string>> = {
  'name-and-room':
    '写作 姓名 / 房号 / YYYY-MM-DD(入住期间任一晚) write NAME / ROOM / YYYY-MM-DD, the date a night of the stay',
  employee:
    '写作 平台:账号,与人员目录一致,如 workgroup:zhang.san write PLATFORM:ACCOUNT as the directory has it, such as workgroup:zhang.san',
  phone: '写完整号码,境外须带国家代码 write the whole number, with its country code where it is foreign',
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
    return badInput(
      '没有这家酒店 there is no such hotel',
      `body.hotels.${unknown}`,
      `写本地区的酒店 name a hotel of this region (${region.region}): ${here}`,
    );
  }
  if (body.subject !== null && !isOfItsKind(body.subject, body.hotels, known)) {
    return badInput(
      `该值不是 the value can't be a ${body.subject.kind}`,
      'body.subject.value',
      HOW_TO_WRITE[body.subject.kind] ??
        '按平台或酒店的写法填写 write it as the platform or the hotel has it',
    );
  }
  const cited = JSON.stringify([body.instrument, body.emergency]);
  if (cited.length > LIMITS.citationCharacters) {
    return badInput(
      `超过 more than ${LIMITS.citationCharacters} 个字符 characters`,
      'body.instrument, body.emergency',
      '只写种类、编号、机关与有效期 state type, number, authority and validity only',
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
