import type { z } from 'zod';

/** A list in which nothing stands twice. */
export function eachOnce<Item>(list: z.ZodArray<z.ZodType<Item>>) {
  return list.refine((items) => new Set(items).size === items.length, 'each one once · 不得重复');
}
