import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { DIALOGUES } from '../../../local/samples/dialogues.ts';
import { isDocumentedType } from '../../../shared/domain/documented-types.ts';
import type {
  Entry,
  ExpectedRecord,
  Fragment,
  Guest,
  SaidEntry,
  SourceExport,
  Writer,
} from './source-export.ts';

const MINUTE_MS = 60_000;

const REAL = ['../shared/data/crosswoz-hotel-val.jsonl', '../shared/data/multiwoz-hotel-val.jsonl'];
const realDialogue = z.object({
  turns: z.array(z.object({ role: z.enum(['guest', 'agent', 'staff']), text: z.string() })),
});

export type Turn = { by: 'guest' | 'staff'; text: string };

/** Real dialogues, Chinese and English by turns, where they are there; else the product's own. */
export function dialogues(): Turn[][] {
  const files = REAL.filter((file) => existsSync(file)).map((file) =>
    readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) =>
        realDialogue
          .parse(JSON.parse(line))
          .turns.map(
            ({ role, text }): Turn => ({ by: role === 'guest' ? 'guest' : 'staff', text: plain(text) }),
          )
          .filter(({ text }) => text !== ''),
      ),
  );
  if (files.length === 0) {
    return DIALOGUES.map(({ turns }) =>
      turns.map(([speaker, text]): Turn => ({ by: speaker === 'g' ? 'guest' : 'staff', text: plain(text) })),
    );
  }
  const longest = Math.max(...files.map(({ length }) => length));
  return Array.from({ length: longest }, (_, index) =>
    files.flatMap((file) => file.slice(index, index + 1)),
  ).flat();
}

function plain(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}

export type ExportPlan = {
  /** Names of this export alone: the same in two exports make the same guests. */
  unique: string;
  /** Which dialogues are told. */
  dialogue: number;
  /** Turns of each guest's conversation. */
  turns: number;
  /** A whole minute; an entry a minute from here on. */
  start: Date;
};

