import fc from 'fast-check';
import { expect, test } from 'vitest';
import { messageCodec } from './codec.ts';
import type { Message } from './message.ts';

const REPLICAS = 4;
const codec = messageCodec(REPLICAS);

const bytes = (minLength: number, maxLength: number) => fc.uint8Array({ minLength, maxLength });
const number = fc.oneof(fc.nat(), fc.integer({ min: 0, max: 2 ** 48 }));
const digest = bytes(32, 32);
const authenticator = bytes(1, REPLICAS * 64);
const body = bytes(0, 300);

const message: fc.Arbitrary<Message> = fc.oneof(
  fc.record({ type: fc.constant('request' as const), request: body, authenticator }),
  fc.record({ type: fc.constant('prePrepare' as const), view: number, sequence: number, batch: body, authenticator }),
  fc.record({
    type: fc.constantFrom('prepare' as const, 'commit' as const),
    view: number,
    sequence: number,
    digest,
    authenticator,
  }),
  fc.record({
    type: fc.constant('reply' as const),
    view: number,
    number,
    digested: fc.boolean(),
    result: body,
    tag: bytes(1, 64),
  }),
  fc.record({ type: fc.constant('checkpoint' as const), sequence: number, digest, authenticator }),
  fc.record({ type: fc.constantFrom('viewChange' as const, 'newView' as const), body, authenticator }),
  fc.record({
    type: fc.constant('status' as const),
    view: number,
    active: fc.boolean(),
    stable: number,
    executed: number,
    authenticator,
  }),
  fc.record({ type: fc.constant('fetchState' as const), sequence: number, authenticator }),
  fc.record({ type: fc.constant('state' as const), sequence: number, snapshot: body }),
  fc.record({ type: fc.constant('fetchBatch' as const), digest, authenticator }),
  fc.record({ type: fc.constant('batchBody' as const), batch: body }),
);

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
    fc.property(message, (sent) => {
      const received = codec.decode(new Uint8Array(codec.encode(sent)));
      expect(sorted(plain(received))).toEqual(sorted(plain(sent)));
    }),
    { seed: 1, numRuns: 500 },
  );
});

test('arbitrary bytes are a message or none, never an exception', () => {
  fc.assert(
    fc.property(bytes(0, 200), (garbage) => {
      const decoded = codec.decode(garbage);
      expect(decoded === undefined || typeof decoded.type === 'string').toBe(true);
    }),
    { seed: 2, numRuns: 2_000 },
  );
});

test('a message cut short anywhere is none', () => {
  fc.assert(
    fc.property(message, fc.nat(), (sent, at) => {
      const encoded = new Uint8Array(codec.encode(sent));
      expect(codec.decode(encoded.subarray(0, at % encoded.length))).toBeUndefined();
    }),
    { seed: 3, numRuns: 500 },
  );
});
