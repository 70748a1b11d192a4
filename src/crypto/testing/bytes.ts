/** Bytes as hexadecimal digits, the way standards print their test vectors. */
export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

export function ascii(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** The input pattern of the BLAKE3 test vectors: 0, 1, …, 250, 0, 1, … */
export function counting(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => index % 251);
}