/** A file of the source with two guests' conversations, one of whom is asked for, and everything that platforms do to them. */
export function makeExport(writer: Writer, plan: ExportPlan): SourceExport {
  const told = dialogues();
  const [guest, other] = [guestOf(`${plan.unique}a`), guestOf(`${plan.unique}b`)];
  const [mine, theirs, after] = [0, 1, 2].map((offset) => told[(plan.dialogue + offset) % told.length] ?? []);
  let minute = 0;
  const next = (who: Guest) => {
    minute += 1;
    return {
      id: `${plan.unique}${minute}`,
      guest: who,
      at: new Date(plan.start.getTime() + minute * MINUTE_MS),
    };
  };
  const say = (who: Guest, turns: readonly Turn[] = []): SaidEntry[] =>
    turns.slice(0, plan.turns).map((turn) => ({ ...next(who), kind: 'said', ...turn }));

  const bad: Entry = { ...next(guest), kind: 'bad' };
  const said = say(guest, mine);
  const recalled: SaidEntry = {
    ...next(guest),
    kind: 'said',
    by: 'guest',
    text: `算了 never mind ${plan.unique}`,
  };
  const edited: SaidEntry = {
    ...next(guest),
    kind: 'said',
    by: 'guest',
    text: `三点到 at three ${plan.unique}`,
  };
  const first: Entry[] = [
    bad,
    ...said,
    recalled,
    { ...next(guest), kind: 'recall', of: recalled },
    edited,
    { ...next(guest), kind: 'edit', of: edited, text: `四点到 at four ${plan.unique}` },
    {
      ...next(guest),
      kind: 'medium',
      by: 'guest',
      name: `${plan.unique}-photo.jpg`,
      bytes: noise(plan.unique, 3_000),
      brought: true,
    },
    {
      ...next(guest),
      kind: 'medium',
      by: 'staff',
      name: `${plan.unique}-lost.jpg`,
      bytes: noise(`${plan.unique} lost`, 900),
      brought: false,
    },
    { ...next(guest), kind: 'note', text: `内部 internal: 升级房型 upgrade ${plan.unique}` },
    { ...next(guest), kind: 'unknown', text: `新类型 something new ${plan.unique}` },
    // Somebody else's number, typed in a chat: it links nothing.
    { ...next(guest), kind: 'said', by: 'guest', text: `请打给 please call ${other.phone} / ${other.email}` },
    ...(writer.oneGuest ? [] : say(other, theirs)),
  ];
  const more: Entry[] = say(guest, after);
  const whole = [...first, ...more];
  // The half of the first file that a later export still has.
  const later = writer.whole ? whole : whole.slice(Math.ceil(first.length / 2));

  const written = (entries: readonly Entry[]) =>
    entries.flatMap((entry): { entry: Entry; fragment: Fragment }[] => {
      const fragment = writer.write(entry);
      return fragment === null ? [] : [{ entry, fragment }];
    });
  const fileOf = (entries: readonly Entry[]) =>
    writer.file(written(entries).map(({ entry, fragment }) => ({ entry, piece: fragment.piece })));
  const recordsOf = (entries: readonly Entry[], who: Guest): ExpectedRecord[] =>
    written(entries).flatMap(({ entry, fragment }) => (entry.guest === who ? fragment.records : []));
  const headOf = (who: Guest) => {
    const [begin] = first.filter((entry) => entry.guest === who && writer.write(entry) !== null);
    return begin === undefined ? [] : (writer.head?.(who, begin.at) ?? []);
  };
  const inFirst = written(first);
  const unknown: Record<string, number> = {};
  for (const { fragment } of inFirst) {
    // A type that no platform documents isn't named where it is counted.
    if (fragment.unknown === null) continue;
    const counted = isDocumentedType(fragment.unknown) ? fragment.unknown : 'other';
    unknown[counted] = (unknown[counted] ?? 0) + 1;
  }
  const media = inFirst.flatMap(({ entry }) =>
    entry.kind === 'medium' && entry.brought ? [[entry.name, entry.bytes] as const] : [],
  );
  return {
    source: writer.source,
    format: writer.format,
    extension: writer.extension,
    file: fileOf(first),
    later: fileOf(later),
    timezone: writer.timezone ?? null,
    profile: writer.profile?.(guest) ?? null,
    media: Object.fromEntries(media),
    subject: writer.subject(guest),
    records: [...headOf(guest), ...recordsOf(first, guest)],
    added: recordsOf(more, guest),
    rejected: inFirst.flatMap(({ fragment }) => fragment.rejected ?? []),
    unknown,
    typed: [
      { kind: 'phone', value: other.phone },
      { kind: 'email', value: other.email },
    ],
    other: writer.oneGuest
      ? null
      : { subject: writer.subject(other), records: [...headOf(other), ...recordsOf(first, other)] },
  };
}

/** An invented guest, the same for the same name. */
function guestOf(name: string): Guest {
  const digest = createHash('sha256').update(name).digest();
  // Letters alone: what has digits too may look like the number of a document.
  const tag = [...digest.toString('hex').slice(0, 16)]
    .map((digit) => String.fromCharCode(97 + Number.parseInt(digit, 16)))
    .join('');
  const digits = String(digest.readUInt32BE() % 100_000_000).padStart(8, '0');
  return {
    name: `客人${tag.slice(0, 6)}`,
    phone: `+86139${digits}`,
    email: `guest.${tag}@example.cn`,
    booking: `BK${tag.slice(0, 10).toUpperCase()}`,
    room: String(801 + (digest.readUInt16BE(4) % 90)),
    tag,
    number: String(9_007_199_254_740_993n + BigInt(digest.readUInt32BE(8))),
  };
}

/** Bytes that no compression makes smaller, the same for the same seed. */
function noise(seed: string, length: number): Uint8Array {
  const parts: Buffer[] = [];
  for (let part = 0; part * 64 < length; part += 1) {
    parts.push(createHash('sha512').update(`${seed} ${part}`).digest());
  }
  return Buffer.concat(parts).subarray(0, length);
}
