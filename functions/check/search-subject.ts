import { searchIndexesOf, staffIndexOf } from '../../shared/crypto/blind-index.ts';
import { openText } from '../../shared/crypto/sealed-text.ts';
import type { AccessGrant } from '../../shared/domain/access-grant.ts';
import { IDENTIFIER_KINDS, type IdentifierKind } from '../../shared/domain/record.ts';
import type { RegionConfig } from '../../shared/domain/region-config.ts';
import { type FoundBlock, findRecords } from '../../shared/facts/find-records.ts';
import { evidenceKeyOf } from '../../shared/loop/evidence-key.ts';
import { requestTexts } from '../../shared/loop/request-texts.ts';
import type { Directory } from '../../shared/ports/directory.ts';
import type { IndexKey, RequestKeys } from '../../shared/ports/keys.ts';
import type { RecordsIndex } from '../../shared/ports/records-index.ts';
import type { SealWaiting } from '../../shared/ports/seal-waiting.ts';

export type SearchDependencies = {
  region: RegionConfig;
  directory: Directory;
  keys: Pick<RequestKeys, 'read'>;
  indexKey: Pick<IndexKey, 'forSearch'>;
  records: RecordsIndex;
  sealWaiting: SealWaiting;
};

export type Found = {
  blocks: FoundBlock[];
  /** Staff who take part in what was found, by person id. */
  participants: string[];
  /** Pushed messages of these guests that could not be sealed in time: they are out of scope. */
  waiting: number;
};

const NOTHING: Found = { blocks: [], participants: [], waiting: 0 };

/**
 * What a request asks for, by blind indexes and block rows alone: no block is decrypted. The subject is opened in
 * memory, and only to be indexed.
 */
export async function searchSubject(grant: AccessGrant, search: SearchDependencies): Promise<Found> {
  const [key, identifier] = await Promise.all([search.indexKey.forSearch(), subjectOf(grant, search.keys)]);
  if (key === null || identifier === null) return NOTHING;
  const places = search.region.hotels.filter(({ code }) => grant.hotels.includes(code));
  // Whoever typed a number didn't say who gave it: it is looked up with every issuer.
  const indexes = places.flatMap(({ code, country }) =>
    searchIndexesOf(key, identifier, { hotel: code, country }),
  );
  const guests = await search.records.guestsOf([...new Set(indexes)]);
  const { left: waiting } = await search.sealWaiting(guests);
  const blocks = await findRecords(search.records, grant, guests);
  return { blocks, participants: await participantsOf(blocks, key, search.directory), waiting };
}

async function subjectOf(
  { requestId, subject, subjectKind }: AccessGrant,
  keys: Pick<RequestKeys, 'read'>,
): Promise<{ kind: IdentifierKind; value: string } | null> {
  const kind = IDENTIFIER_KINDS.find((known) => known === subjectKind);
  if (kind === undefined || subject === null) return null;
  const key = await evidenceKeyOf(keys, requestId);
  return { kind, value: openText(key, requestTexts.subject(requestId), subject) };
}

async function participantsOf(
  blocks: FoundBlock[],
  indexKey: Uint8Array,
  directory: Directory,
): Promise<string[]> {
  const staff = new Set(blocks.flatMap(({ block }) => block.staff));
  if (staff.size === 0) return [];
  const people = await directory.withAccounts();
  return people
    .filter(({ accounts }) => accounts.some((account) => staff.has(staffIndexOf(indexKey, account))))
    .map(({ personId }) => personId)
    .sort();
}
