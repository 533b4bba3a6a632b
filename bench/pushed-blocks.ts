import { runMerge } from '../functions/merge/run-merge.ts';
import { blockMerge } from '../shared/aws/block-merge.ts';
import { keyDisposal } from '../shared/aws/key-disposal.ts';
import { LIMITS } from '../shared/domain/limits.ts';
import { regionConfig } from '../shared/runtime/region.ts';
import { gatherWorld, WHATSAPP_SECRET } from '../test/functions/gather/gather-world.ts';
import { type Measure, promised, reported } from './measure.ts';

const MESSAGES = 10_000;
const GUESTS = 200;
const MINUTES_OF_A_DAY = 24 * 60;
/** As the schedule has it (infra/constructs/triggers.ts). */
const SWEEP_MINUTES = 10;

const BEFORE = 'blocks-of-10000-messages-pushed-by-200-guests-in-a-day';
const AFTER = 'blocks-of-10000-messages-pushed-by-200-guests-in-a-day-merged';
const KMS = 'kms-calls-taking-10000-pushes';
export const names = [BEFORE, AFTER, KMS];

/**
 * The real code of push, gather and merge over AWS in memory: 200 guests write 10,000 messages through one day, each a
 * signed push of its own; conversations are looked at every ten minutes; then the day's blocks are merged.
 */
export async function measures(): Promise<Measure[]> {
  const world = gatherWorld({ transactionLasts: () => Promise.resolve() });
  await world.channel({ channel: 'whatsapp', secrets: { appSecret: WHATSAPP_SECRET, verifyToken: 'v' } });
  // One warm process of push and of gather each, as the platform keeps them.
  const [pushing, gathering] = [world.process(), world.process()];
  let sent = 0;
  for (let minute = 0; minute < MINUTES_OF_A_DAY; minute += 1) {
    for (const due = Math.round(((minute + 1) * MESSAGES) / MINUTES_OF_A_DAY); sent < due; sent += 1) {
      // In no order that repeats: a guest writes when it pleases.
      const guest = (sent * 7919 + ((sent * sent) % 101)) % GUESTS;
      await world.whatsapp(guestOf(guest), `wamid.${sent}`, `第${sent}条: 请问早餐几点开始?`, pushing);
    }
    await world.deliverBy(gathering);
    if (minute % SWEEP_MINUTES === SWEEP_MINUTES - 1) await world.run({ kind: 'due' });
    world.pass(1);
  }
  world.pass(LIMITS.gatheredHours * 60 + SWEEP_MINUTES);
  await world.run({ kind: 'due' });
  const records = await countRecords();
  if (records !== MESSAGES) throw new Error(`${records} of ${MESSAGES} messages are in custody`);
  const before = (await world.blocks()).length;

  const merging = world.process();
  const { dynamo, kms } = merging.process;
  await runMerge(['SHA01'], {
    ...merging,
    merge: blockMerge({ records: 'records', keys: 'keys' }, dynamo, merging.vault, merging.custody),
    periods: keyDisposal('keys', dynamo, kms, 'custody-key'),
    region: regionConfig('cn-north-1'),
    hasTime: () => true,
    continueLater: () => Promise.reject(new Error('There is time')),
    broke(error) {
      throw error;
    },
  });
  if ((await countRecords()) !== MESSAGES) throw new Error('The merge lost messages');
  const after = (await world.blocks()).length;
  return [
    promised(BEFORE, before, 'blocks', { atMost: 1_000 }),
    promised(AFTER, after, 'blocks', { atMost: 200 }),
    reported(KMS, kmsCalls(pushing) + kmsCalls(gathering), 'calls'),
  ];

  async function countRecords(): Promise<number> {
    return (await world.blocks()).reduce((sum, row) => sum + row.records, 0);
  }
}

function guestOf(number: number): string {
  return `8613${String(800_000_000 + number)}`;
}

function kmsCalls({ process }: { process: { calls: Readonly<Record<string, number>> } }): number {
  return Object.entries(process.calls).reduce(
    (sum, [operation, count]) => sum + (operation.startsWith('kms.') ? count : 0),
    0,
  );
}
