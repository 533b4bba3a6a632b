import type { FileFault } from './file-faults.ts';
import { planDirectory, type Standing } from './plan-directory.ts';
import type { StaffLine } from './staff-fields.ts';

const NAMES = ['username', 'personId', ''];

/**
 * What the directory says against a file of which some fields can't be read, so that one answer tells all that can be
 * known: not what may be wrong only because of what wasn't read.
 */
export function faultsBeside(lines: readonly StaffLine[], standing: Standing): FileFault[] {
  const plan = planDirectory(lines, standing);
  if (!('faults' in plan)) return [];
  const incomplete = new Set(lines.flatMap(({ line, unread }) => (unread === undefined ? [] : [line])));
  const unread = lines.flatMap((line) => line.unread ?? []);
  const somebodyUnnamed = unread.some((field) => NAMES.includes(field));
  return plan.faults.filter(({ line, field, code }) => {
    if (field === null && incomplete.has(line)) return false;
    if (code === 'unknown-person') return !somebodyUnnamed;
    if (code === 'deputy-of-nobody-in-the-role') return !somebodyUnnamed && !unread.includes('roles');
    return true;
  });
}
