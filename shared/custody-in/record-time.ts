import { LIMITS } from '../domain/limits.ts';
import type { DraftRecord } from '../sources/importer.ts';

const HOUR_MS = 60 * 60 * 1000;

export type RecordTime = { at: Date } | { reason: 'time-in-future' | 'invalid-date' };

/**
 * The time under which a record is kept: its own, which may lie LIMITS.aheadHours after its receipt (clocks differ) and no
 * more, since its term counts from it. What is planned for later (the arrival of a stay that was registered ahead) is
 * recorded when it was received. A time that the platform left out is no time to judge.
 */
export function recordTimeOf(
  { at, timeKnown, planned, consent }: Pick<DraftRecord, 'at' | 'timeKnown' | 'planned' | 'consent'>,
  receivedAt: Date,
): RecordTime {
  const latest = receivedAt.getTime() + LIMITS.aheadHours * HOUR_MS;
  // Beyond what a Date can hold there is no comparison that says so.
  const known = (time: Date) => time.getTime() >= 0;
  if (timeKnown && !known(at)) return { reason: 'invalid-date' };
  if (consent !== undefined && !known(consent.at)) return { reason: 'invalid-date' };
  if (consent !== undefined && consent.at.getTime() > latest) return { reason: 'time-in-future' };
  if (!timeKnown) return { at };
  if (planned === true && at.getTime() > receivedAt.getTime()) return { at: receivedAt };
  return at.getTime() > latest ? { reason: 'time-in-future' } : { at };
}
