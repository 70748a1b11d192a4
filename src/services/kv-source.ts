import type { MethodKind, Operation } from '../kernel/operation.ts';
import type { OperationSource } from '../kernel/service.ts';
import { writeUint32 } from '../wire/integers.ts';
import type { KeyChoice } from './key-choice.ts';
import type { KvOptions } from './kv-options.ts';
import { BALANCE_BYTES, decodeTransferResult, makeTransferArgument } from './transfer.ts';
import { decodeResult, makeSwapArgument } from './versioned-value.ts';

const NO_BYTES = new Uint8Array(0);
/** Small against what 64 random bits of a put most often are, so that balances seldom wrap around. */
const MOST_AMOUNT = 1_000;

/** The operations of one session. Keys are objects of their own, named after the session's set. */
export class KvSource implements OperationSource {
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
    const key = this.#choose(this.#random);
    const object = this.#nameOf(key);
    if (kind === 'query') return { object, method: 'get', argument: NO_BYTES };
    const { swapShare, transferShare, valueBytes } = this.#options;
    const drawn = swapShare + transferShare === 0 ? 1 : this.#random();
    if (drawn < transferShare) return this.#transfer(key);
    if (drawn >= transferShare + swapShare) return { object, method: 'put', argument: this.#unique(valueBytes) };
    const version = this.#versions.get(object) ?? 0;
    return { object, method: 'compareAndSwap', argument: makeSwapArgument(version, this.#unique(valueBytes)) };
  }

  heard({ object, others }: Operation, result: Uint8Array): void {
    if (this.#options.swapShare === 0) return;
    const version = decodeResult(result)?.version;
    if (version !== undefined) this.#versions.set(object, version);
    const receiver = others?.[0];
    const receiverVersion = receiver === undefined ? undefined : decodeTransferResult(result)?.receiver.version;
    if (receiver !== undefined && receiverVersion !== undefined) this.#versions.set(receiver, receiverVersion);
  }

  /** The receiver is drawn as the giver was; where that is the giver itself, it is the key after it. */
  #transfer(giver: number): Operation {
    const { keys, valueBytes } = this.#options;
    const drawn = this.#choose(this.#random);
    const receiver = drawn === giver ? (giver + 1) % keys : drawn;
    const amount = BigInt(1 + Math.floor(this.#random() * MOST_AMOUNT));
    const argument = makeTransferArgument(amount, this.#unique(valueBytes - BALANCE_BYTES));
    return { object: this.#nameOf(giver), others: [this.#nameOf(receiver)], method: 'transfer', argument };
  }

  #nameOf(key: number): string {
    return `${this.#set}/${key}`;
  }

  /** Different each time, so that a history check sees whose write was read: the value of a put, or a transfer's note. */
  #unique(length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    writeUint32(bytes, 0, this.#random() * 2 ** 32);
    writeUint32(bytes, 4, this.#random() * 2 ** 32);
    return bytes;
  }
}
