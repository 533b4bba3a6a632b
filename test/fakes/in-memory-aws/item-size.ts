import type { AttributeValue, Item } from './expressions.ts';

/** A number takes a byte for two digits, and one more; lists and maps three, and one for each element. */
const NESTED_BYTES = 3;

/** What an item counts towards DynamoDB's limits, in bytes (DynamoDB Developer Guide, "DynamoDB item sizes and formats"). */
export function itemSize(item: Item): number {
  return Object.entries(item).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + sizeOf(value),
    0,
  );
}

function sizeOf(value: AttributeValue): number {
  const [[type, content] = ['', '']] = Object.entries(value);
  switch (type) {
    case 'S':
      return Buffer.byteLength(String(content));
    case 'B':
      return Buffer.from(String(content), 'base64').length;
    case 'N':
      return Math.ceil(String(content).length / 2) + 1;
    case 'BOOL':
    case 'NULL':
      return 1;
    case 'L':
      return Array.isArray(content) ? NESTED_BYTES + total(content) : 0;
    case 'M':
      return NESTED_BYTES + (isItem(content) ? itemSize(content) + Object.keys(content).length : 0);
    case 'SS':
      return Array.isArray(content) ? total(content.map((one) => ({ S: one }))) : 0;
    default:
      throw new SyntaxError(`The type ${type} is not known here`);
  }
}

function total(values: readonly AttributeValue[]): number {
  return values.reduce((sum, value) => sum + 1 + sizeOf(value), 0);
}

function isItem(value: unknown): value is Item {
  return typeof value === 'object' && value !== null;
}
