import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { DIALOGUES } from '../local/samples/dialogues.ts';

export type Dialogue = { turns: { role: 'guest' | 'agent'; text: string }[] };

const dialogueSchema = z.object({
  turns: z.array(z.object({ role: z.enum(['guest', 'agent']), text: z.string() })),
});
const REAL = ['crosswoz-hotel-val.jsonl', 'multiwoz-hotel-val.jsonl'].map(
  (file) => new URL(`../../shared/data/${file}`, import.meta.url),
);
const CHUNK_CHARACTERS = 128 * 1024;
const STAFF = 40;
const FIRST_MESSAGE = Date.UTC(2026, 4, 1);

/** Real dialogues of hotel guests where they lie beside the repository, else those of the samples. */
export function dialogues(): Dialogue[] {
  const real = REAL.filter((file) => existsSync(file)).flatMap((file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => dialogueSchema.parse(JSON.parse(line))),
  );
  if (real.length > 0) return real;
  return DIALOGUES.map(({ turns }) => ({
    turns: turns.map(([who, text]) => ({ role: who === 'g' ? 'guest' : 'agent', text })),
  }));
}

/** How an archive is made: every dialogue once or again and again, by how many guests, how many of them at a time. */
export type Shape = {
  dialogues: readonly Dialogue[];
  /** Messages stop after the dialogue in which the archive gets this long. */
  bytes?: number;
  /** Dialogues in all; where `bytes` is left out. */
  count?: number;
  dialoguesPerGuest: number;
  /** Dialogues under way at a time. */
  atOnce: number;
};

/**
 * A WeCom conversation archive of these dialogues, one message a line as `DecryptData` gives it (source: shared/sources/
 * wecom.ts), in chunks. Message ids, external ids and times are made up, of the platform's form and each its own; the same
 * shape gives the same bytes. `making.ms` counts the time that making them took.
 */
export async function* wecomArchive(
  shape: Shape,
  making: { ms: number; messages: number } = { ms: 0, messages: 0 },
): AsyncGenerator<Buffer> {
  const lines = messages(shape);
  for (let done = false; !done; ) {
    const start = performance.now();
    let text = '';
    while (text.length < CHUNK_CHARACTERS) {
      const next = lines.next();
      if (next.done === true) {
        done = true;
        break;
      }
      text += next.value;
      making.messages += 1;
    }
    const chunk = Buffer.from(text);
    making.ms += performance.now() - start;
    if (chunk.length > 0) yield chunk;
  }
}

type UnderWay = { guest: string; staff: string; turns: Dialogue['turns']; next: number };

function* messages({ dialogues: all, bytes, count, dialoguesPerGuest, atOnce }: Shape): Generator<string> {
  const random = numbers(1);
  const inTurn = Math.max(1, Math.min(GUESTS_IN_TURN, Math.floor(all.length / dialoguesPerGuest)));
  const lots = bytes === undefined ? (count ?? all.length) : Number.POSITIVE_INFINITY;
  const guests = new Map<number, string>();
  const underWay: UnderWay[] = [];
  let begun = 0;
  let written = 0;
  let at = FIRST_MESSAGE;
  for (;;) {
    while (underWay.length < atOnce && begun < lots && written < (bytes ?? Number.POSITIVE_INFINITY)) {
      const { turns = [] } = all[begun % all.length] ?? {};
      // A guest's dialogues lie apart: the next one begins when as many others have had theirs.
      const group = Math.floor(begun / (dialoguesPerGuest * inTurn));
      const guest = group * inTurn + (begun % inTurn);
      underWay.push({
        guest: guests.get(guest) ?? remember(guest),
        staff: `frontdesk${String(random(STAFF)).padStart(2, '0')}`,
        turns,
        next: 0,
      });
      begun += 1;
    }
    if (underWay.length === 0) return;
    const place = random(underWay.length);
    const one = underWay[place];
    const turn = one?.turns[one.next];
    if (one === undefined || turn === undefined) {
      underWay.splice(place, 1);
      continue;
    }
    one.next += 1;
    at += 200 + random(60_000 / atOnce);
    const [from, to] = turn.role === 'guest' ? [one.guest, one.staff] : [one.staff, one.guest];
    const id = `${random(1e9)}${random(1e9)}_${Math.floor(at / 1000)}_external`;
    const line = `{"msgid":"${id}","action":"send","from":"${from}","tolist":["${to}"],"roomid":"","msgtime":${at},"msgtype":"text","text":{"content":${JSON.stringify(turn.text)}}}\n`;
    written += Buffer.byteLength(line);
    yield line;
  }

  function remember(guest: number): string {
    // Those before it don't write any more.
    if (guests.size >= 2 * GUESTS_IN_TURN) guests.clear();
    const own = numbers(guest + 7);
    const id = `wm${Array.from({ length: 30 }, () => ID_CHARACTERS.charAt(own(ID_CHARACTERS.length))).join('')}`;
    guests.set(guest, id);
    return id;
  }
}

const GUESTS_IN_TURN = 500;
const ID_CHARACTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Numbers below what is asked, the same ones for the same seed (mulberry32, Tommy Ettinger, public domain). */
function numbers(seed: number): (below: number) => number {
  let state = Math.imul(seed, 0x9e3779b1) | 0;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}
