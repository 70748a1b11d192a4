import type { ParticipantId } from '../kernel/identifiers.ts';
import { DIGEST_BYTES, type Mac, type MacSuite, type PeerMacs } from './mac-suite.ts';

/**
 * Stands in for a MAC suite where a simulator charges what the real one would take: tags and digests of the same lengths, and the same
 * counts, for a small part of the time. What it makes are 64 bits of a mixing hash that depend on input, key and direction, and zeros behind
 * them: enough to tell apart what differs by accident or by a simulated fault, worth nothing against anybody who computes.
 */
export function modelledAs({ name, tagBytes, keyBytes }: MacSuite): MacSuite {
  return {
    name,
    summary: `stands in for ${name} where time is modelled; protects nothing`,
    tagBytes,
    keyBytes,
    digest,
    keyed: (key) => new ModelledMac(seedOf(key), tagBytes),
    peerMacs: (secret, self) => new ModelledPeerMacs(seedOf(secret), self, tagBytes),
  };
}

function digest(bytes: Uint8Array): Uint8Array {
  const output = new Uint8Array(DIGEST_BYTES);
  mix(DIGEST_SEED, 0, bytes);
  write(output, 0);
  return output;
}

class ModelledMac implements Mac {
  readonly #seed: number;
  readonly #tagBytes: number;

  constructor(seed: number, tagBytes: number) {
    this.#seed = seed;
    this.#tagBytes = tagBytes;
  }

  generate(bytes: Uint8Array, tags: Uint8Array, offset: number): void {
    generateTag(this.#seed, 0, bytes, tags, offset, this.#tagBytes);
  }

  verify(bytes: Uint8Array, tags: Uint8Array, offset: number): boolean {
    return verifyTag(this.#seed, 0, bytes, tags, offset, this.#tagBytes);
  }
}

/** Keeps nothing for a peer: thousands of clients and replicas would make millions of keys. */
class ModelledPeerMacs implements PeerMacs {
  readonly #seed: number;
  readonly #self: ParticipantId;
  readonly #tagBytes: number;

  constructor(seed: number, self: ParticipantId, tagBytes: number) {
    this.#seed = seed;
    this.#self = self;
    this.#tagBytes = tagBytes;
  }

  generate(peer: ParticipantId, bytes: Uint8Array, tags: Uint8Array, offset: number): void {
    generateTag(this.#seed ^ spread(this.#self), peer, bytes, tags, offset, this.#tagBytes);
  }

  verify(peer: ParticipantId, bytes: Uint8Array, tags: Uint8Array, offset: number): boolean {
    return verifyTag(this.#seed ^ spread(peer), this.#self, bytes, tags, offset, this.#tagBytes);
  }
}

/** Odd constants of MurmurHash3's x86 variants. */
const FIRST = 0xcc9e2d51 | 0;
const SECOND = 0x1b873593 | 0;
const THIRD = 0x85ebca6b | 0;
const FOURTH = 0xc2b2ae35 | 0;
const DIGEST_SEED = 0x9e3779b9 | 0;

/** The hash that was computed last. Two variables instead of a result that would have to be allocated. */
let low = 0;
let high = 0;

function seedOf(key: Uint8Array): number {
  mix(0, 0, key);
  return low ^ high;
}

/** A participant's number in all bits, so that two directions between two participants have two seeds. */
function spread(participant: ParticipantId): number {
  const multiplied = Math.imul(participant, THIRD);
  return multiplied ^ (multiplied >>> 15);
}

/** Where inputs are copied to: read in words, they take a third of the time that their bytes would. */
const words = new Int32Array(1024);
const wordBytes = new Uint8Array(words.buffer);

/**
 * Two lanes of multiplications and rotations over the words with even numbers, two over those with odd ones: a multiplication takes three cycles,
 * in which the other lanes go on. Joined at the end as MurmurHash3 ends.
 */
function mix(seed: number, tweak: number, bytes: Uint8Array): void {
  const { length } = bytes;
  let a = Math.imul(seed ^ length, FIRST);
  let b = Math.imul(tweak ^ a ^ (a >>> 16), SECOND);
  let c = THIRD;
  let d = FOURTH;
  for (let start = 0; start < length; start += wordBytes.length) {
    const count = stage(bytes, start);
    for (let i = 0; i < count; i += 2) {
      const even = words[i] ?? 0;
      const odd = words[i + 1] ?? 0;
      a = Math.imul(((a << 13) | (a >>> 19)) ^ even, FIRST);
      b = Math.imul(((b << 17) | (b >>> 15)) + even, SECOND);
      c = Math.imul(((c << 13) | (c >>> 19)) ^ odd, FIRST);
      d = Math.imul(((d << 17) | (d >>> 15)) + odd, SECOND);
    }
  }
  a = Math.imul(a ^ ((c << 13) | (c >>> 19)), THIRD);
  b = Math.imul(b ^ ((d << 17) | (d >>> 15)), FOURTH);
  a ^= b >>> 15;
  b ^= a >>> 13;
  a = Math.imul(a ^ (a >>> 16), THIRD);
  b = Math.imul(b ^ (b >>> 16), FOURTH);
  low = a ^ (b >>> 13);
  high = b ^ (low >>> 16);
}

/** Puts the bytes from `start` on, as many as there is room for, into `words`; returns how many words they fill, zeros to an even number included. */
function stage(bytes: Uint8Array, start: number): number {
  const length = Math.min(bytes.length - start, wordBytes.length);
  const count = ((length + 7) >> 3) << 1;
  words[count - 2] = 0;
  words[count - 1] = 0;
  wordBytes.set(length === bytes.length ? bytes : bytes.subarray(start, start + length));
  return count;
}

function word32(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24);
}

/** The hash, little-endian. */
function write(output: Uint8Array, at: number): void {
  output[at] = low;
  output[at + 1] = low >>> 8;
  output[at + 2] = low >>> 16;
  output[at + 3] = low >>> 24;
  output[at + 4] = high;
  output[at + 5] = high >>> 8;
  output[at + 6] = high >>> 16;
  output[at + 7] = high >>> 24;
}

const HASH_BYTES = 8;

/** Throws a RangeError if `tags` has no room for the tag. */
function generateTag(
  seed: number,
  tweak: number,
  bytes: Uint8Array,
  tags: Uint8Array,
  offset: number,
  tagBytes: number,
): void {
  if (offset < 0 || offset + tagBytes > tags.length) throw new RangeError('no room for the tag');
  mix(seed, tweak, bytes);
  write(tags, offset);
  for (let i = offset + HASH_BYTES; i < offset + tagBytes; i++) tags[i] = 0;
}

function verifyTag(
  seed: number,
  tweak: number,
  bytes: Uint8Array,
  tags: Uint8Array,
  offset: number,
  tagBytes: number,
): boolean {
  if (offset < 0 || offset + tagBytes > tags.length) return false;
  mix(seed, tweak, bytes);
  if (word32(tags, offset) !== low || word32(tags, offset + 4) !== high) return false;
  let rest = 0;
  for (let i = offset + HASH_BYTES; i < offset + tagBytes; i++) rest |= tags[i] ?? 0;
  return rest === 0;
}
