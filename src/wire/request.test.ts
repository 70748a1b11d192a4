import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LAST_PARTICIPANT } from '../kernel/identifiers.ts';
import { Limit } from './limits.ts';
import { type Field, pack } from './packing.ts';
import { decodeRequest, encodeRequest } from './request.ts';
import { hostileMessages } from './testing/hostile-messages.ts';

const NO_BYTES = new Uint8Array(0);

const request = fc
  .record({
    client: fc.integer({ min: 0, max: LAST_PARTICIPANT }),
    number: fc.maxSafeNat(),
    operation: fc.record({
      object: fc.string({ minLength: 1, maxLength: Limit.objectNameLength }),
      method: fc.string({ minLength: 1, maxLength: Limit.methodNameLength }),
      argument: fc.uint8Array({ maxLength: 500 }),
      others: fc.constantFrom<string[]>([], ['\u0000'], ['\u0000', 'ä', 'x'.repeat(Limit.objectNameLength)]),
    }),
  })
  .filter(({ operation }) => !operation.others.includes(operation.object));

test('a request comes back as it was', () => {
  fc.assert(
    fc.property(request, ({ client, number, operation }) => {
      const decoded = decodeRequest(encodeRequest(client, number, operation));
      expect(
        decoded && {
          ...decoded,
          operation: { ...decoded.operation, argument: Uint8Array.from(decoded.operation.argument) },
        },
      ).toEqual({
        client,
        number,
        operation,
      });
    }),
  );
});

test('one request has one encoding', () => {
  const operation = { object: 'a', method: 'increment', argument: NO_BYTES };
  expect(encodeRequest(4096, 1, operation)).toEqual(encodeRequest(4096, 1, operation));
  expect(encodeRequest(4096, 1, { ...operation, others: [] })).toEqual(encodeRequest(4096, 1, operation));
});

const valid: readonly Field[] = [4096, 1, 'object', 'increment', NO_BYTES];
const withField = (index: number, value: Field) => valid.with(index, value);

describe('refuses', () => {
  test.each<[string, readonly Field[]]>([
    ['no fields', []],
    ['a field too few', valid.slice(0, 4)],
    ['a field too many', [...valid, 1]],
    ['another object without a name', [...valid, 'other', '']],
    ['an object named twice', [...valid, 'other', 'object']],
    ['another object named twice', [...valid, 'other', 'other']],
    ['too many objects', [...valid, ...Array.from({ length: Limit.otherObjects + 1 }, (_, n) => `other-${n}`)]],
    ['a client that is no participant', withField(0, LAST_PARTICIPANT + 1)],
    ['an object without a name', withField(2, '')],
    ['an object with too long a name', withField(2, 'x'.repeat(Limit.objectNameLength + 1))],
    ['a method without a name', withField(3, '')],
    ['a method with too long a name', withField(3, 'x'.repeat(Limit.methodNameLength + 1))],
    ['bytes for a name', withField(2, Uint8Array.of(65))],
    ['a string for the argument', withField(4, 'argument')],
    ['too large an argument', withField(4, new Uint8Array(Limit.argumentBytes + 1))],
  ])('%s', (_what, fields) => expect(decodeRequest(pack(fields))).toBeUndefined());

  test('all hostile bytes', () => {
    for (const { bytes } of hostileMessages) expect(decodeRequest(bytes)).toBeUndefined();
  });
});

test('takes the largest of everything', () => {
  const operation = {
    object: 'x'.repeat(Limit.objectNameLength),
    method: 'x'.repeat(Limit.methodNameLength),
    argument: new Uint8Array(Limit.argumentBytes),
    others: Array.from({ length: Limit.otherObjects }, (_, n) => `${n}`.repeat(Limit.objectNameLength)),
  };
  expect(decodeRequest(encodeRequest(LAST_PARTICIPANT, Number.MAX_SAFE_INTEGER, operation))?.number).toBe(
    Number.MAX_SAFE_INTEGER,
  );
});

test('any bytes and any change of a valid request: a request or undefined, never an exception', () => {
  fc.assert(
    fc.property(
      request,
      fc.nat(),
      fc.integer({ min: 0, max: 255 }),
      fc.uint8Array(),
      (original, position, value, noise) => {
        const bytes = Uint8Array.from(encodeRequest(original.client, original.number, original.operation));
        const cut = bytes.subarray(0, position % bytes.length);
        bytes[position % bytes.length] = value;
        const changed = decodeRequest(bytes);
        if (changed !== undefined) expect(changed.operation.object.length).toBeLessThanOrEqual(Limit.objectNameLength);
        expect(decodeRequest(cut)).toBeUndefined();
        decodeRequest(noise);
      },
    ),
    { numRuns: 1_000 },
  );
});
