import { z } from 'zod';
import { canonicalJson } from '../../shared/domain/canonical-json.ts';
import { faultInChain } from '../../shared/domain/custody-event.ts';
import {
  type DeletionDecision,
  type DeletionIntent,
  deletionDecisionSchema,
  deletionIntentSchema,
  ledgerKeys,
} from '../../shared/domain/deletion-ledger.ts';
import { periodDueAt } from '../../shared/domain/expiry-period.ts';
import { zoneOf } from '../../shared/domain/hotel-of.ts';
import { newId } from '../../shared/domain/identifiers.ts';
import { inParallel } from '../../shared/loop/in-parallel.ts';
import { RETENTION_RULES } from '../../shared/policy/retention-rules.ts';
import type { DisposableBlock } from '../../shared/ports/block-disposal.ts';
import type { PeriodKeyState } from '../../shared/ports/key-disposal.ts';
import type { Period } from '../../shared/ports/keys.ts';
import { countVisible, splitByHolds } from './held-blocks.ts';
import type { RetainDependencies } from './retain-dependencies.ts';
import { EvidenceAlteredError, sealCertificate } from './seal-certificate.ts';

/** Guest keys or blocks that are disposed of side by side. */
const AT_ONCE = 8;

/** The chain of events about a period's deletion doesn't hold together: nothing is deleted until somebody has looked. */
export class PeriodChainBrokenError extends Error {
  override name = 'PeriodChainBrokenError';
}

/** A backup would outlive the deletion by more than the region allows: nothing is deleted until that is mended. */
export class BackupOutlivesDeletionError extends Error {
  override name = 'BackupOutlivesDeletionError';
}

/** Holds were placed on a period as fast as its held keys were moved; the next run tries again. */
export class HoldsKeepComingError extends Error {
  override name = 'HoldsKeepComingError';
}

const DISABLE_ATTEMPTS = 10;

export type Disposed = {
  certificateId: string;
  deleted: { blocks: number; records: number };
  held: { blocks: number; records: number };
};

/** A period's subject in the chain of custody. */
export function periodSubject({ hotel, recordClass, period }: Period): string {
  return `period/${hotel}/${recordClass}/${period}`;
}

/**
 * Deletes what is due of a period, in D4's order: audit → backup check → delete → certificate → notice. The intent is
 * in the ledger before any key is disabled, and what was decided before any is destroyed, so that a run that dies
 * anywhere is finished by the next one, with the same certificate and the same counts.
 */
export async function disposePeriod(
  state: PeriodKeyState,
  responsible: string,
  dependencies: RetainDependencies,
): Promise<Disposed> {
  const ended = await endedDeletion(state, dependencies);
  if (ended !== null) {
    // Again, since a restore may have brought back what an ended deletion had destroyed (D8).
    await destroyKeys(state, dependencies);
    await deleteBlocks(state, dependencies);
    await closePeriod(state, dependencies);
    return ended;
  }
  const intent = await intendedDeletion(state, responsible, dependencies);
  const decision = await decideAndDisable(state, intent, dependencies);
  await destroyKeys(state, dependencies);
  await deleteBlocks(state, dependencies);
  const { certificate, digest } = await sealCertificate(intent, decision, dependencies);
  const { certificateId, what, held } = certificate;
  await dependencies.custody.record(periodSubject(state), 'period-deleted', {
    at: dependencies.clock(),
    actor: intent.responsible,
    data: {
      certificateId,
      certificate: digest,
      blocks: what.blocks,
      records: what.records,
      heldBlocks: held.blocks,
      heldRecords: held.records,
    },
  });
  // Last: until the row says so, the next run looks at this period again.
  await closePeriod(state, dependencies);
  dependencies.notice({ ...periodOf(state), certificateId });
  return {
    certificateId,
    deleted: { blocks: what.blocks, records: what.records },
    held: { blocks: held.blocks, records: held.records },
  };
}

async function closePeriod(period: PeriodKeyState, { keys }: RetainDependencies): Promise<void> {
  await keys.finish(period, (await keys.guestKeys(period)).length);
}

