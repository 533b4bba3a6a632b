import { FILE_FAULTS } from '../../shared/directory/file-faults.ts';
import type { FailedPerson } from '../../shared/domain/staff-import.ts';

/** Of whom nothing was written and why, to whoever keeps the directory or confirms changes of it. */
export function shownFailure({ personId, username, field, code }: FailedPerson) {
  return { personId, username, field, code, ...FILE_FAULTS[code] };
}
