import type { Category } from './record.ts';

/**
 * Categories whose every record is sensitive by its kind (RULES "Terms": key-card, stay, whereabouts). Health, financial
 * and biometric content and anyone under 14 can't be told by category.
 */
export const SENSITIVE_CATEGORIES = ['key-card', 'stay', 'cctv'] as const satisfies readonly Category[];

export function isSensitive(category: Category): boolean {
  return SENSITIVE_CATEGORIES.some((sensitive) => sensitive === category);
}
