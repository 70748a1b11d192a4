import type { DeployedProtocol } from '../../../src/kernel/erased-protocol.ts';
import type { ParticipantId } from '../../../src/kernel/identifiers.ts';
import { type Operation, objectsOf } from '../../../src/kernel/operation.ts';
import type { RandomStream } from '../../node/random.ts';
import { type Account, accountsIn } from './ledger.ts';
import type { Simulation } from './simulation.ts';

export const ACCOUNTS = ['a', 'b', 'c', 'd'];
const NO_ARGUMENT = new Uint8Array(0);

export interface Counting {
  readonly counters: ReadonlyMap<string, number>;
}

/** Correct clients that do one operation after another, and what they have been answered. */
export class LedgerClients {
  readonly #simulation: Simulation;
  readonly #deployed: DeployedProtocol;
  readonly #made: string[] = [];
  readonly #read: Account[] = [];
  #busy = 0;

  constructor(simulation: Simulation, deployed: DeployedProtocol) {
    this.#simulation = simulation;
    this.#deployed = deployed;
  }

  /** Versions that two moves were answered to have made. */
  get madeTwice(): readonly string[] {
    return this.#made.filter((version, index) => this.#made.indexOf(version) !== index);
  }

  /** What the accounts came to at the last reading. */
  get sum(): number {
    return this.#read.slice(-ACCOUNTS.length).reduce((sum, { balance }) => sum + balance, 0);
  }

  addMover(id: ParticipantId, moves: readonly Operation[]): Counting {
    return this.#add(id, moves, (accounts, operation) => {
      const objects = objectsOf(operation);
      this.#made.push(...accounts.map(({ version }, index) => `${objects[index]} ${version}`));
    });
  }

  /** Reads all accounts twice: the first reading may be what settles unfinished operations, between one account and the next. */
  addReader(id: ParticipantId): Counting {
    const reads = ACCOUNTS.map((object) => ({ object, method: 'read', argument: NO_ARGUMENT }));
    return this.#add(id, [...reads, ...reads], (accounts) => this.#read.push(...accounts));
  }

  /** Whether all operations have ended within so many events. */
  end(mostEvents: number): boolean {
    return this.#simulation.runWhile(() => this.#busy === 0, mostEvents);
  }

  #add(
    id: ParticipantId,
    operations: readonly Operation[],
    ended: (accounts: readonly Account[], operation: Operation) => void,
  ): Counting {
    this.#busy++;
    return carryOut(this.#simulation, this.#deployed, id, operations, ended, () => this.#busy--);
  }
}

/** A correct client that does one operation after another, beginning now; `finished` is called when all have ended. */
export function carryOut(
  simulation: Simulation,
  deployed: DeployedProtocol,
  id: ParticipantId,
  operations: readonly Operation[],
  ended: (accounts: readonly Account[], operation: Operation) => void,
  finished: () => void,
): Counting {
  const { host, client } = simulation.addClient(id, (context) => deployed.createClient(context));
  const left = [...operations];
  const next = () => {
    const operation = left.shift();
    if (operation === undefined) {
      finished();
      return;
    }
    host.onComplete = (result) => {
      ended(accountsIn(result), operation);
      simulation.at(simulation.now(), next);
    };
    client.invoke(operation);
  };
  simulation.at(simulation.now(), next);
  return host;
}

/** A move over one to three accounts. */
export function anyMove(random: RandomStream): Operation {
  const [object = '', ...others] = someOf(ACCOUNTS, 1 + Math.floor(random() * 3), random);
  return { object, others, method: 'move', argument: NO_ARGUMENT };
}

/** So many different ones, in any order. */
export function someOf<T>(all: readonly T[], count: number, random: RandomStream): T[] {
  const left = [...all];
  return Array.from({ length: count }, () => left.splice(Math.floor(random() * left.length), 1)).flat();
}

export function addCounts(sums: Map<string, number>, counters: ReadonlyMap<string, number>): void {
  for (const [name, amount] of counters) sums.set(name, (sums.get(name) ?? 0) + amount);
}
