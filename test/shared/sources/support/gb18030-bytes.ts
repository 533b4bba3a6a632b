const LEADS = Array.from({ length: 0x7e }, (_, index) => 0x81 + index);
const TRAILS = [
  ...Array.from({ length: 0x3f }, (_, i) => 0x40 + i),
  ...Array.from({ length: 0x7f }, (_, i) => 0x80 + i),
];

const decoder = new TextDecoder('gb18030');
const CODES = new Map(
  LEADS.flatMap((lead) =>
    TRAILS.map((trail) => [decoder.decode(Uint8Array.of(lead, trail)), [lead, trail]] as const),
  ),
);

/** Text in GB 18030, of characters that have one or two bytes there. */
export function gb18030Bytes(text: string): Buffer {
  return Buffer.from(
    [...text].flatMap((character) => {
      const code = character.codePointAt(0) ?? 0;
      if (code < 0x80) return [code];
      const bytes = CODES.get(character);
      if (bytes === undefined) throw new Error('A character without two bytes');
      return [...bytes];
    }),
  );
}
