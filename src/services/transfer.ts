import type { Execution } from '../kernel/service.ts';
import { readUint53, writeUint53 } from '../wire/integers.ts';
import { contentOf, decodeResult, KvStatus, makeResult, makeState, versionOf } from './versioned-value.ts';

/**
 * Moving an amount from one key to another, both or none. A key's balance is the first eight bytes of its value, a 64-bit number in two's
 * complement, big-endian; that of a key that was never written is 0. Balances may fall below zero and wrap around, so that every transfer
 * between keys with balances is carried out, and the sum of all balances, modulo 2^64, is that of what was put there. Behind its balance
 * each key then holds the transfer's note, which tells this write apart from others that left the same balance.
 */
export const BALANCE_BYTES = 8;
const VERSION_BYTES = 8;
/** A balance, and as much of a note as is drawn at random. */
export const LEAST_TRANSFER_VALUE_BYTES = 16;

/** Signed 64-bit numbers. */
export type Balance = bigint;

/** Undefined if the value is too short to begin with a balance. */
export function balanceOf(state: Uint8Array): Balance | undefined {
  if (versionOf(state) === 0) return 0n;
  return readBalance(contentOf(state));
}

/** The value of a key that has taken part in a transfer. */
export function makeBalanceValue(balance: Balance, note: Uint8Array): Uint8Array {
  const value = new Uint8Array(BALANCE_BYTES + note.length);
  viewOf(value).setBigInt64(0, balance);
  value.set(note, BALANCE_BYTES);
  return value;
}

/** The argument of a transfer: the amount, and the note that both keys hold afterwards. */
export function makeTransferArgument(amount: Balance, note: Uint8Array): Uint8Array {
  return makeBalanceValue(amount, note);
}

/** Undefined if there is not even an amount. */
export function decodeTransferArgument(argument: Uint8Array): { amount: Balance; note: Uint8Array } | undefined {
  const amount = readBalance(argument);
  return amount === undefined ? undefined : { amount, note: argument.subarray(BALANCE_BYTES) };
}

/** One key after a transfer was asked for. */
interface KeyAfter {
  readonly version: number;
  /** Undefined if the transfer was refused. */
  readonly balance: Balance | undefined;
}

export interface TransferResult {
  readonly giver: KeyAfter;
  readonly receiver: KeyAfter;
}

/** What a transfer found and did; undefined if the bytes are no such result, or that of one that was malformed. */
export function decodeTransferResult(bytes: Uint8Array): TransferResult | undefined {
  const result = decodeResult(bytes);
  if (result === undefined || result.payload.length < VERSION_BYTES) return undefined;
  const { status, version, payload } = result;
  const receiverVersion = readUint53(payload, 0);
  if (status === KvStatus.noBalance) {
    return {
      giver: { version, balance: undefined },
      receiver: { version: receiverVersion, balance: undefined },
    };
  }
  if (status !== KvStatus.done || payload.length !== VERSION_BYTES + 2 * BALANCE_BYTES) return undefined;
  return {
    giver: { version, balance: readBalance(payload.subarray(VERSION_BYTES)) },
    receiver: { version: receiverVersion, balance: readBalance(payload.subarray(VERSION_BYTES + BALANCE_BYTES)) },
  };
}

/** Carries a well-formed transfer out. The result holds both keys' versions afterwards, then both balances or why it was refused. */
export function transferred(giver: Uint8Array, receiver: Uint8Array, amount: Balance, note: Uint8Array): Execution {
  const [giverBalance, receiverBalance] = [balanceOf(giver), balanceOf(receiver)];
  if (giverBalance === undefined) return withoutBalance(giver, receiver, 'giving', giver);
  if (receiverBalance === undefined) return withoutBalance(giver, receiver, 'receiving', receiver);
  const giverValue = makeBalanceValue(giverBalance - amount, note);
  const receiverValue = makeBalanceValue(receiverBalance + amount, note);
  const [version, receiverVersion] = [versionOf(giver) + 1, versionOf(receiver) + 1];
  const payload = new Uint8Array(VERSION_BYTES + 2 * BALANCE_BYTES);
  writeUint53(payload, 0, receiverVersion);
  payload.set(giverValue.subarray(0, BALANCE_BYTES), VERSION_BYTES);
  payload.set(receiverValue.subarray(0, BALANCE_BYTES), VERSION_BYTES + BALANCE_BYTES);
  return {
    state: makeState(version, giverValue),
    result: makeResult(KvStatus.done, version, payload),
    others: [makeState(receiverVersion, receiverValue)],
  };
}

function withoutBalance(
  giver: Uint8Array,
  receiver: Uint8Array,
  role: 'giving' | 'receiving',
  lacking: Uint8Array,
): Execution {
  const bytes = contentOf(lacking).length;
  const message = new TextEncoder().encode(
    `kv: the value of the ${role} key has ${bytes} bytes; a balance takes ${BALANCE_BYTES}`,
  );
  const payload = new Uint8Array(VERSION_BYTES + message.length);
  writeUint53(payload, 0, versionOf(receiver));
  payload.set(message, VERSION_BYTES);
  return { state: giver, result: makeResult(KvStatus.noBalance, versionOf(giver), payload) };
}

function readBalance(bytes: Uint8Array): Balance | undefined {
  return bytes.length < BALANCE_BYTES ? undefined : viewOf(bytes).getBigInt64(0);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
