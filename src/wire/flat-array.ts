/**
 * Whether bytes are one MessagePack array of nothing but unsigned integers, booleans, strings and byte strings, complete and without
 * anything behind it. A general decoder reads far more: nested arrays to any depth, maps, big integers, regular expressions,
 * records whose readers it compiles. None of that is ours, some of it costs a second and hundreds of megabytes for one
 * message; so it is refused here, in one pass without memory, before a decoder sees it.
 */
export function isFlatArray(bytes: Uint8Array): boolean {
  const head = bytes[0] ?? NOT_MESSAGE_PACK;
  let offset = 1;
  let fields: number;
  if ((head & 0xf0) === 0x90) {
    fields = head & 0x0f;
  } else if (head === ARRAY_16 || head === ARRAY_32) {
    const lengthBytes = head === ARRAY_16 ? 2 : 4;
    fields = bigEndian(bytes, offset, lengthBytes);
    offset += lengthBytes;
  } else {
    return false;
  }
  // A field takes at least a byte: this bounds the loop by the message.
  if (fields > bytes.length - offset) return false;
  for (; fields > 0; fields--) {
    const size = fieldBytes(bytes, offset);
    if (size === undefined) return false;
    offset += size;
  }
  return offset === bytes.length;
}

const NOT_MESSAGE_PACK = 0xc1;
const ARRAY_16 = 0xdc;
const ARRAY_32 = 0xdd;

/** Bytes of the field that begins at `offset`, which may reach past the end; undefined for a type that no message has. */
function fieldBytes(bytes: Uint8Array, offset: number): number | undefined {
  const type = bytes[offset] ?? NOT_MESSAGE_PACK;
  if (type < 0x80) return 1;
  if (type >= 0xa0 && type < 0xc0) return 1 + (type & 0x1f);
  switch (type) {
    case 0xc2: // false
    case 0xc3: // true
      return 1;
    case 0xcc: // unsigned integers of 8, 16 and 32 bits
      return 2;
    case 0xcd:
      return 3;
    case 0xce:
      return 5;
    case 0xcb: // 64-bit float: how integers past 32 bits travel
      return 9;
    case 0xc4: // byte strings and strings, with lengths of 8, 16 and 32 bits
    case 0xd9:
      return 2 + bigEndian(bytes, offset + 1, 1);
    case 0xc5:
    case 0xda:
      return 3 + bigEndian(bytes, offset + 1, 2);
    case 0xc6:
    case 0xdb:
      return 5 + bigEndian(bytes, offset + 1, 4);
    default:
      return undefined;
  }
}

function bigEndian(bytes: Uint8Array, offset: number, length: number): number {
  let value = 0;
  for (let index = offset; index < offset + length; index++) value = value * 256 + (bytes[index] ?? 0);
  return value;
}
