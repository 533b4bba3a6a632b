import type { z } from 'zod';

/** What is wrong with a package, in both languages. */
export type Fault = { zh: string; en: string };

/** A check of a package failed. Its message never repeats a record's content. */
export class PackageFault extends Error {
  override name = 'PackageFault';
  constructor({ zh, en }: Fault, options?: ErrorOptions) {
    super(`${zh} · ${en}`, options);
  }
}

/**
 * A JSON document, written as the product writes it. One way to write it: a name that is there twice would mean one
 * thing to one reader and another to the next.
 */
export function parseDocument(bytes: Uint8Array | undefined, name: string): unknown {
  const json = parseJson(bytes, name);
  if (`${JSON.stringify(json, null, 2)}\n` !== Buffer.from(bytes ?? []).toString('utf8')) {
    throw new PackageFault({
      zh: `${name} 书写形式不符`,
      en: `${name} is not written as the product writes it`,
    });
  }
  return json;
}

function parseJson(bytes: Uint8Array | undefined, name: string): unknown {
  if (bytes === undefined) throw new PackageFault({ zh: `缺少文件 ${name}`, en: `missing: ${name}` });
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (error) {
    throw new PackageFault({ zh: `${name} 不是 JSON`, en: `${name} is not JSON` }, { cause: error });
  }
}

/** The lines of an NDJSON entry, each of this form and written as the product writes it. */
export function parseLines<Line>(
  bytes: Uint8Array | undefined,
  name: string,
  schema: z.ZodType<Line>,
): Line[] {
  const text = Buffer.from(bytes ?? []).toString('utf8');
  if (bytes === undefined) throw new PackageFault({ zh: `缺少文件 ${name}`, en: `missing: ${name}` });
  const lines = text.split('\n');
  if (lines.pop() !== '') throw new PackageFault({ zh: `${name} 被截断`, en: `${name} is cut short` });
  return lines.map((line, index) => {
    const json = parseJson(Buffer.from(line), `${name}:${index + 1}`);
    const parsed = schema.safeParse(json);
    if (!parsed.success || JSON.stringify(json) !== line) {
      const where = parsed.error?.issues.map(({ path }) => path.join('.')).join(', ') ?? '';
      throw new PackageFault({
        zh: `${name} 第 ${index + 1} 行格式不符 ${where}`,
        en: `line ${index + 1} of ${name} is not of this version`,
      });
    }
    return parsed.data;
  });
}

/** Throws the fault, where there is one. */
export function refuse(fault: Fault | null): void {
  if (fault !== null) throw new PackageFault(fault);
}
