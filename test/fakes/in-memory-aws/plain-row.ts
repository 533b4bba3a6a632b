import type { AttributeValue, Item } from './expressions.ts';

/** A row as the document client would read it. */
export function plainRow(row: Item): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plainValue(value)]));
}

function plainValue(value: AttributeValue): unknown {
  const [type, content] = Object.entries(value)[0] ?? [];
  if (type === 'N') return Number(content);
  if (type === 'NULL') return null;
  if (type === 'L' && Array.isArray(content)) return content.map(plainValue);
  if (type === 'M' && typeof content === 'object' && content !== null) {
    return Object.fromEntries(Object.entries(content).map(([name, one]) => [name, plainValue(one)]));
  }
  return content;
}