const endedSchema = z.object({
  certificateId: z.string(),
  blocks: z.number(),
  records: z.number(),
  heldBlocks: z.number(),
  heldRecords: z.number(),
});

/** The deletion that a run ended without closing the period's row: `deleting` there, and the chain says that it is done. */
async function endedDeletion(
  state: PeriodKeyState,
  { custody }: RetainDependencies,
): Promise<Disposed | null> {
  const last = state.state === 'deleting' ? (await custody.events(periodSubject(state))).at(-1) : undefined;
  if (last?.type !== 'period-deleted') return null;
  const { certificateId, blocks, records, heldBlocks, heldRecords } = endedSchema.parse(last.data);
  return {
    certificateId,
    deleted: { blocks, records },
    held: { blocks: heldBlocks, records: heldRecords },
  };
}

/** Audit, backup check, and the intent: that of a run that died, or a new one. */
async function intendedDeletion(
  state: PeriodKeyState,
  responsible: string,
  { custody, evidence, backups, region, clock }: RetainDependencies,
): Promise<DeletionIntent> {
  const subject = periodSubject(state);
  const events = await custody.events(subject);
  const fault = faultInChain(events);
  if (fault !== null) throw new PeriodChainBrokenError(`The chain ${subject} is broken: ${fault}`);

  const { recoveryDays, copies } = await backups.ofKeyTable();
  if (recoveryDays > region.keyTableRecoveryDays || copies) {
    throw new BackupOutlivesDeletionError(
      copies
        ? 'The key table has a stream or a replica: destroyed keys would live on there'
        : `The key table can be restored for ${recoveryDays} days; the region allows ${region.keyTableRecoveryDays}`,
    );
  }

  const last = events.at(-1);
  const begun = last?.type === 'period-deletion-intended' ? last : undefined;
  const now = clock();
  const zone = zoneOf(region, state.hotel);
  const intendedAt = begun?.at ?? now.toISOString();
  const intent: DeletionIntent = {
    version: 1,
    certificateId: textOf(begun?.data['certificateId']) ?? newId('crt', now),
    region: region.region,
    ...periodOf(state),
    rule: RETENTION_RULES[state.recordClass].rule,
    dueAt: periodDueAt(state.period, zone).toISOString(),
    intendedAt,
    responsible: begun?.actor ?? responsible,
    backup: { recoveryDays, recoveryAllowedDays: region.keyTableRecoveryDays },
  };
  if (begun === undefined) {
    await custody.record(subject, 'period-deletion-intended', {
      at: now,
      actor: responsible,
      data: { certificateId: intent.certificateId, rule: intent.rule, dueAt: intent.dueAt },
    });
  }
  const key = ledgerKeys.intent(yearOf(intent), intent.certificateId);
  return writtenOnce(key, intent, deletionIntentSchema, evidence);
}

/**
 * Moves held keys under their holds' keys, disables the rest (refused where a hold was placed meanwhile), and writes
 * down what that decided. From here on nothing is added to what goes, and nothing is saved from it.
 */
async function decideAndDisable(
  period: PeriodKeyState,
  intent: DeletionIntent,
  dependencies: RetainDependencies,
): Promise<DeletionDecision> {
  const { keys, blocks, evidence, clock } = dependencies;
  await disablePeriod(period, dependencies);
  const standing = (await keys.guestKeys(period)).filter(({ holds }) => holds === 0);
  await inParallel(standing, AT_ONCE, ({ guestId }) => keys.disableGuest(period, guestId));
  const guestKeys = await keys.guestKeys(period);
  const { held, due } = splitByHolds('disabled', await blocks.ofPeriod(period), guestKeys);
  const going = guestKeys.filter(({ state }) => state === 'deleting');
  const decision: DeletionDecision = {
    version: 1,
    certificateId: intent.certificateId,
    decidedAt: clock().toISOString(),
    guestKeys: going.map(({ keyId }) => keyId).sort(),
    deleted: countVisible(due),
    held: { guestKeys: guestKeys.length - going.length, ...countVisible(held) },
    firstRecordAt: earliest(due),
  };
  const key = ledgerKeys.decision(yearOf(intent), intent.certificateId);
  return writtenOnce(key, decision, deletionDecisionSchema, evidence);
}

