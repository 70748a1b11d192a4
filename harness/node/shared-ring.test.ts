import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FrameBatch, FrameParser } from '../../src/wire/frame.ts';
import { RingReader, RingWriter, sharedRing, sharedRingBytes } from './shared-ring.ts';

function ringOf(capacity: number, position = 0) {
  const ring = sharedRing(new SharedArrayBuffer(sharedRingBytes(capacity)), 0, capacity);
  // As if all this had been written and read before.
  for (let cell = 0; cell <= 32; cell += 32) ring.cells[cell] = position;
  return { writer: new RingWriter(ring), reader: new RingReader(ring) };
}

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

test('what was written is read, over the end of the memory too', () => {
  const { writer, reader } = ringOf(8);
  expect(reader.read()).toBeUndefined();
  expect(reader.isEmpty()).toBe(true);
  expect(writer.write(bytes(1, 2, 3, 4, 5, 6))).toBe(6);
  expect(reader.isEmpty()).toBe(false);
  expect([...(reader.read() ?? [])]).toEqual([1, 2, 3, 4, 5, 6]);
  expect(writer.write(bytes(7, 8, 9, 10, 11))).toBe(5);
  expect([...(reader.read() ?? [])]).toEqual([7, 8, 9, 10, 11]);
  expect(reader.isEmpty()).toBe(true);
});

test('a full ring takes what it has space for, and tells the writer of more once it asks', () => {
  const { writer, reader } = ringOf(4);
  expect(writer.write(bytes(1, 2, 3, 4, 5, 6))).toBe(4);
  expect(writer.write(bytes(5, 6))).toBe(0);
  expect(reader.takeWriterWaits()).toBe(false);
  expect(writer.awaitSpace()).toBe(false);
  expect([...(reader.read(1) ?? [])]).toEqual([1]);
  expect(reader.takeWriterWaits()).toBe(true);
  expect(reader.takeWriterWaits()).toBe(false);
  expect(writer.hasSpace()).toBe(true);
  expect(writer.write(bytes(5, 6))).toBe(1);
  expect([...(reader.read() ?? [])]).toEqual([2, 3, 4, 5]);
});

test('memory that was read is not shared with the writer', () => {
  const { writer, reader } = ringOf(4);
  writer.write(bytes(1, 2));
  const chunk = reader.read();
  writer.write(bytes(3, 4, 5, 6));
  expect([...(chunk ?? [])]).toEqual([1, 2]);
  expect(chunk?.buffer).toBeInstanceOf(ArrayBuffer);
});

test('frames larger than the ring come through it in pieces', () => {
  const { writer, reader } = ringOf(64);
  const payload = Uint8Array.from({ length: 1_000 }, (_, index) => index);
  const received: Uint8Array[] = [];
  const parser = new FrameParser((_from, _to, received_) => received.push(received_.slice()));
  const batch = new FrameBatch();
  batch.append(1, 2, payload);
  batch.append(1, 2, bytes(9));
  let rest: Uint8Array = batch.take();
  while (rest.length > 0) {
    rest = rest.subarray(writer.write(rest));
    const chunk = reader.read(50);
    if (chunk !== undefined) parser.push(chunk);
  }
  for (let chunk = reader.read(); chunk !== undefined; chunk = reader.read()) parser.push(chunk);
  expect(received).toEqual([payload, bytes(9)]);
});

test.each([0, 3, -1, 2.5, 2 ** 31])('a capacity of %d bytes is refused', (capacity) => {
  expect(() => sharedRing(new SharedArrayBuffer(1_024), 0, capacity)).toThrow(RangeError);
});

test('a ring is a queue of bytes of bounded length, at any position', () => {
  const step = fc.oneof(
    fc.record({ type: fc.constant('write' as const), length: fc.nat(24) }),
    fc.record({ type: fc.constant('read' as const), length: fc.integer({ min: 1, max: 24 }) }),
  );
  const position = fc.oneof(fc.integer(), fc.constantFrom(2 ** 31 - 5, -5, -(2 ** 31)));
  fc.assert(
    fc.property(fc.nat(4), position, fc.array(step, { maxLength: 60 }), (exponent, start, steps) => {
      const capacity = 2 ** exponent;
      const { writer, reader } = ringOf(capacity, start);
      const queue: number[] = [];
      let next = 0;
      for (const { type, length } of steps) {
        if (type === 'write') {
          const source = Uint8Array.from({ length }, (_, index) => next + index);
          const written = writer.write(source);
          expect(written).toBe(Math.min(length, capacity - queue.length));
          queue.push(...source.subarray(0, written));
          next += written;
        } else {
          expect([...(reader.read(length) ?? [])]).toEqual(queue.splice(0, length));
        }
        expect(reader.isEmpty()).toBe(queue.length === 0);
        expect(writer.hasSpace()).toBe(queue.length < capacity);
      }
    }),
  );
});
