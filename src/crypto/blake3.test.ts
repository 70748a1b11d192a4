import { describe, expect, test } from 'vitest';
import { blake3 } from './blake3.ts';
import { ascii, counting, hex } from './testing/bytes.ts';

const KEY = ascii('whats the Elvish word for friend');

/** First 32 bytes of `hash` and `keyed_hash` in the reference repository's test vectors, by input length. */
const vectors = [
  {
    length: 0,
    hash: 'af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262',
    keyedHash: '92b2b75604ed3c761f9d6f62392c8a9227ad0ea3f09573e783f1498a4ed60d26',
  },
  {
    length: 1,
    hash: '2d3adedff11b61f14c886e35afa036736dcd87a74d27b5c1510225d0f592e213',
    keyedHash: '6d7878dfff2f485635d39013278ae14f1454b8c0a3a2d34bc1ab38228a80c95b',
  },
  {
    length: 1023,
    hash: '10108970eeda3eb932baac1428c7a2163b0e924c9a9e25b35bba72b28f70bd11',
    keyedHash: 'c951ecdf03288d0fcc96ee3413563d8a6d3589547f2c2fb36d9786470f1b9d6e',
  },
  {
    length: 1024,
    hash: '42214739f095a406f3fc83deb889744ac00df831c10daa55189b5d121c855af7',
    keyedHash: '75c46f6f3d9eb4f55ecaaee480db732e6c2105546f1e675003687c31719c7ba4',
  },
  {
    length: 1025,
    hash: 'd00278ae47eb27b34faecf67b4fe263f82d5412916c1ffd97c8cb7fb814b8444',
    keyedHash: '357dc55de0c7e382c900fd6e320acc04146be01db6a8ce7210b7189bd664ea69',
  },
  {
    length: 2048,
    hash: 'e776b6028c7cd22a4d0ba182a8bf62205d2ef576467e838ed6f2529b85fba24a',
    keyedHash: '879cf1fa2ea0e79126cb1063617a05b6ad9d0b696d0d757cf053439f60a99dd1',
  },
];

describe.each(vectors)('test vector of $length bytes', ({ length, hash, keyedHash }) => {
  test('digest', () => expect(hex(blake3.digest(counting(length)))).toBe(hash));

  test('tag', () => {
    const tags = new Uint8Array(32);
    blake3.keyed(KEY).generate(counting(length), tags, 0);
    expect(hex(tags)).toBe(keyedHash);
  });
});

test('hashes of many lengths and keys in turn do not disturb each other', () => {
  const mine = blake3.keyed(KEY);
  const other = blake3.keyed(new Uint8Array(32).fill(1));
  const tags = new Uint8Array(32);
  for (const { length, hash, keyedHash } of [...vectors, ...vectors.toReversed()]) {
    other.generate(counting(3000), tags, 0);
    mine.generate(counting(length), tags, 0);
    expect([hex(blake3.digest(counting(length))), hex(tags)]).toEqual([hash, keyedHash]);
  }
});
