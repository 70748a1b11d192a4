import type { MethodKind } from '../../../src/kernel/operation.ts';
import type { Service } from '../../../src/kernel/service.ts';
import { readUint53, writeUint53 } from '../../../src/wire/integers.ts';

/** Balances begin here, so that they can fall. */
const BEGIN = 2 ** 40;
const STATE_BYTES = 16;

/** An account: its balance, and how often it was written. */
export interface Account {
  readonly balance: number;
  readonly version: number;
}

/** Accounts in a result, in the order of the operation's objects. */
export function accountsIn(result: Uint8Array): Account[] {
  return Array.from({ length: result.length / STATE_BYTES }, (_, index) =>
    accountOf(result.subarray(index * STATE_BYTES)),
  );
}

function accountOf(state: Uint8Array): Account {
  return { balance: readUint53(state, 0) - BEGIN, version: readUint53(state, 8) };
}

function stateOf({ balance, version }: Account): Uint8Array {
  const state = new Uint8Array(STATE_BYTES);
  writeUint53(state, 0, balance + BEGIN);
  writeUint53(state, 8, version);
  return state;
}

/** Accounts between which money moves: what is done to some of an operation's objects only, shows in the sum. */
export const ledger: Service = {
  name: 'ledger',
  methods: new Map<string, MethodKind>([
    ['move', 'update'],
    ['read', 'query'],
  ]),
  initialState: () => stateOf({ balance: 0, version: 0 }),
  execute(state, method, _argument, others = []) {
    if (method !== 'move') return { state, result: state };
    const [first, ...rest] = [state, ...others].map((each, index) => {
      const { balance, version } = accountOf(each);
      return stateOf({ balance: balance + (index === 0 ? -others.length : 1), version: version + 1 });
    });
    const after = first ?? state;
    return { state: after, others: rest, result: Buffer.concat([after, ...rest]) };
  },
  operations: (object) => ({ next: () => ({ object, method: 'read', argument: new Uint8Array(0) }) }),
};
