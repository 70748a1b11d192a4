import type { Digest } from './message.ts';

/** Stands for the batch without requests that fills a gap in a new view, and for the state before the first batch. */
export const NULL_DIGEST: Digest = new Uint8Array(32);

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** A sequence number in a digest's place, for messages that are about nothing else. */
export function sequenceDigest(sequence: number): Digest {
  const bytes = new Uint8Array(NULL_DIGEST.length);
  new DataView(bytes.buffer).setFloat64(0, sequence);
  return bytes;
}
