import { normaliseIdentifier } from '../../shared/crypto/normalise-identifier.ts';
import { LIMITS } from '../../shared/domain/limits.ts';
import { IDENTIFIER_KINDS } from '../../shared/domain/record.ts';
import type { RegionConfig } from '../../shared/domain/region-config.ts';
import { badInput, type HttpResult } from '../../shared/runtime/http-result.ts';
import type { RequestBody } from './request-body.ts';

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
      'there is no such hotel',
      `body.hotels.${unknown}`,
      `name a hotel of this region (${region.region}): ${here}`,
    );
  }
  if (body.subject !== null && !isOfItsKind(body.subject, body.hotels, known)) {
    return badInput(
      `the value can't be a ${body.subject.kind}`,
      'body.subject.value',
      body.subject.kind === 'name-and-room'
        ? 'write NAME / ROOM / YYYY-MM-DD, the date a night of the stay'
        : 'write it as the platform or the hotel has it',
    );
  }
  const cited = JSON.stringify([body.instrument, body.emergency]);
  if (cited.length > LIMITS.citationCharacters) {
    return badInput(
      `more than ${LIMITS.citationCharacters} characters`,
      'body.instrument, body.emergency',
      'state type, number, authority and validity only',
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
