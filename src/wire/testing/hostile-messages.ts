import { Limit } from '../limits.ts';

/** Bytes that a general MessagePack decoder would take, choke on, or spend a second and hundreds of megabytes on. */
export interface HostileMessage {
  readonly what: string;
  readonly bytes: Uint8Array;
  /** A general decoder takes long over it, or recurses until the stack ends. */
  readonly costly: boolean;
}

function filled(head: string, byte: number): Uint8Array {
  const bytes = Buffer.alloc(Limit.messageBytes, byte);
  bytes.write(head, 'hex');
  return bytes;
}

const ARRAY_OF_THE_REST = 'dd003ffffb';

const cheap: Readonly<Record<string, string>> = {
  'no bytes': '',
  'an integer alone': '07',
  'the byte that MessagePack never uses': 'c1',
  nothing: 'c0',
  'an array of nothing': '91c0',
  'an array that ends before its header does': 'dc00',
  'an array of 2^32 − 1 elements in six bytes': 'ddffffffff01',
  'a map of 2^32 − 1 entries in seven bytes': 'dfffffffff0101',
  'a string of 2^32 − 1 bytes that is not there': '91dbffffffff61',
  'a byte string of 2^32 − 1 bytes that is not there': '91c6ffffffff00',
  'an extension of 2^32 − 1 bytes that is not there': '91c9ffffffff00',
  'a map': '8101a16101',
  'a map inside an array': '9181a16101',
  'a __proto__ key': '9181a95f5f70726f746f5f5f81a8706f6c6c7574656401',
  'an array inside an array': '919101',
  'a timestamp': '91d6ff00000000',
  'a regular expression': '91d4780092a2612aa0',
  'a set': '91d473009101',
  'an error': '91d4650093a145a178c0',
  'a big integer': '91c70942ffffffffffffffffff',
  'a 64-bit integer': '91cf0020000000000001',
  'a negative integer': '91ff',
  'a 32-bit float': '91ca3f800000',
  'a record definition': '91d4724091a16105',
  'a record definition with two bytes of number': '91d572400191a16105',
  'a record whose key is code': '91d4724091ae612c623a70726f636573732e78283105',
  'strings in a bundle': '91d662000000ff',
  'a message and one byte more': '910100',
  'two messages': '91019101',
  'a boolean alone': 'c3',
};

const costly: Readonly<Record<string, Uint8Array>> = {
  'arrays nested four million deep': Buffer.alloc(Limit.messageBytes, 0x91),
  'maps nested four million deep': Buffer.alloc(Limit.messageBytes, 0x81),
  'four million empty arrays': filled(ARRAY_OF_THE_REST, 0x90),
  'four million empty maps': filled(ARRAY_OF_THE_REST, 0x80),
  'four million nothings': filled(ARRAY_OF_THE_REST, 0xc0),
  'a big integer of a megabyte': filled('91c9003ffff842', 0x77),
  'a byte string of four megabytes, and bytes behind it': filled('91c6003ffff0', 0),
};

export const hostileMessages: readonly HostileMessage[] = [
  ...Object.entries(cheap).map(([what, digits]) => ({ what, bytes: Buffer.from(digits, 'hex'), costly: false })),
  ...Object.entries(costly).map(([what, bytes]) => ({ what, bytes, costly: true })),
];
