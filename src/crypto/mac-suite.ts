import type { ParticipantId } from '../kernel/identifiers.ts';

/**
 * A family of primitives that a deployment runs on: one collision-resistant digest of 32 bytes and one message authentication
 * code. In one report every protocol uses the same suite.
 */
export interface MacSuite {
  readonly name: string;
  /** One line for people: algorithm, implementation, strength. */
  readonly summary: string;
  /** A multiple of 4. */
  readonly tagBytes: number;
  readonly keyBytes: number;
  /** 32 bytes, in an array of its own. */
  digest(bytes: Uint8Array): Uint8Array;
  keyed(key: Uint8Array): Mac;
  /** The MACs of one participant, where the suite has a shorter way to them than a derived and kept key for each peer and direction. */
  peerMacs?(secret: Uint8Array, self: ParticipantId): PeerMacs;
}

/** A MAC under one key. */
export interface Mac {
  generate(bytes: Uint8Array, tags: Uint8Array, offset: number): void;
  /** Constant time in the tag. False, never an exception, if the tag reaches past the end of `tags`. */
  verify(bytes: Uint8Array, tags: Uint8Array, offset: number): boolean;
}

/** The MACs between one participant and all others, in both directions. */
export interface PeerMacs {
  /** For the peer, as this participant. */
  generate(peer: ParticipantId, bytes: Uint8Array, tags: Uint8Array, offset: number): void;
  /** From the peer, as this participant; otherwise as `Mac.verify`. */
  verify(peer: ParticipantId, bytes: Uint8Array, tags: Uint8Array, offset: number): boolean;
}

export const DIGEST_BYTES = 32;
