import { Packr } from 'msgpackr/pack';
import { FIRST_CLIENT } from '../../src/kernel/identifiers.ts';
import { FRAME_HEADER_BYTES, FrameBatch, FrameParser } from '../../src/wire/frame.ts';
import { type Field, type FieldReader, pack, unpack } from '../../src/wire/packing.ts';
import { decodeRequest, encodeRequest } from '../../src/wire/request.ts';
import { type MicroBenchmark, stepBenchmark } from './micro-benchmark.ts';

const GROUP = 'wire';
const packr = new Packr({ useRecords: false, copyBuffers: false });
const operation = { object: 'counter-17', method: 'increment', argument: new Uint8Array(0) };

/** A message as the protocols send them: type, number, a history or batch, tags, one tag. */
const typical: readonly Field[] = [1, 1_234_567, new Uint8Array(300), new Uint8Array(40), new Uint8Array(8)];
const large: readonly Field[] = [1, 1_234_567, new Uint8Array(4096), new Uint8Array(832), new Uint8Array(32)];

function readTypical(fields: FieldReader): number {
  const read = fields.integer(255) + fields.integer(Number.MAX_SAFE_INTEGER);
  const bytes = fields.bytes(0, 8192).length + fields.bytes(0, 8192).length + fields.bytes(0, 8192).length;
  fields.end();
  return read + bytes;
}

/** Encoding, decoding and framing. What is decoded is a new view each time, as it is when it comes off a connection. */
export function wireBenchmarks(): readonly MicroBenchmark[] {
  const request = Uint8Array.from(encodeRequest(FIRST_CLIENT, 17, operation));
  const message = Uint8Array.from(pack(typical));
  const largeMessage = Uint8Array.from(pack(large));
  const batch = new FrameBatch();
  for (let count = 0; count < 10; count++) batch.append(FIRST_CLIENT, 0, message);
  const stream = batch.take();
  const parser = new FrameParser(() => {});
  return [
    stepBenchmark(GROUP, `encode a request, ${request.length} B`, () => encodeRequest(FIRST_CLIENT, 17, operation)),
    stepBenchmark(GROUP, `decode a request, ${request.length} B`, () => decodeRequest(request.subarray(0))),
    stepBenchmark(GROUP, `encode a typical message, ${message.length} B`, () => pack(typical)),
    stepBenchmark(GROUP, `decode a typical message, ${message.length} B`, () =>
      readTypical(unpack(message.subarray(0))),
    ),
    // What the own encoder and decoder of flat arrays are measured against.
    stepBenchmark(GROUP, `encode a typical message, ${message.length} B, msgpackr`, () => packr.pack(typical)),
    stepBenchmark(GROUP, `decode a typical message, ${message.length} B, msgpackr`, () =>
      packr.unpack(message.subarray(0)),
    ),
    stepBenchmark(GROUP, `encode a large message, ${largeMessage.length} B`, () => pack(large)),
    stepBenchmark(GROUP, `decode a large message, ${largeMessage.length} B`, () =>
      readTypical(unpack(largeMessage.subarray(0))),
    ),
    stepBenchmark(GROUP, `frame 10 messages of ${message.length + FRAME_HEADER_BYTES} B`, () => {
      for (let count = 0; count < 10; count++) batch.append(FIRST_CLIENT, 0, message);
      return batch.take();
    }),
    stepBenchmark(GROUP, `parse 10 frames of ${message.length + FRAME_HEADER_BYTES} B`, () => parser.push(stream)),
  ];
}
