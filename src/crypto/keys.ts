import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import type { ParticipantId } from '../kernel/identifiers.ts';

/**
 * The key of one direction between two participants, derived from the deployment's secret. Two directions have two
 * keys, so a tag cannot be reflected to its maker.
 */
export function directedKey(secret: Uint8Array, from: ParticipantId, to: ParticipantId, keyBytes: number): Uint8Array {
  const label = new Uint8Array(8);
  const view = new DataView(label.buffer);
  view.setUint32(0, from);
  view.setUint32(4, to);
  return hmac(sha256, secret, label).slice(0, keyBytes);
}
