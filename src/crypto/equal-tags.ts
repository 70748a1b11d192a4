/** Compares `length` bytes in constant time; `tags` is read from `offset`. False if it ends before. */
export function equalTags(expected: Uint8Array, tags: Uint8Array, offset: number, length: number): boolean {
  if (offset < 0 || offset + length > tags.length) return false;
  let difference = 0;
  for (let i = 0; i < length; i++) difference |= (expected[i] ?? 0) ^ (tags[offset + i] ?? 0);
  return difference === 0;
}
