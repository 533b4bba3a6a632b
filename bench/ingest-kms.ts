import { setTimeout as sleep } from 'node:timers/promises';
import { ingestInMemory } from './in-memory-custody.ts';
import { type Measure, promised, reported } from './measure.ts';

const MESSAGES = 100_000;
const GUESTS = 300;
const MONTHS = 3;
/** How long a transaction is under way, milliseconds: in the order of what DynamoDB takes. */
const TRANSACTION_MS = 10;

const WARM = 'kms-calls-ingesting-100000-messages';
const COLD = 'kms-calls-ingesting-100000-messages-in-cold-processes';
const BLOCKS = 'blocks-of-100000-messages-of-300-guests';
const MILLION = 'kms-calls-per-million-messages-in-batches-of-100000';
export const names = [WARM, COLD, MILLION, BLOCKS];

/**
 * KMS calls while the real code of ingest takes 100,000 messages into custody, over AWS in memory (transactions take a
 * while and cancel each other): in one warm process, and with a cold process for each segment.
 */
export async function measures(): Promise<Measure[]> {
  const archive = Buffer.from(Array.from({ length: MESSAGES }, (_, n) => message(n)).join('\n'));
  const transactionLasts = () => sleep(TRANSACTION_MS);
  const warm = await ingestInMemory(archive, { transactionLasts });
  const cold = await ingestInMemory(archive, { transactionLasts, segmentsEach: 1 });
  for (const { batch, processes, aws, calls } of [warm, cold]) {
    if (batch.accepted !== MESSAGES) throw new Error(`${batch.accepted} of ${MESSAGES} messages went in`);
    process.stderr.write(
      `  ${processes} process(es), ${aws.tables.conflicts()} conflicts: ${JSON.stringify(calls)}\n`,
    );
  }
  return [
    promised(WARM, warm.kmsCalls, 'calls', { atMost: warm.allowed }),
    promised(COLD, cold.kmsCalls, 'calls', { atMost: cold.allowed }),
    // Each batch in a process that has nothing cached. Calls come with periods and processes, never with messages.
    reported(MILLION, (warm.kmsCalls * 1_000_000) / MESSAGES, 'calls'),
    reported(BLOCKS, warm.batch.blocks, 'blocks'),
  ];
}

function message(n: number): string {
  const guest = `wmBench${String(n % GUESTS).padStart(25, '0')}`;
  const fromGuest = n % 2 === 0;
  return JSON.stringify({
    msgid: `${n}_1700000000`,
    action: 'send',
    from: fromGuest ? guest : 'frontdesk01',
    tolist: [fromGuest ? 'frontdesk01' : guest],
    roomid: '',
    msgtime: Date.UTC(2026, n % MONTHS, 5) + n * 100,
    msgtype: 'text',
    text: { content: `请问${n}号房几点可以入住?` },
  });
}
