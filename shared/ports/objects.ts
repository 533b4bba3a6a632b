/** Objects in one bucket. */
export type ObjectStore = {
  get(key: string): Promise<Uint8Array | null>;
  put(key: string, body: Uint8Array, options?: { contentType?: string }): Promise<void>;
  /** `if-none-match`: `exists` where an object is there already; nothing is overwritten. */
  putOnce(key: string, body: Uint8Array, options?: { contentType?: string }): Promise<'written' | 'exists'>;
  delete(key: string): Promise<void>;
  list(prefix: string): Promise<string[]>;
};

/** Objects of one bucket that need not fit into memory. */
export type StreamStore = {
  /** Null where there is no such object. */
  read(key: string): Promise<AsyncIterable<Uint8Array> | null>;
  /** Whole or not at all: where the body throws, what was there stays. */
  write(key: string, body: AsyncIterable<Uint8Array>): Promise<void>;
};
