/** Data keys under which pushes wait in the queue: KMS is asked for one every five minutes, not for each push. */
export type PushKeys = {
  forSealing(): Promise<{ key: Uint8Array; wrapped: Uint8Array }>;
  forOpening(wrapped: Uint8Array): Promise<Uint8Array>;
};
