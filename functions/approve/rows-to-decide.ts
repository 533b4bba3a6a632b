import { conductKey } from '../../shared/aws/conduct-table.ts';
import { custodyKeyRows } from '../../shared/aws/custody-key-rows.ts';
import { profileKey } from '../../shared/aws/directory-table.ts';
import type { PlacedKey } from '../../shared/aws/read-ahead.ts';
import { requestKey } from '../../shared/aws/request-key.ts';
import { RULES_POINTER } from '../../shared/aws/rule-sets.ts';
import { stepUpKeys } from '../../shared/aws/step-up-store.ts';

export type DecidingTables = { grants: string; keys: string; cases: string; directory: string };

/**
 * Every row that a decision on this request is known to need once it is known who decides: the person with the locks, the
 * request, its evidence key, the rule set in force and, where something was signed, the nonce and the device.
 */
export function rowsToDecide(
  personId: string,
  requestId: string,
  signed: { nonce: string; credentialId: string } | null,
  tables: DecidingTables,
): PlacedKey[] {
  const inDirectory = [
    profileKey(personId),
    conductKey(personId),
    ...(signed === null ? [] : stepUpKeys(personId, signed.nonce, signed.credentialId)),
  ];
  return [
    ...inDirectory.map((key) => ({ table: tables.directory, key })),
    { table: tables.grants, key: requestKey(requestId) },
    { table: tables.keys, key: custodyKeyRows.request('evidence', requestId) },
    { table: tables.cases, key: RULES_POINTER },
  ];
}
