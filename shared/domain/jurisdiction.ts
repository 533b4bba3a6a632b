/** The legal orders that a region, and a person at work, can be in (A3, R12). */
export const JURISDICTIONS = ['CN', 'SG', 'EU'] as const;
export type Jurisdiction = (typeof JURISDICTIONS)[number];
