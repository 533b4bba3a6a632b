/** What could bring destroyed keys back. */
export type Backups = {
  /** Days for which the key table can be restored to a point in time (0 where it can't), and whether anything copies it. */
  ofKeyTable(): Promise<{ recoveryDays: number; copies: boolean }>;
};
