/**
 * Acts about which a chain's own policies refuse nothing, whatever their text says: what adds roles to a route, and acts by
 * which people protect a guest, or a right. Who may do them under the rulebook may do them under every chain's.
 */
export const OUT_OF_A_CHAINS_REACH: readonly string[] = [
  'route',
  'deny',
  'withdraw',
  'close',
  'revoke',
  'place-hold',
  'run-retention',
  'record-consent',
  'revoke-device',
  'guest-right',
];
