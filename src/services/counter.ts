import { z } from 'zod';
import type { MethodKind } from '../kernel/operation.ts';
import type { Service, ServiceDefinition } from '../kernel/service.ts';
import { readUint53, writeUint53 } from '../wire/integers.ts';

const COUNTER_BYTES = 8;
const NO_BYTES = new Uint8Array(0);
/** The result of a call that the counter does not know; a value has eight bytes. */
const ERROR_RESULT = new TextEncoder().encode(
  'counter: no such method, or an argument or a second object where none belongs',
);

/** A counter's value in a state or a result: 64-bit big-endian, at most 2^53 − 1; undefined if these bytes are not one. */
export function counterValue(bytes: Uint8Array): number | undefined {
  if (bytes.length !== COUNTER_BYTES) return undefined;
  return readUint53(bytes, 0);
}

function encodeValue(value: number): Uint8Array {
  const bytes = new Uint8Array(COUNTER_BYTES);
  writeUint53(bytes, 0, value);
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
  execute(state, method, argument, others) {
    const value = counterValue(state);
    const alone = others === undefined || others.length === 0;
    if (value === undefined || argument.length !== 0 || !alone) return { state, result: ERROR_RESULT };
    if (method === 'fetch') return { state, result: state };
    if (method !== 'increment') return { state, result: ERROR_RESULT };
    const next = encodeValue(value + 1);
    return { state: next, result: next };
  },
  operations: (object) => ({
    next: (kind) => ({ object, method: kind === 'update' ? 'increment' : 'fetch', argument: NO_BYTES }),
  }),
};

export const counterService: ServiceDefinition = {
  name: 'counter',
  summary: 'increment and fetch of named counters',
  options: z.strictObject({}),
  create: () => counter,
};
