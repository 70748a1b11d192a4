import fc from 'fast-check';
import { expect, test } from 'vitest';
import { messageCodec } from './codec.ts';
import type { Message } from './message.ts';
import { arbitraryMessage, REPLICAS } from './testing/arbitrary-message.ts';

const codec = messageCodec(REPLICAS);

/** Byte strings come back as some kind of Uint8Array; compared are their bytes. */
function plain(value: Message | undefined): unknown {
  if (value === undefined) return undefined;
  return Object.entries(value).map(([key, field]) => [key, field instanceof Uint8Array ? [...field] : field]);
}

function sorted(fields: unknown): unknown {
  return Array.isArray(fields) ? [...fields].sort() : fields;
}

test('every message comes back as it was', () => {
  fc.assert(
    fc.property(arbitraryMessage, (sent) => {
      const received = codec.decode(new Uint8Array(codec.encode(sent)));
      expect(sorted(plain(received))).toEqual(sorted(plain(sent)));
    }),
    { seed: 1, numRuns: 500 },
  );
});

test('arbitrary bytes are a message or none, never an exception', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (garbage) => {
      const decoded = codec.decode(garbage);
      expect(decoded === undefined || typeof decoded.type === 'string').toBe(true);
    }),
    { seed: 2, numRuns: 2_000 },
  );
});

test('a message cut short anywhere is none', () => {
  fc.assert(
    fc.property(arbitraryMessage, fc.nat(), (sent, at) => {
      const encoded = new Uint8Array(codec.encode(sent));
      expect(codec.decode(encoded.subarray(0, at % encoded.length))).toBeUndefined();
    }),
    { seed: 3, numRuns: 500 },
  );
});
