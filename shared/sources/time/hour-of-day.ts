/** The hour of 24 that a 12-hour clock's word for the time of day makes of it; the hour itself without such a word. */
export function hourOf(hour: number, word: string): number {
  const half = halfOf(word);
  if (half === null || hour > 12) return hour;
  if (half === 'noon') return hour < 11 ? hour + 12 : hour;
  return (hour % 12) + (half === 'after' ? 12 : 0);
}

function halfOf(word: string): 'before' | 'after' | 'noon' | null {
  const plain = word.toLowerCase().replaceAll(/[\s.]/g, '');
  if (['am', '上午', '凌晨', '清晨', '早上', '午前', '오전'].includes(plain)) return 'before';
  if (['pm', '下午', '傍晚', '晚上', '午後', '오후'].includes(plain)) return 'after';
  return plain === '中午' ? 'noon' : null;
}
