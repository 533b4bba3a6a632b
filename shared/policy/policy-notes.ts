import { z } from 'zod';
import { LIMITS } from '../domain/limits.ts';
import { ROLE_NAMES, type Role } from '../domain/roles.ts';
import type { RuleSetDocument } from '../domain/rule-set-document.ts';
import { readPolicies, type WrittenPolicy } from './policy-text.ts';
import { PRODUCT_REASONS } from './product-reasons.ts';
import { RuleSetInvalidError } from './rule-set-invalid-error.ts';

/** What a policy's annotations say of it. */
export type PolicyNote = {
  /** `@id`: a rule id of RULES, with a suffix where several policies state one rule: `A1.same-person`. */
  id: string;
  /** The rule id alone: `A1`. */
  rule: string;
  /** Reason code in kebab case, of this policy alone. */
  reason: string;
  zh: string;
  en: string;
  /** Roles that must approve where this policy applies. */
  route: Role[];
  effect: 'permit' | 'forbid';
  /** `@slip("true")`: refusing for this is no misoperation (R9): a field left out or mistyped, a state that moved on. */
  slip: boolean;
  file: string;
  line: number;
  /** Whether it is a chain's own: it may refuse, and add roles, and by itself it allows nothing. */
  chain: boolean;
};

export type NotedPolicy = WrittenPolicy & { note: PolicyNote };

/** What each annotation must be. */
const HOW_TO_ANNOTATE: ReadonlyMap<string, string> = new Map([
  ['id', '须为规则编号,如 A1 或 A1.same-person'],
  ['reason', '须为以短横线连接的小写代码'],
  ['zh', '须写明中文理由'],
  ['en', '须写明英文理由'],
  ['route', '须为角色名,以逗号分隔'],
  ['slip', '须为 "true",或不写'],
]);

/** Files under it are a chain's own. */
export const CHAIN_FOLDER = 'chain/';

const annotationsSchema = z.object({
  id: z.string().regex(/^[A-Z]\d+(\.[a-z0-9-]+)*$/, 'must be a rule id such as A1 or A1.same-person'),
  reason: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be a code in kebab case'),
  zh: z.string().min(1, 'is empty'),
  en: z.string().min(1, 'is empty'),
  route: z
    .string()
    .default('')
    .transform((text) => text.split(',').filter((role) => role !== ''))
    .pipe(z.array(z.enum(ROLE_NAMES))),
  slip: z
    .literal('true', 'must be "true", or left out')
    .optional()
    .transform((slip) => slip === 'true'),
});

/**
 * The policies of a document with what their annotations say, in the order of files and lines.
 * @throws RuleSetInvalidError for a text that can't be read, an annotation that is missing or wrong, an id or reason
 * that stands twice, too much text or too many policies.
 */
export function notedPolicies(document: RuleSetDocument): NotedPolicy[] {
  const policies: NotedPolicy[] = [];
  const ids = new Map<string, PolicyNote>();
  const reasons = new Map<string, PolicyNote>();
  for (const { file, text } of document.policies) {
    for (const policy of writtenPolicies(file, text)) {
      const note = noteOf(file, policy);
      const { id, reason } = note;
      refuseDouble(note, { zh: `编号 ${id}`, en: `id ${id}` }, ids.get(id));
      refuseDouble(note, { zh: `理由代码 ${reason}`, en: `reason ${reason}` }, reasons.get(reason));
      ids.set(id, note);
      reasons.set(reason, note);
      policies.push({ ...policy, note });
    }
    if (policies.length > LIMITS.ruleSetPolicies) {
      throw new RuleSetInvalidError(file, 1, {
        zh: `一套规则最多 ${LIMITS.ruleSetPolicies} 条`,
        en: `more than ${LIMITS.ruleSetPolicies} policies in one rule set`,
      });
    }
  }
  return policies;
}

function writtenPolicies(file: string, text: string): WrittenPolicy[] {
  const read = readPolicies(text);
  if (!('unreadableAt' in read)) return read;
  throw new RuleSetInvalidError(file, text.slice(0, read.unreadableAt).split('\n').length, {
    zh: '每条规则以注解开头,各写一次,为不含转义的文字:@id("R6.own")',
    en: 'policies begin with their annotations, each once and a plain string without escapes: @id("R6.own")',
  });
}

function noteOf(file: string, { annotations, effect, line }: WrittenPolicy): PolicyNote {
  const parsed = annotationsSchema.safeParse(annotations);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const name = String(issue?.path[0] ?? '');
    throw new RuleSetInvalidError(file, line, {
      zh: `注解 @${name}:${HOW_TO_ANNOTATE.get(name) ?? '有误'}`,
      en: `annotation @${issue?.path.join('.')}: ${Object.hasOwn(annotations, name) ? issue?.message : 'is missing'}`,
    });
  }
  const { id, reason, zh, en, route, slip } = parsed.data;
  const chain = file.startsWith(CHAIN_FOLDER);
  if (Object.hasOwn(PRODUCT_REASONS, reason)) {
    throw new RuleSetInvalidError(file, line, {
      zh: `理由代码 ${reason} 为产品自有,请另取`,
      en: `reason ${reason} is the product's own: take another`,
    });
  }
  return { id, rule: id.replace(/\..*$/, ''), reason, zh, en, route, slip, effect, file, line, chain };
}

/** Where a chain uses what the rulebook has, it is the chain's file that is wrong, whichever comes first. */
function refuseDouble(
  note: PolicyNote,
  what: { zh: string; en: string },
  other: PolicyNote | undefined,
): void {
  if (other === undefined) return;
  const [wrong, right] = other.chain && !note.chain ? [other, note] : [note, other];
  throw new RuleSetInvalidError(
    wrong.file,
    wrong.line,
    {
      zh: `${what.zh} 重复使用,${right.file}:${right.line} 已用`,
      en: `${what.en} is used twice, ${right === other ? 'first' : 'also'} at ${right.file}:${right.line}`,
    },
    right,
  );
}
