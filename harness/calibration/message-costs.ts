import { type Field, type FieldReader, pack, unpack } from '../../src/wire/packing.ts';
import type { Cost } from '../costs/cost-profile.ts';
import { stepBenchmark } from '../micro/micro-benchmark.ts';
import { measureCost } from './measured-cost.ts';

/** Bytes of the larger of a message's byte strings: a request, a history set, a batch, a result. */
const BODIES = [16, 100, 400, 1_500, 7_500];
const MOST_BYTES = 1 << 16;

export interface MessageCosts {
  readonly encode: Cost;
  readonly decode: Cost;
}

/** Messages as the protocols send them: kind, number, a body, something short, an authenticator, a tag. */
export async function measureMessages(timeMs: number): Promise<MessageCosts> {
  const messages = BODIES.map((body): readonly Field[] => [
    3,
    1_234_567,
    new Uint8Array(body),
    new Uint8Array(24),
    true,
    new Uint8Array(Math.min(body, 200)),
    new Uint8Array(32),
  ]);
  return {
    encode: await measureCost(
      messages.map((fields) => ({
        bytes: pack(fields).length,
        benchmark: stepBenchmark('messages', 'encode', () => pack(fields)),
      })),
      timeMs,
    ),
    decode: await measureCost(
      messages.map((fields) => {
        const bytes = Uint8Array.from(pack(fields));
        // A new view each time, as when it comes off a connection.
        const decode = () => read(unpack(bytes.subarray(0)));
        return { bytes: bytes.length, benchmark: stepBenchmark('messages', 'decode', decode) };
      }),
      timeMs,
    ),
  };
}

function read(fields: FieldReader): unknown {
  const message = {
    kind: fields.integer(255),
    number: fields.integer(Number.MAX_SAFE_INTEGER),
    body: fields.bytes(0, MOST_BYTES),
    short: fields.bytes(0, MOST_BYTES),
    accepted: fields.boolean(),
    authenticator: fields.bytes(0, MOST_BYTES),
    tag: fields.bytes(0, MOST_BYTES),
  };
  fields.end();
  return message;
}
