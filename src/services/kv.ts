import { z } from 'zod';
import type { MethodKind, Operation } from '../kernel/operation.ts';
import type { Execution, OperationSource, Service, ServiceDefinition } from '../kernel/service.ts';
import { writeUint32 } from '../wire/integers.ts';
import { type KeyChoice, uniformKeys, zipfianKeys } from './key-choice.ts';
import {
  contentOf,
  decodeResult,
  decodeSwapArgument,
  KvStatus,
  makeResult,
  makeState,
  makeSwapArgument,
  versionOf,
} from './versioned-value.ts';

const MOST_VALUE_BYTES = 64 * 1024;
const NO_BYTES = new Uint8Array(0);

const options = z.strictObject({
  keys: z
    .int()
    .min(1)
    .max(1_000_000)
    .default(1_000)
    .describe('keys in each set: one set for each session, or one shared by all'),
  distribution: z.enum(['uniform', 'zipfian']).default('uniform').describe('how often each key is asked for'),
  zipfExponent: z
    .number()
    .min(0)
    .max(10)
    .default(0.99)
    .describe('how skewed the Zipfian distribution is; 0 is uniform'),
  valueBytes: z.int().min(8).max(MOST_VALUE_BYTES).default(64).describe('bytes of each value that is written'),
  swapShare: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe('share of updates that are compare-and-swaps, on the version that the session last saw'),
});

type KvOptions = z.infer<typeof options>;

function refused(state: Uint8Array, status: (typeof KvStatus)[keyof typeof KvStatus], message: string): Execution {
  return { state, result: makeResult(status, versionOf(state), new TextEncoder().encode(`kv: ${message}`)) };
}

function written(state: Uint8Array, value: Uint8Array): Execution {
  if (value.length > MOST_VALUE_BYTES) {
    return refused(
      state,
      KvStatus.badRequest,
      `a value of ${value.length} bytes; at most ${MOST_VALUE_BYTES} are stored`,
    );
  }
  const version = versionOf(state) + 1;
  return { state: makeState(version, value), result: makeResult(KvStatus.done, version, NO_BYTES) };
}

function execute(state: Uint8Array, method: string, argument: Uint8Array): Execution {
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
    default:
      return refused(state, KvStatus.badRequest, 'no such method');
  }
}

/** The operations of one session. Keys are objects of their own, named after the session's set. */
class KvSource implements OperationSource {
  readonly #set: string;
  readonly #random: () => number;
  readonly #options: KvOptions;
  readonly #choose: KeyChoice;
  /** By object name, as last heard of. */
  readonly #versions = new Map<string, number>();

  constructor(set: string, random: () => number, given: KvOptions, choose: KeyChoice) {
    this.#set = set;
    this.#random = random;
    this.#options = given;
    this.#choose = choose;
  }

  next(kind: MethodKind): Operation {
    const object = `${this.#set}/${this.#choose(this.#random)}`;
    if (kind === 'query') return { object, method: 'get', argument: NO_BYTES };
    const { swapShare } = this.#options;
    if (swapShare === 0 || this.#random() >= swapShare) return { object, method: 'put', argument: this.#value() };
    const version = this.#versions.get(object) ?? 0;
    return { object, method: 'compareAndSwap', argument: makeSwapArgument(version, this.#value()) };
  }

  heard({ object }: Operation, result: Uint8Array): void {
    if (this.#options.swapShare === 0) return;
    const version = decodeResult(result)?.version;
    if (version !== undefined) this.#versions.set(object, version);
  }

  /** No two writes have the same value, so that a history check sees whose value was read. */
  #value(): Uint8Array {
    const value = new Uint8Array(this.#options.valueBytes);
    writeUint32(value, 0, this.#random() * 2 ** 32);
    writeUint32(value, 4, this.#random() * 2 ** 32);
    return value;
  }
}

/** A key-value store: each key an object of its own, with a version that counts its writes. */
export const kvService: ServiceDefinition = {
  name: 'kv',
  summary: 'get, put and compare-and-swap of versioned values, keys drawn uniformly or by a Zipfian distribution',
  options,
  create(input): Service {
    const given = options.parse(input);
    const { keys, distribution, zipfExponent } = given;
    const choose = distribution === 'uniform' ? uniformKeys(keys) : zipfianKeys(keys, zipfExponent);
    return {
      name: 'kv',
      methods: new Map<string, MethodKind>([
        ['get', 'query'],
        ['put', 'update'],
        ['compareAndSwap', 'update'],
      ]),
      initialState: () => NO_BYTES,
      execute,
      operations: (object, random) => new KvSource(object, random, given, choose),
    };
  },
};