async function disablePeriod(
  period: PeriodKeyState,
  { keys, holdKeys, holds, blocks, clock }: RetainDependencies,
): Promise<void> {
  for (let attempt = 1; attempt <= DISABLE_ATTEMPTS; attempt += 1) {
    await inParallel(await keys.guestKeys(period), AT_ONCE, async ({ guestId }) => {
      await holdLinked(guestId);
      await keys.moveToHold(period, guestId);
    });
    if ((await keys.disablePeriod(period)) === 'disabled') return;
  }
  throw new HoldsKeepComingError('Holds were placed on the period each time its held keys had been moved');

  /** A guest who turned out to be the same person as one under a hold is held too. */
  async function holdLinked(guestId: string): Promise<void> {
    const linked = (await blocks.linkedGuests(guestId)).filter((other) => other !== guestId);
    const own = new Set(await holdKeys.holdsOn(guestId, period.hotel));
    for (const other of linked) {
      for (const holdId of await holdKeys.holdsOn(other, period.hotel)) {
        const hold = own.has(holdId) ? null : await holds.read(holdId);
        if (hold === null || hold.state === 'releasing' || hold.state === 'released') continue;
        await holds.extend(hold, guestId, {
          at: clock(),
          actor: 'function:retain',
          data: { matter: hold.matter, hotel: hold.hotel, guests: [guestId], linkedTo: other },
        });
        await holdKeys.add(holdId, guestId, period.hotel);
      }
    }
  }
}

async function destroyKeys(period: PeriodKeyState, { keys }: RetainDependencies): Promise<void> {
  await keys.shredPeriod(period);
  const disabled = (await keys.guestKeys(period)).filter(({ state }) => state === 'deleting');
  await inParallel(disabled, AT_ONCE, ({ guestId }) => keys.shredGuest(period, guestId));
}

/** Index rows, then the objects (its media too), then the pointer that led here; at last whatever else lies under the period's prefix. */
async function deleteBlocks(
  period: PeriodKeyState,
  { keys, blocks, vault, region }: RetainDependencies,
): Promise<void> {
  const zone = zoneOf(region, period.hotel);
  const prefix = `${period.hotel}/${period.recordClass}/${period.period}/`;
  const { held, due } = splitByHolds('disabled', await blocks.ofPeriod(period), await keys.guestKeys(period));
  async function remove({ blockId, row }: DisposableBlock): Promise<void> {
    if (row !== null) await blocks.removeRows(row, zone);
    for (const id of [blockId, ...(row?.media ?? [])]) await vault.delete(`${prefix}${id}`);
    await blocks.removePointer(period, blockId);
  }
  await inParallel(due, AT_ONCE, remove);
  const kept = new Set(
    held.flatMap(({ blockId, row }) => [blockId, ...(row?.media ?? [])].map((id) => `${prefix}${id}`)),
  );
  for (const orphan of await vault.list(prefix)) {
    if (!kept.has(orphan)) await vault.delete(orphan);
  }
}

/** Writes an entry of the ledger, or gives back the one that an earlier run wrote. */
async function writtenOnce<Entry>(
  key: string,
  entry: Entry,
  schema: { parse(value: unknown): Entry },
  evidence: RetainDependencies['evidence'],
): Promise<Entry> {
  const written = await evidence.putOnce(key, Buffer.from(canonicalJson(entry)), {
    contentType: 'application/json',
  });
  if (written === 'written') return entry;
  const there = await evidence.get(key);
  if (there === null) throw new EvidenceAlteredError(`The ledger's entry ${key} is gone`);
  return schema.parse(JSON.parse(Buffer.from(there).toString('utf8')));
}

function earliest(blocks: readonly DisposableBlock[]): string | null {
  const starts = blocks.flatMap(({ row, visible }) => (row !== null && visible ? [row.from] : []));
  return starts.sort()[0] ?? null;
}

function yearOf({ intendedAt }: DeletionIntent): string {
  return intendedAt.slice(0, 4);
}

function periodOf({ hotel, recordClass, period }: Period): Period {
  return { hotel, recordClass, period };
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
