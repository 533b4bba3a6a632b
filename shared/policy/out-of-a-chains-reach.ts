/**
 * Acts about which a chain's own policies are not asked, whatever their text says: acts by which people protect a guest, or a
 * right, and what adds roles to a route, to which a chain's permits alone may add. Who may do them under the rulebook may do
 * them under every chain's.
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
