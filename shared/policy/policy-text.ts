/** One policy as its file has it, read without Cedar: what deciding needs of it besides its evaluation. */
export type WrittenPolicy = {
  /** From its first annotation to its semicolon, word for word. */
  text: string;
  /** Of its first word; the file's first line is 1. */
  line: number;
  annotations: Readonly<Record<string, string>>;
  effect: 'permit' | 'forbid';
  /** What stands between the parentheses, without comments. */
  scope: string;
  /** `when` and `unless`, in their order, with what stands between the braces, without comments. */
  conditions: readonly { kind: 'when' | 'unless'; body: string }[];
};

/** Where a text isn't written as `readPolicies` reads: an offset into it. */
export type Unreadable = { unreadableAt: number };

type Token = { text: string; start: number; end: number };

const TOKEN = /(\s+|\/\/[^\n]*)|"(?:[^"\\]|\\.)*"|[A-Za-z_]\w*|./suy;

/**
 * The policies of a file. Cedar's own parser takes half a millisecond for each, which a function that starts hasn't got;
 * this reads what loadRuleSet has compared with Cedar's reading when the set was published. Annotations are plain
 * strings without escapes.
 */
export function readPolicies(file: string): WrittenPolicy[] | Unreadable {
  const tokens = tokensOf(file);
  const policies: WrittenPolicy[] = [];
  let line = 1;
  let counted = 0;
  let next = 0;
  while (next < tokens.length) {
    const first = tokens[next];
    const read = readPolicy(file, tokens, next);
    if (first === undefined || 'unreadableAt' in read)
      return 'unreadableAt' in read ? read : { unreadableAt: file.length };
    line += newlinesIn(file.slice(counted, first.start));
    counted = first.start;
    policies.push({ ...read.policy, line });
    next = read.next;
  }
  return policies;
}

/** Which acts each group of a schema's actions has: `action approve, deny in [approving]`. */
export function actionGroups(schema: string): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  const plain = tokensOf(schema)
    .map(({ text }) => text)
    .join(' ');
  for (const [, actions = '', parents = ''] of plain.matchAll(/\baction ([^;{}]+?) in \[([^\]]*)\]/g)) {
    for (const parent of namesIn(parents)) {
      groups.set(parent, [...(groups.get(parent) ?? []), ...namesIn(actions)]);
    }
  }
  return groups;
}

/** The acts that a policy's scope lets it speak on; null for every act. Groups are named with their members. */
export function actsOf(
  { scope }: Pick<WrittenPolicy, 'scope'>,
  groups: ReadonlyMap<string, readonly string[]>,
): ReadonlySet<string> | null {
  const clause = /\baction\s*(==|in)\s*(\[[^\]]*\]|Action\s*::\s*"[^"]*")/.exec(scope);
  if (clause === null) return null;
  const [, operator, named = ''] = clause;
  const names = [...named.matchAll(/"([^"]*)"/g)].map(([, name = '']) => name);
  return new Set(operator === '==' ? names : names.flatMap((name) => [name, ...(groups.get(name) ?? [])]));
}

/** One expression that is true exactly where the policy's conditions let it speak. */
export function conditionOf({ conditions }: Pick<WrittenPolicy, 'conditions'>): string {
  const parts = conditions.map(({ kind, body }) => (kind === 'when' ? `(${body})` : `!(${body})`));
  return parts.length === 0 ? 'true' : `(${parts.join(' && ')})`;
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  for (let found = TOKEN.exec(text); found !== null; found = TOKEN.exec(text)) {
    const [word, blank] = found;
    if (blank === undefined) tokens.push({ text: word, start: found.index, end: TOKEN.lastIndex });
  }
  return tokens;
}

type Read<Part> = { part: Part; next: number } | Unreadable;

function readPolicy(
  file: string,
  tokens: readonly Token[],
  from: number,
): { policy: Omit<WrittenPolicy, 'line'>; next: number } | Unreadable {
  const annotations: Record<string, string> = {};
  let next = from;
  const word = (offset = 0) => tokens[next + offset]?.text;
  const here = (): Unreadable => ({ unreadableAt: tokens[next]?.start ?? file.length });
  while (word() === '@') {
    const [name = '', open, value = '', close] = [word(1), word(2), word(3), word(4)];
    if (open !== '(' || close !== ')' || !/^"[^"\\]*"$/.test(value) || Object.hasOwn(annotations, name)) {
      return here();
    }
    annotations[name] = value.slice(1, -1);
    next += 5;
  }
  const effect = word();
  if (effect !== 'permit' && effect !== 'forbid') return here();
  const scope = readBalanced(tokens, next + 1, '(', ')');
  if ('unreadableAt' in scope) return here();
  next = scope.next;
  const conditions: { kind: 'when' | 'unless'; body: string }[] = [];
  for (let kind = word(); kind === 'when' || kind === 'unless'; kind = word()) {
    const body = readBalanced(tokens, next + 1, '{', '}');
    if ('unreadableAt' in body) return here();
    conditions.push({ kind, body: body.part });
    next = body.next;
  }
  const last = tokens[next];
  if (last?.text !== ';') return here();
  const text = file.slice(tokens[from]?.start, last.end);
  return { policy: { text, annotations, effect, scope: scope.part, conditions }, next: next + 1 };
}

/** What stands between an opening sign and its closing one, the words one blank apart where they need one. */
function readBalanced(tokens: readonly Token[], from: number, open: string, close: string): Read<string> {
  const fault = { unreadableAt: tokens[from]?.start ?? 0 };
  if (tokens[from]?.text !== open) return fault;
  let depth = 1;
  for (let next = from + 1; next < tokens.length; next += 1) {
    const text = tokens[next]?.text;
    if (text === open) depth += 1;
    if (text === close) depth -= 1;
    if (depth === 0) return { part: joined(tokens.slice(from + 1, next)), next: next + 1 };
  }
  return fault;
}

/** Signs of two characters (`==`, `::`) stay together, as the words that comments or blanks parted stay apart. */
function joined(tokens: readonly Token[]): string {
  let text = '';
  let end = tokens[0]?.start ?? 0;
  for (const token of tokens) {
    text += token.start > end ? ` ${token.text}` : token.text;
    end = token.end;
  }
  return text;
}

function namesIn(list: string): string[] {
  return list
    .split(',')
    .map((name) => name.trim().replace(/^(?:Action\s*::\s*)?"(.*)"$/, '$1'))
    .filter((name) => name !== '');
}

function newlinesIn(text: string): number {
  return text.split('\n').length - 1;
}
