/** What a message without a kind counts as: it is none of any protocol's. */
export const NO_KIND = 255;

/** The first field of a packed message, by which every protocol tells its kinds apart, without decoding the rest. */
export function messageKind(bytes: Uint8Array): number {
  const head = bytes[0] ?? 0;
  const at = head === 0xdc ? 3 : head === 0xdd ? 5 : 1;
  const first = bytes[at] ?? NO_KIND;
  return first < 0x80 ? first : NO_KIND;
}
