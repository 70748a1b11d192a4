import type { ParticipantId } from './identifiers.ts';

/**
 * What one participant can do with cryptography: digests, and one message authentication code a pair of participants and a
 * direction. Tags made for `peer` verify only at `peer`, as coming from this participant. Every call is counted.
 */
export interface Authentication {
  /** Bytes of a digest. Always 32, so that formats don't depend on the suite. */
  readonly digestBytes: number;
  /** Bytes of a tag: 32 for most suites, 8 for `siphash-2-4`. */
  readonly tagBytes: number;
  /** Collision-resistant digest, in an array of its own. */
  digest(bytes: Uint8Array): Uint8Array;
  /** Writes the tag over `bytes` for `peer` into `tags` at `offset`. */
  generate(peer: ParticipantId, bytes: Uint8Array, tags: Uint8Array, offset: number): void;
  /** Whether the tag at `offset` in `tags` is the one `peer` makes over `bytes` for this participant; constant time in the tag. */
  verify(peer: ParticipantId, bytes: Uint8Array, tags: Uint8Array, offset: number): boolean;
}
