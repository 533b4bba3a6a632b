/** A value as DynamoDB sends it: `{ S: 'text' }`, `{ N: '1' }`, `{ M: … }` … */
export type AttributeValue = { readonly [type: string]: unknown };
export type Item = Record<string, AttributeValue>;
export type Names = Record<string, string>;
export type Values = Record<string, AttributeValue>;

type Token = { text: string };

/**
 * Whether a condition holds for an item. Conditions as this product writes them: comparisons, BETWEEN, IN, AND, OR, NOT,
 * parentheses, attribute_exists, attribute_not_exists, begins_with, size of a set. Anything else throws.
 */
export function holds(
  expression: string | undefined,
  item: Item | undefined,
  names: Names,
  values: Values,
): boolean {
  if (expression === undefined) return true;
  const tokens = tokensOf(expression);
  let at = 0;
  const result = or();
  if (at !== tokens.length) throw new SyntaxError(`Unread in "${expression}" from ${tokens[at]?.text}`);
  return result;

  function next(): string {
    const token = tokens[at];
    if (token === undefined) throw new SyntaxError(`"${expression}" ends too early`);
    at += 1;
    return token.text;
  }
  function accept(text: string): boolean {
    if (tokens[at]?.text.toUpperCase() !== text) return false;
    at += 1;
    return true;
  }
  function expect(text: string): void {
    if (!accept(text)) throw new SyntaxError(`"${expression}" lacks ${text} before ${tokens[at]?.text}`);
  }
  function or(): boolean {
    let value = and();
    while (accept('OR')) value = and() || value;
    return value;
  }
  function and(): boolean {
    let value = not();
    while (accept('AND')) value = not() && value;
    return value;
  }
  function not(): boolean {
    return accept('NOT') ? !not() : primary();
  }
  function primary(): boolean {
    if (accept('(')) {
      const value = or();
      expect(')');
      return value;
    }
    const first = next();
    const left = first === 'size' ? sizeOf() : operandOrCall(first);
    if (typeof left === 'boolean') return left;
    const operator = next().toUpperCase();
    switch (operator) {
      case 'BETWEEN': {
        const low = operand(next());
        expect('AND');
        const high = operand(next());
        return compare(left, low) >= 0 && compare(left, high) <= 0;
      }
      case 'IN': {
        expect('(');
        const options = [operand(next())];
        while (accept(',')) options.push(operand(next()));
        expect(')');
        return options.some((option) => same(left, option));
      }
      case '=':
        return same(left, operand(next()));
      case '<>':
        return !same(left, operand(next()));
      case '<':
        return compare(left, operand(next())) < 0;
      case '<=':
        return compare(left, operand(next())) <= 0;
      case '>':
        return compare(left, operand(next())) > 0;
      case '>=':
        return compare(left, operand(next())) >= 0;
      default:
        throw new SyntaxError(`${operator} is not known here`);
    }
  }
  function operandOrCall(first: string): AttributeValue | undefined | boolean {
    return accept('(') ? called(first) : operand(first);
  }
  /** How many a set has: there is no size of what isn't there, and no comparison with it holds. */
  function sizeOf(): AttributeValue | undefined {
    expect('(');
    const value = operand(next());
    expect(')');
    return value === undefined ? undefined : { N: String(setOf(value).length) };
  }
  function called(name: string): boolean {
    const value = operand(next());
    switch (name) {
      case 'attribute_exists':
        expect(')');
        return value !== undefined;
      case 'attribute_not_exists':
        expect(')');
        return value === undefined;
      case 'begins_with': {
        expect(',');
        const prefix = operand(next())?.['S'];
        expect(')');
        const text = value?.['S'];
        return typeof text === 'string' && typeof prefix === 'string' && text.startsWith(prefix);
      }
      default:
        throw new SyntaxError(`The function ${name} is not known here`);
    }
  }
  function operand(text: string): AttributeValue | undefined {
    if (text.startsWith(':')) {
      const value = values[text];
      if (value === undefined) throw new SyntaxError(`The value ${text} was not given`);
      return value;
    }
    return item?.[attributeName(text, names)];
  }
}

/**
 * The item after an update expression: `SET a = :v, …`, `ADD a :v` to a number or a set of strings, `DELETE a :v` from such
 * a set, `REMOVE a`. There are no empty sets: the attribute goes with the last of it.
 */
export function updated(expression: string, item: Item, names: Names, values: Values): Item {
  const result = { ...item };
  for (const [, verb = '', clauses = ''] of expression.matchAll(
    /\b(SET|ADD|REMOVE|DELETE)\b((?:(?!\b(?:SET|ADD|REMOVE|DELETE)\b).)*)/g,
  )) {
    for (const clause of clauses.split(',').map((part) => part.trim())) {
      const [target = '', ...rest] = clause.split(/\s*=\s*|\s+/);
      const name = attributeName(target, names);
      const value = values[rest[0] ?? ''];
      if (verb === 'REMOVE') {
        delete result[name];
      } else if (value === undefined) {
        throw new SyntaxError(`"${clause}" is more than is known here`);
      } else if (verb === 'SET') {
        result[name] = value;
      } else if (verb === 'DELETE' || value['SS'] !== undefined) {
        const there = result[name] === undefined ? [] : setOf(result[name]);
        const given = setOf(value);
        const left =
          verb === 'DELETE'
            ? there.filter((one) => !given.includes(one))
            : [...new Set([...there, ...given])];
        if (left.length === 0) delete result[name];
        else result[name] = { SS: left };
      } else {
        result[name] = { N: String(Number(result[name]?.['N'] ?? 0) + Number(value['N'])) };
      }
    }
  }
  return result;
}

function setOf({ SS: members }: AttributeValue): string[] {
  if (Array.isArray(members) && members.every((one) => typeof one === 'string')) return members;
  throw new SyntaxError('Only sets of strings are known here');
}

function attributeName(text: string, names: Names): string {
  if (!text.startsWith('#')) return text;
  const name = names[text];
  if (name === undefined) throw new SyntaxError(`The name ${text} was not given`);
  return name;
}

function tokensOf(expression: string): Token[] {
  return [...expression.matchAll(/[#:]?\w+|<>|<=|>=|[=<>(),]/g)].map(([text]) => ({ text }));
}

function same(a: AttributeValue | undefined, b: AttributeValue | undefined): boolean {
  return a !== undefined && b !== undefined && JSON.stringify(a) === JSON.stringify(b);
}

/** Order of two strings or numbers; a value that is missing or of another type compares as nothing does. */
function compare(a: AttributeValue | undefined, b: AttributeValue | undefined): number {
  const [left, right] = [a?.['S'], b?.['S']];
  if (typeof left === 'string' && typeof right === 'string') return left < right ? -1 : left > right ? 1 : 0;
  return Number(a?.['N'] ?? Number.NaN) - Number(b?.['N'] ?? Number.NaN);
}
