import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FRAME_HEADER_BYTES, FrameBatch, FrameError, FrameParser } from './frame.ts';
import { Limit } from './limits.ts';

interface Frame {
  readonly from: number;
  readonly to: number;
  readonly payload: Uint8Array;
}

function collect(): { readonly frames: Frame[]; readonly parser: FrameParser } {
  const frames: Frame[] = [];
  const parser = new FrameParser((from, to, payload) => frames.push({ from, to, payload: Uint8Array.from(payload) }));
  return { frames, parser };
}

const participant = fc.integer({ min: 0, max: 0xffff_ffff });
const someFrames = fc.array(
  fc.record({ from: participant, to: participant, payload: fc.uint8Array({ maxLength: 80 }) }),
  { maxLength: 12 },
);

test('frames come out as they went in, however the stream is cut', () => {
  fc.assert(
    fc.property(someFrames, fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 }), (sent, cuts) => {
      const batch = new FrameBatch(16);
      for (const { from, to, payload } of sent) batch.append(from, to, payload);
      const stream = batch.take();
      const { frames, parser } = collect();
      for (let offset = 0, cut = 0; offset < stream.length; cut++) {
        const length = cuts[cut % cuts.length] ?? 1;
        parser.push(Buffer.from(stream.subarray(offset, offset + length)));
        offset += length;
      }
      expect(frames).toEqual(sent);
    }),
  );
});

test('a batch is empty after it was taken, and what was taken stays as it was', () => {
  const batch = new FrameBatch(16);
  batch.append(1, 2, Uint8Array.of(1, 2, 3));
  expect(batch.byteLength).toBe(FRAME_HEADER_BYTES + 3);
  const taken = batch.take();
  const copy = Buffer.from(taken);
  expect(batch.byteLength).toBe(0);
  expect(batch.take().length).toBe(0);
  batch.append(9, 9, new Uint8Array(100).fill(9));
  expect(taken.equals(copy)).toBe(true);
  // It goes to another thread or to the kernel: nothing but its own bytes may hang on it.
  expect(taken.buffer.byteLength).toBe(taken.length);
});

test('a batch that once was large does not stay so', () => {
  const batch = new FrameBatch(16);
  batch.append(1, 2, new Uint8Array(1_000_000));
  expect(batch.take().length).toBe(FRAME_HEADER_BYTES + 1_000_000);
  batch.append(1, 2, Uint8Array.of(7));
  const { frames, parser } = collect();
  parser.push(batch.take());
  expect(frames).toEqual([{ from: 1, to: 2, payload: Uint8Array.of(7) }]);
});

test('the largest message passes, one byte more ends the connection before it is awaited', () => {
  const { frames, parser } = collect();
  const batch = new FrameBatch();
  batch.append(1, 2, new Uint8Array(Limit.messageBytes));
  parser.push(batch.take());
  expect(frames.length).toBe(1);
  const header = Buffer.alloc(FRAME_HEADER_BYTES);
  header.writeUInt32BE(Limit.messageBytes + 1, 0);
  expect(() => parser.push(header)).toThrow(FrameError);
});

test('any bytes: frames, patience, or a FrameError; at most one frame is kept waiting', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 20 }), (chunks) => {
      const { parser } = collect();
      try {
        for (const chunk of chunks) parser.push(Buffer.from(chunk));
      } catch (error) {
        expect(error).toBeInstanceOf(FrameError);
      }
    }),
    { numRuns: 500 },
  );
});
