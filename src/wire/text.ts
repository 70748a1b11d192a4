/** Names of objects and methods are short and come with every message: the strings made of them are kept, the last of each hash. */
const LONGEST_KEPT = 48;
const PLACES = 4096;
const kept = new Array<string>(PLACES).fill('');
const units: number[] = [];
const textDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * The UTF-8 text in `bytes` from `start` to `end`; undefined if it is none. A name that was read before is the same string again: that takes a
 * fraction of the time of a new one, and maps know its hash already.
 */
export function textIn(bytes: Uint8Array, start: number, end: number): string | undefined {
  const length = end - start;
  if (length > LONGEST_KEPT) return decoded(bytes, start, end);
  let hash = length;
  for (let index = start; index < end; index++) {
    const unit = bytes[index] ?? 0;
    if (unit >= 0x80) return decoded(bytes, start, end);
    hash = (Math.imul(hash, 31) + unit) | 0;
  }
  const place = (hash ^ (hash >>> 12)) & (PLACES - 1);
  const known = kept[place] ?? '';
  if (known.length === length && isAt(known, bytes, start)) return known;
  const text = asciiIn(bytes, start, length);
  kept[place] = text;
  return text;
}

function isAt(text: string, bytes: Uint8Array, start: number): boolean {
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) !== bytes[start + index]) return false;
  return true;
}

function asciiIn(bytes: Uint8Array, start: number, length: number): string {
  units.length = length;
  for (let index = 0; index < length; index++) units[index] = bytes[start + index] ?? 0;
  return String.fromCharCode(...units);
}

function decoded(bytes: Uint8Array, start: number, end: number): string | undefined {
  try {
    return textDecoder.decode(bytes.subarray(start, end));
  } catch {
    return undefined;
  }
}
