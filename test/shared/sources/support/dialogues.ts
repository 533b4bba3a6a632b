import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';

const turnSchema = z.object({ role: z.enum(['guest', 'agent']), text: z.string() });
const dialogueSchema = z.object({ turns: z.array(turnSchema) });
export type Turn = z.infer<typeof turnSchema>;

const FILES = ['../shared/data/crosswoz-hotel-val.jsonl', '../shared/data/multiwoz-hotel-val.jsonl'];

const OWN: Turn[][] = [
  [
    { role: 'guest', text: '你好,请问还有大床房吗?' },
    { role: 'agent', text: '有的,含双早 680 元,要 "预订" 吗 & 几点到?' },
    { role: 'guest', text: 'Yes — two nights, please 😀' },
  ],
];

/** Dialogues of guests with hotels: `count` of each of the real files, or the product's own where these aren't there. */
export function dialogues(count = 20): Turn[][] {
  const real = FILES.filter((file) => existsSync(file)).flatMap((file) =>
    readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .slice(0, count)
      .map((line) => dialogueSchema.parse(JSON.parse(line)).turns),
  );
  return real.length > 0 ? real : OWN;
}
