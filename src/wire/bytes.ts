/**
 * An array of its own with the same bytes. Not `bytes.slice()`: what comes off the wire is a Node.js Buffer, whose `slice` is a view,
 * and a kept view keeps a whole receive buffer alive.
 */
export function copyOf(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes);
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
