/** `[图片 image] photo.jpg 12 s`: what a thing is called, in Chinese and English, and what there is to say of it. */
export function labelled(name: string, ...details: string[]): string {
  return [`[${name}]`, ...details].filter((part) => part !== '').join(' ');
}

/** The same as a line of a text; no line where there is nothing to say. */
export function labelledLine(name: string, detail: string): string[] {
  return detail === '' ? [] : [labelled(name, detail)];
}

/** What a type of message is called that nothing is known of. */
export function unknownType(type: string): string {
  return `${type} 未知类型 unknown type`;
}
