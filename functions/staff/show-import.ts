import { FILE_FAULTS, isFileFaultCode } from '../../shared/directory/file-faults.ts';
import type { Person } from '../../shared/domain/person.ts';
import { type HttpResult, notFound, ok } from '../../shared/runtime/http-result.ts';
import { shownFailure } from './shown-failure.ts';
import type { StaffDependencies } from './staff-dependencies.ts';

/**
 * What became of a directory file, to whoever brought it. Work that a crash left is taken up again by asking.
 */
export async function showImport(
  { actor, importId }: { actor: Person; importId: string },
  { changes, wake }: Pick<StaffDependencies, 'changes' | 'wake'>,
): Promise<HttpResult> {
  const row = await changes.readImport(importId);
  if (row === null || row.by !== actor.personId)
    return notFound({ zh: '没有这次导入', en: 'no such import' }, 'path.id');
  if (row.state === 'queued' || row.state === 'planned') await wake();
  const { state, people, added, next, changed, waiting, failed, verdict } = row;
  const failures = failed === 0 ? [] : await changes.failures({ kind: 'import', id: importId });
  return ok({
    importId,
    state,
    people,
    added,
    done: next,
    changed,
    waiting,
    failed: failures.map(shownFailure),
    changes: row.changes,
    faults: row.faults.map(({ line, field, code }) => ({
      line,
      field,
      code,
      ...(isFileFaultCode(code) ? FILE_FAULTS[code] : { zh: code, en: code }),
    })),
    verdict,
  });
}
