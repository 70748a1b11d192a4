import { _SHA256 } from '@noble/hashes/sha2.js';
import { DIGEST_BYTES } from './mac-suite.ts';

/**
 * noble's SHA-256 state, made to be used again and again. Ending a hash into its own block buffer spares the view that noble
 * would otherwise make of each output array; that and reuse are nearly half of the time of a short digest.
 */
export class ReusableSha256 extends _SHA256 {
  readonly #output = this.buffer.subarray(0, DIGEST_BYTES);

  /** Ends the hash. The result is overwritten when the state is next used; reuse begins with `_cloneInto` of a fresh state. */
  end(): Uint8Array {
    this.digestInto(this.buffer);
    return this.#output;
  }
}

const fresh = new ReusableSha256();
const working = new ReusableSha256();

/** SHA-256 (FIPS 180-4), in an array of its own. */
export function sha256Digest(bytes: Uint8Array): Uint8Array {
  fresh._cloneInto(working);
  return working.update(bytes).end().slice();
}
