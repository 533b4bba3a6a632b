import { newId } from '../../shared/domain/identifiers.ts';
import type { Person } from '../../shared/domain/person.ts';
import { currentRuleSet } from '../../shared/facts/rule-sets-in-force.ts';
import { decideDuty } from '../../shared/policy/decide-duty.ts';
import type { DutyFacts } from '../../shared/policy/facts.ts';
import { rolesThatMay } from '../../shared/policy/roles-that-may.ts';
import { accepted, badInput, type HttpResult, notFound, refused } from '../../shared/runtime/http-result.ts';
import { regionFacts } from '../../shared/runtime/region.ts';
import type { CompleteBody, ImportBody } from './staff-body.ts';
import { type StaffDependencies, uploadKey } from './staff-dependencies.ts';

/** How long the link of an upload lives at most. */
const LINK_SECONDS = 15 * 60;

/** A directory file is about to be put: one link, for exactly its bytes. Nothing of the directory changes yet. */
export async function beginImport(
  { actor, body, now }: { actor: Person; body: ImportBody; now: Date },
  { region, ruleSets, changes, inbox, links }: StaffDependencies,
): Promise<HttpResult> {
  const facts: DutyFacts = { region: regionFacts(region), actor, duty: 'keep-directory', hotels: [], now };
  const ruleSet = await currentRuleSet(ruleSets);
  const verdict = decideDuty(ruleSet, facts);
  if (verdict.outcome === 'deny') return refused(verdict);
  const importId = newId('imp', now);
  const uploadId = await inbox.begin(uploadKey(importId));
  const { parts } = await links(uploadKey(importId), uploadId, [body.bytes], LINK_SECONDS);
  await changes.createImport({
    importId,
    state: 'uploading',
    ...body,
    by: actor.personId,
    roles: rolesThatMay(ruleSet, facts),
    at: now.toISOString(),
    people: 0,
    added: 0,
    next: 0,
    changed: 0,
    waiting: 0,
    failed: 0,
    changes: [],
    faults: [],
    verdict: null,
  });
  return accepted({ importId, state: 'uploading', uploadId, url: parts[0]?.url ?? '' });
}

/** The file is there: it is read by the function's next run. Called again it changes nothing. */
export async function completeImport(
  { actor, importId, body }: { actor: Person; importId: string; body: CompleteBody },
  { changes, inbox, wake }: StaffDependencies,
): Promise<HttpResult> {
  const row = await changes.readImport(importId);
  // Somebody else's upload is theirs to complete, and its id tells nobody that there is one.
  if (row === null || row.by !== actor.personId)
    return notFound({ zh: '没有这次导入', en: 'no such import' }, 'path.id');
  if (row.state === 'uploading') {
    const parts = [{ number: 1, etag: body.etag }];
    if ((await inbox.complete(uploadKey(importId), body.uploadId, parts)) === 'bad-parts') {
      return badInput({ zh: '与上传的不符', en: 'this is not what was put' }, 'body.etag', {
        zh: '以原文件重新开始',
        en: 'begin again with the file as it is',
      });
    }
    await changes.moveImport(row, { state: 'queued' });
  }
  if (row.state === 'uploading' || row.state === 'queued') {
    // Also where an earlier call ended before it said so.
    await changes.addJob({ kind: 'import', id: importId, at: row.at });
    await wake();
  }
  return accepted({ importId, state: 'queued' });
}
