import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pack } from '../../wire/packing.ts';
import { hostileMessages } from '../../wire/testing/hostile-messages.ts';
import { type Body, decodeNfsResult, encodeNfsResult } from './result.ts';
import { NfsStatus } from './status.ts';

const count = fc.nat(Number.MAX_SAFE_INTEGER);
const handle = fc.record({ object: fc.constantFrom('r', 'r/ä'), generation: count });
const attributes = fc.record({
  type: fc.constantFrom('file' as const, 'directory' as const),
  generation: count,
  mode: fc.nat(0o7777),
  uid: fc.nat(0xffff_ffff),
  gid: fc.nat(0xffff_ffff),
  size: count,
  atime: count,
  mtime: count,
  ctime: count,
  nlink: fc.nat(32_000),
});
const entry = fc.record({ name: fc.constantFrom('a', 'ü'), object: fc.constant('r/1'), generation: fc.nat(9) });
const body: fc.Arbitrary<Body> = fc.oneof(
  fc.constant({ type: 'nothing' as const }),
  attributes.map((found) => ({ type: 'attributes' as const, attributes: found })),
  handle.map((found) => ({ type: 'handle' as const, handle: found })),
  fc.array(entry).map((entries) => ({ type: 'entries' as const, entries })),
  fc
    .option(handle, { nil: undefined })
    .map((found) => ({ type: 'message' as const, message: 'nfs: no', handle: found })),
);

test('a result comes back as it was told', () => {
  const status = fc.constantFrom(...Object.values(NfsStatus));
  const result = fc.record({ status, wrote: fc.boolean(), versions: fc.array(count, { maxLength: 8 }), body });
  fc.assert(
    fc.property(result, (told) => {
      expect(decodeNfsResult(encodeNfsResult(told))).toEqual(told);
    }),
  );
});

test.each([
  ...hostileMessages.map(({ what, bytes }) => ({ what, bytes })),
  { what: 'a status that there is not', bytes: pack([1, false, 1, 0, 0]) },
  { what: 'more versions than objects', bytes: pack([0, false, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]) },
  { what: 'fewer versions than it says', bytes: pack([0, false, 2, 0]) },
  { what: 'a body that there is not', bytes: pack([0, false, 1, 0, 5]) },
  { what: 'something behind it', bytes: pack([0, false, 1, 0, 0, 0]) },
])('$what is no result', ({ bytes }) => expect(decodeNfsResult(bytes)).toBeUndefined());
