import { describe, expect, test } from 'vitest';
import { hmacSha256 } from './hmac-sha256.ts';
import { ascii, hex } from './testing/bytes.ts';

interface Vector {
  readonly key: Uint8Array;
  readonly data: Uint8Array;
  readonly tag: string;
}

const LONG_DATA =
  'This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed before being used by the HMAC algorithm.';

/** RFC 4231, §4; its fifth case is about truncated tags, which no suite has. */
const vectors: Readonly<Record<string, Vector>> = {
  '1': {
    key: new Uint8Array(20).fill(0x0b),
    data: ascii('Hi There'),
    tag: 'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
  },
  '2': {
    key: ascii('Jefe'),
    data: ascii('what do ya want for nothing?'),
    tag: '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  },
  '3': {
    key: new Uint8Array(20).fill(0xaa),
    data: new Uint8Array(50).fill(0xdd),
    tag: '773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe',
  },
  '4': {
    key: Uint8Array.from({ length: 25 }, (_, index) => index + 1),
    data: new Uint8Array(50).fill(0xcd),
    tag: '82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b',
  },
  '6': {
    key: new Uint8Array(131).fill(0xaa),
    data: ascii('Test Using Larger Than Block-Size Key - Hash Key First'),
    tag: '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54',
  },
  '7': {
    key: new Uint8Array(131).fill(0xaa),
    data: ascii(LONG_DATA),
    tag: '9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2',
  },
};

describe.each(Object.entries(vectors))('RFC 4231 case %s', (_case, { key, data, tag }) => {
  test('the tag is the published one', () => {
    const tags = new Uint8Array(32);
    hmacSha256.keyed(key).generate(data, tags, 0);
    expect(hex(tags)).toBe(tag);
  });
});

test('keys that take turns do not disturb each other', () => {
  const cases = Object.values(vectors).map(({ key, data, tag }) => ({ mac: hmacSha256.keyed(key), data, tag }));
  const tags = new Uint8Array(32);
  for (let round = 0; round < 3; round++) {
    for (const { mac, data, tag } of cases) {
      mac.generate(data, tags, 0);
      expect(hex(tags)).toBe(tag);
      expect(mac.verify(data, tags, 0)).toBe(true);
    }
  }
});
