import { createHash } from 'node:crypto';
import type { Inbox } from '../../shared/aws/inbox.ts';
import { type Batch, companionKey } from '../../shared/domain/batch.ts';
import {
  COMPANION_LENGTH_END,
  CompanionError,
  type CompanionIndex,
  companionHeadBytes,
  decodeCompanionHead,
} from '../../shared/sources/companion.ts';

/** What came beside the batch's export, and where in its object the media begin. */
export type Companion = CompanionIndex & { objectKey: string; mediaFrom: number };

/**
 * The index of what came beside the batch's export; null where nothing did. Throws CompanionError for one that can't be
 * read or is not the one that was announced.
 */
export async function readCompanion(batch: Batch, inbox: Pick<Inbox, 'read'>): Promise<Companion | null> {
  if (batch.companion === null) return null;
  const objectKey = companionKey(batch);
  const { bytes, announcedDigest } = batch.companion;
  const headBytes = companionHeadBytes(await read(inbox, objectKey, Math.min(COMPANION_LENGTH_END, bytes)));
  if (headBytes > bytes) throw new CompanionError('Its index is cut off');
  const head = await read(inbox, objectKey, headBytes);
  if (createHash('sha256').update(head).digest('hex') !== announcedDigest) {
    throw new CompanionError('Its head is not the one that was announced');
  }
  return { ...decodeCompanionHead(head, bytes), objectKey, mediaFrom: headBytes };
}

async function read(inbox: Pick<Inbox, 'read'>, key: string, bytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of inbox.read(key, 0, bytes)) chunks.push(chunk);
  return Buffer.concat(chunks);
}
