import type { RecordClass } from '../domain/record.ts';

/** The expiry period that a guest key belongs to. */
export type Period = { hotel: string; recordClass: RecordClass; period: string };

/** `shredded`: the key is gone, or is being deleted: nothing under it can be read or written again. */
export type GuestKey =
  | { state: 'active'; keyId: string; version: number; key: Uint8Array }
  | { state: 'shredded' };

/** The key hierarchy of custody: KMS → period key → guest key (keys table). */
export type CustodyKeys = {
  /** The guest's key in this period, made if there is none. `shredded` where the period's deletion has begun. */
  forWriting(period: Period, guestId: string): Promise<GuestKey>;
  forReading(period: Period, guestId: string): Promise<GuestKey>;
};

/** A key of one request, wrapped by KMS: `evidence` for its personal data in rows and archive, `grant` for staged records. */
export type RequestKeys = {
  create(kind: 'evidence' | 'grant', requestId: string): Promise<Uint8Array>;
  /** Null where it was shredded or never made. */
  read(kind: 'evidence' | 'grant', requestId: string): Promise<Uint8Array | null>;
  shred(kind: 'evidence' | 'grant', requestId: string): Promise<void>;
};

/** The key of blind indexes and record fingerprints, under a KMS key of its own. */
export type IndexKey = {
  /** Made on first use; of two processes that make it at once, both get the same. */
  forIngest(): Promise<Uint8Array>;
  /** Null where nothing was ever ingested: nothing can be found either. */
  forSearch(): Promise<Uint8Array | null>;
};
