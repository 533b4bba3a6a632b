/** AWS calls of one invocation: by `service.Operation`, with DynamoDB capacity units (on-demand request units). */
export type CallCount = { calls: Record<string, number>; readUnits: number; writeUnits: number };

// A Lambda process serves one invocation at a time, so that one count a process is the invocation's own.
let current: CallCount = { calls: {}, readUnits: 0, writeUnits: 0 };

/** Starts a new count and returns it; it goes on counting until the next start. */
export function startCount(): CallCount {
  current = { calls: {}, readUnits: 0, writeUnits: 0 };
  return current;
}

export function countCall(operation: string): void {
  current.calls[operation] = (current.calls[operation] ?? 0) + 1;
}

export function countUnits(kind: 'read' | 'write', units: number): void {
  if (kind === 'read') current.readUnits += units;
  else current.writeUnits += units;
}
