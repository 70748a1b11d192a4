/**
 * Small arrays out of larger chunks. An array of more than 64 bytes lies outside of V8's heap, and to have one made there takes 0.25 µs, as
 * long as to decode a message; out of a chunk it takes a tenth of that. A kept array keeps its chunk, so chunks are small, and this is for
 * arrays that are kept about as long as those made before and after them.
 */
const CHUNK_BYTES = 4096;
const MOST_BYTES_IN_CHUNK = CHUNK_BYTES / 4;

let chunk = new ArrayBuffer(CHUNK_BYTES);
let position = 0;

/** An array of that length, all zeros. */
export function chunkedZeros(length: number): Uint8Array<ArrayBuffer> {
  if (length > MOST_BYTES_IN_CHUNK) return new Uint8Array(length);
  if (position + length > CHUNK_BYTES) {
    chunk = new ArrayBuffer(CHUNK_BYTES);
    position = 0;
  }
  const start = position;
  position += length;
  return new Uint8Array(chunk, start, length);
}

/** An array of its own with the same bytes. */
export function chunkedCopyOf(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const copy = chunkedZeros(bytes.length);
  copy.set(bytes);
  return copy;
}
