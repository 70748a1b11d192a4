import { z } from 'zod';
import type { MethodKind } from '../kernel/operation.ts';
import type { Service, ServiceDefinition } from '../kernel/service.ts';

const COUNTER_BYTES = 8;
const NO_BYTES = new Uint8Array(0);
/** The result of a call that the counter does not know; a value has eight bytes. */
const ERROR_RESULT = new TextEncoder().encode('counter: no such method, or an argument where none belongs');

/** A counter's value in a state or a result: 64-bit big-endian, at most 2^53 − 1; undefined if these bytes are not one. */
export function counterValue(bytes: Uint8Array): number | undefined {
  if (bytes.length !== COUNTER_BYTES) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, COUNTER_BYTES);
  return view.getUint32(0) * 2 ** 32 + view.getUint32(4);
}

function encodeValue(value: number): Uint8Array {
  const bytes = new Uint8Array(COUNTER_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, Math.floor(value / 2 ** 32));
  view.setUint32(4, value % 2 ** 32);
  return bytes;
}

/** The SOSP paper's micro-benchmark object: `increment` answers the new value, `fetch` the current one. */
const counter: Service = {
  name: 'counter',
  methods: new Map<string, MethodKind>([
    ['increment', 'update'],
    ['fetch', 'query'],
  ]),
  initialState: () => new Uint8Array(COUNTER_BYTES),
  execute(state, method, argument) {
    const value = counterValue(state);
    if (value === undefined || argument.length !== 0) return { state, result: ERROR_RESULT };
    if (method === 'fetch') return { state, result: state };
    if (method !== 'increment') return { state, result: ERROR_RESULT };
    const next = encodeValue(value + 1);
    return { state: next, result: next };
  },
  sample: (kind, object) => ({ object, method: kind === 'update' ? 'increment' : 'fetch', argument: NO_BYTES }),
};

export const counterService: ServiceDefinition = {
  name: 'counter',
  summary: 'increment and fetch of named counters',
  options: z.strictObject({}),
  create: () => counter,
};
