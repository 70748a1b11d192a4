import type { MethodKind } from '../kernel/operation.ts';
import type { Execution, Service, ServiceDefinition } from '../kernel/service.ts';
import { uniformKeys, zipfianKeys } from './key-choice.ts';
import { kvOptions, MOST_VALUE_BYTES } from './kv-options.ts';
import { KvSource } from './kv-source.ts';
import { beforeSlash } from './locality.ts';
import { decodeTransferArgument, transferred } from './transfer.ts';
import { contentOf, decodeSwapArgument, KvStatus, makeResult, makeState, versionOf } from './versioned-value.ts';

const NO_BYTES = new Uint8Array(0);
const NO_STATES: readonly Uint8Array[] = [];

interface Method {
  readonly kind: MethodKind;
  /** Objects that it works on. */
  readonly keys: number;
}

const METHODS: ReadonlyMap<string, Method> = new Map([
  ['get', { kind: 'query', keys: 1 }],
  ['put', { kind: 'update', keys: 1 }],
  ['compareAndSwap', { kind: 'update', keys: 1 }],
  ['transfer', { kind: 'update', keys: 2 }],
]);

function refused(state: Uint8Array, status: (typeof KvStatus)[keyof typeof KvStatus], message: string): Execution {
  return { state, result: makeResult(status, versionOf(state), new TextEncoder().encode(`kv: ${message}`)) };
}

function tooLong(state: Uint8Array, bytes: number): Execution {
  return refused(state, KvStatus.badRequest, `a value of ${bytes} bytes; at most ${MOST_VALUE_BYTES} are stored`);
}

function written(state: Uint8Array, value: Uint8Array): Execution {
  if (value.length > MOST_VALUE_BYTES) return tooLong(state, value.length);
  const version = versionOf(state) + 1;
  return { state: makeState(version, value), result: makeResult(KvStatus.done, version, NO_BYTES) };
}

function execute(
  state: Uint8Array,
  method: string,
  argument: Uint8Array,
  others: readonly Uint8Array[] = NO_STATES,
): Execution {
  const keys = METHODS.get(method)?.keys;
  if (keys !== undefined && keys !== 1 + others.length) {
    const wanted = keys === 1 ? 'one key' : `${keys} keys`;
    return refused(state, KvStatus.badRequest, `${method} works on ${wanted}, not ${1 + others.length}`);
  }
  switch (method) {
    case 'get':
      if (argument.length > 0) return refused(state, KvStatus.badRequest, 'get takes no argument');
      if (versionOf(state) === 0) return refused(state, KvStatus.noSuchKey, 'no such key');
      return { state, result: makeResult(KvStatus.done, versionOf(state), contentOf(state)) };
    case 'put':
      return written(state, argument);
    case 'compareAndSwap': {
      const swap = decodeSwapArgument(argument);
      if (swap === undefined) return refused(state, KvStatus.badRequest, 'compareAndSwap takes a version and a value');
      const version = versionOf(state);
      if (swap.version !== version) {
        return refused(state, KvStatus.otherVersion, `the key is at version ${version}, not ${swap.version}`);
      }
      return written(state, swap.value);
    }
    case 'transfer':
      return transfer(state, others[0] ?? NO_BYTES, argument);
    default:
      return refused(state, KvStatus.badRequest, 'no such method');
  }
}

function transfer(giver: Uint8Array, receiver: Uint8Array, argument: Uint8Array): Execution {
  const decoded = decodeTransferArgument(argument);
  if (decoded === undefined) return refused(giver, KvStatus.badRequest, 'transfer takes an amount and a note');
  // An argument has the length of the values that it makes.
  if (argument.length > MOST_VALUE_BYTES) return tooLong(giver, argument.length);
  return transferred(giver, receiver, decoded.amount, decoded.note);
}

/** A key-value store: each key an object of its own, with a version that counts its writes. */
export const kvService: ServiceDefinition = {
  name: 'kv',
  summary:
    'get, put and compare-and-swap of versioned values, transfers between two of them, keys drawn uniformly or by a Zipfian distribution',
  options: kvOptions,
  create(input): Service {
    const given = kvOptions.parse(input);
    const { keys, distribution, zipfExponent } = given;
    const choose = distribution === 'uniform' ? uniformKeys(keys) : zipfianKeys(keys, zipfExponent);
    return {
      name: 'kv',
      methods: new Map(Array.from(METHODS, ([name, { kind }]) => [name, kind])),
      initialState: () => NO_BYTES,
      execute,
      ...(given.transferShare > 0 && { locality: beforeSlash }),
      operations: (object, random) => new KvSource(object, random, given, choose),
    };
  },
};
