/** Objects in one bucket. */
export type ObjectStore = {
  get(key: string): Promise<Uint8Array | null>;
  put(key: string, body: Uint8Array, options?: { contentType?: string }): Promise<void>;
  /** `if-none-match`: `exists` where an object is there already; nothing is overwritten. */
  putOnce(key: string, body: Uint8Array, options?: { contentType?: string }): Promise<'written' | 'exists'>;
  delete(key: string): Promise<void>;
  list(prefix: string): Promise<string[]>;
};
