import type { AttributeValue, Item } from './expressions.ts';

/** A list or map takes three bytes, and one for each element. The guide says nothing of sets: they are taken as lists. */
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
      return Buffer.byteLength(String(content), 'base64');
    case 'N':
      // One byte for two digits, and one more.
      return Math.ceil(String(content).replaceAll(/\D/g, '').length / 2) + 1;
    case 'BOOL':
    case 'NULL':
      return 1;
    case 'L':
      return Array.isArray(content) ? nested(content) : 0;
    case 'M':
      return NESTED_BYTES + (isItem(content) ? itemSize(content) + Object.keys(content).length : 0);
    case 'SS':
    case 'BS':
      return Array.isArray(content) ? nested(content.map((one) => ({ [type.charAt(0)]: one }))) : 0;
    default:
      throw new SyntaxError(`The type ${type} is not known here`);
  }
}

function nested(values: readonly AttributeValue[]): number {
  return values.reduce((sum, value) => sum + 1 + sizeOf(value), NESTED_BYTES);
}

function isItem(value: unknown): value is Item {
  return typeof value === 'object' && value !== null;
}
