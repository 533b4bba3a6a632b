import { itemSize } from '../test/fakes/in-memory-aws/item-size.ts';
import { type Ingested, ingestInMemory } from './in-memory-custody.ts';
import { type Measure, promised, reported } from './measure.ts';
import { dialogues, wecomArchive } from './wecom-archive.ts';

/** Storage that DynamoDB bills for each item besides what stands in it (Amazon DynamoDB Developer Guide, "Item sizes"). */
const ITEM_OVERHEAD_BYTES = 100;
const SEVERAL = 6;

const ONE = 'stored-bytes-per-plain-byte-one-dialogue-per-guest';
const MORE = `stored-bytes-per-plain-byte-${SEVERAL}-dialogues-per-guest`;
const EACH = 'stored-bytes-per-message-one-dialogue-per-guest';
const LIMIT = { atMost: 0.7 };
export const names = [ONE, MORE, EACH];

/**
 * What an archive of dialogues takes once it is in custody: sealed objects with the original bytes, and every row of the
 * records and keys tables as DynamoDB bills it, against the plain NDJSON. One dialogue of each guest is the hard case:
 * each has a key, eight rows of 100 bytes of overhead and their keys, and a block of its own for a few messages, which is
 * more than compression gains. Guests who come back share their key and fill their blocks.
 */
export async function measures(): Promise<Measure[]> {
  const one = await stored(1);
  const more = await stored(SEVERAL);
  return [
    promised(ONE, one.total / one.plain, 'ratio', LIMIT),
    promised(MORE, more.total / more.plain, 'ratio', LIMIT),
    reported(EACH, one.total / one.messages, 'bytes'),
  ];
}

async function stored(dialoguesPerGuest: number) {
  const chunks: Buffer[] = [];
  const shape = { dialogues: dialogues(), dialoguesPerGuest, atOnce: 20 };
  for await (const chunk of wecomArchive(shape)) chunks.push(chunk);
  const archive = Buffer.concat(chunks);
  const { aws, batch } = await ingestInMemory(archive);
  const parts = sizes(aws);
  const total = Object.values(parts).reduce((sum, bytes) => sum + bytes, 0);
  process.stderr.write(
    `  ${batch.accepted} messages of ${batch.guests} guests in ${batch.blocks} blocks, ${archive.length} bytes plain, ` +
      `per message: ${JSON.stringify(
        Object.fromEntries(
          Object.entries({ plain: archive.length, stored: total, ...parts }).map(([name, bytes]) => [
            name,
            Math.round((10 * bytes) / batch.accepted) / 10,
          ]),
        ),
      )}\n`,
  );
  return { total, plain: archive.length, messages: batch.accepted };
}

/** Bytes of objects, and of rows by the kind of their keys. The events and what is over with the batch don't stay. */
function sizes({ buckets, tables }: Ingested['aws']): Record<string, number> {
  const found: Record<string, number> = { objects: 0 };
  for (const [name, { length }] of buckets.objects) {
    if (name.startsWith('vault/')) found['objects'] = (found['objects'] ?? 0) + length;
  }
  for (const table of ['records', 'keys']) {
    for (const row of tables.rows(table)) {
      const kind = `${table} ${[row['pk'], row['sk']].map((key) => String(key?.['S']).split('#')[0]).join('/')}`;
      found[kind] = (found[kind] ?? 0) + ITEM_OVERHEAD_BYTES + itemSize(row);
    }
  }
  return found;
}
