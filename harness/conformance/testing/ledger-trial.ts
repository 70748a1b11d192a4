import { registerable } from '../../../src/kernel/erased-protocol.ts';
import { FIRST_CLIENT, type ParticipantId } from '../../../src/kernel/identifiers.ts';
import { type Operation, objectsOf } from '../../../src/kernel/operation.ts';
import type { Client, ClientContext, Replica, ReplicaContext } from '../../../src/kernel/participant.ts';
import type { ProtocolDefinition } from '../../../src/kernel/protocol.ts';
import { MILLISECOND, SECOND } from '../../../src/kernel/time.ts';
import { type RandomStream, randomStream } from '../../node/random.ts';
import { type Account, ledger } from './ledger.ts';
import { ACCOUNTS, addCounts, anyMove, carryOut } from './ledger-clients.ts';
import { Simulation } from './simulation.ts';
import { trialSuite } from './trial.ts';

const NO_ARGUMENT = new Uint8Array(0);
const WORKLOAD_STREAM = -5;
const MOST_EVENTS = 400_000;
const MOVES = 6;

/** Who misbehaves; those that are left out are as the protocol's definition makes them. */
export interface LedgerAdversaries<Message> {
  /** In the place of the last replica. */
  readonly replica?: (
    create: (context: ReplicaContext<Message>) => Replica<Message>,
    context: ReplicaContext<Message>,
    replicas: number,
  ) => Replica<Message>;
  /** For a client more, which moves money with the others. */
  readonly client?: (context: ClientContext<Message>, random: RandomStream) => ClientContext<Message>;
}

export interface LedgerOutcome {
  /** Whether all moves and readings of the correct clients that stay have ended. */
  readonly finished: boolean;
  /** What the accounts came to when all was quiet: nothing, if every move was done whole or not at all. */
  readonly sum: number;
  /** Versions of accounts that two moves were answered to have made. */
  readonly madeTwice: readonly string[];
  /** Versions in the end that no answer speaks of, or answers with no version: none, where nobody vanished and nobody misbehaved. */
  readonly unexplained: number;
  readonly counters: ReadonlyMap<string, number>;
}

/** Clients that move money between a few accounts, some of them vanishing in the middle of it, and a reader afterwards. */
export function runLedger<Message, Options>(
  definition: ProtocolDefinition<Message, Options>,
  seed: number,
  adversaries: LedgerAdversaries<Message> = {},
  options: Readonly<Record<string, unknown>> = {},
): LedgerOutcome {
  return new LedgerTrial(definition, seed, adversaries, options).run();
}

class LedgerTrial<Message, Options> {
  readonly #simulation: Simulation;
  readonly #random: RandomStream;
  readonly #definition: ProtocolDefinition<Message, Options>;
  readonly #options: Readonly<Record<string, unknown>>;
  readonly #hosts: { readonly counters: ReadonlyMap<string, number> }[] = [];
  readonly #made: string[] = [];
  readonly #adversaries: LedgerAdversaries<Message>;
  #busy = 0;
  #isExplicable = true;

  constructor(
    definition: ProtocolDefinition<Message, Options>,
    seed: number,
    adversaries: LedgerAdversaries<Message>,
    options: Readonly<Record<string, unknown>>,
  ) {
    const random = randomStream(seed, WORKLOAD_STREAM);
    const leastDelayUs = 50 + random() * 100;
    const mostDelayUs = leastDelayUs * (random() < 0.5 ? 1 : 10);
    const loss = random() < 0.5 ? 0 : 0.03;
    const network = { leastDelayUs, mostDelayUs, loss, duplication: loss };
    this.#random = random;
    this.#definition = definition;
    this.#options = options;
    this.#adversaries = adversaries;
    this.#simulation = new Simulation({ seed, suite: trialSuite, network });
  }

  run(): LedgerOutcome {
    this.#addReplicas();
    const clients = 2 + Math.floor(this.#random() * 3);
    for (let index = 0; index < clients; index++) this.#addMover(FIRST_CLIENT + index);
    if (this.#adversaries.client !== undefined) {
      this.#isExplicable = false;
      this.#addFaultyMover(FIRST_CLIENT + clients);
    }
    const moversEnded = this.#simulation.runWhile(() => this.#busy === 0, MOST_EVENTS);
    // The faulty one goes on for a while; then it, too, is silent.
    this.#simulation.runUntil(this.#simulation.now() + 2 * SECOND);
    this.#simulation.crash(FIRST_CLIENT + clients);
    // The first reading may be what settles operations whose clients have vanished, between one account and the next.
    const reads = ACCOUNTS.map((object) => ({ object, method: 'read', argument: NO_ARGUMENT }));
    const seen: Account[] = [];
    this.#addClient(FIRST_CLIENT + clients + 1, [...reads, ...reads], (accounts) => seen.push(...accounts));
    const finished = moversEnded && this.#simulation.runWhile(() => this.#busy === 0, MOST_EVENTS);
    const atEnd = seen.slice(ACCOUNTS.length);
    return {
      finished,
      sum: atEnd.reduce((sum, { balance }) => sum + balance, 0),
      unexplained: this.#isExplicable ? atEnd.reduce((sum, { version }) => sum + version, -this.#made.length) : 0,
      madeTwice: this.#made.filter((version, index) => this.#made.indexOf(version) !== index),
      counters: this.#counters(),
    };
  }

  #counters(): ReadonlyMap<string, number> {
    const counters = new Map<string, number>();
    for (const host of this.#hosts) addCounts(counters, host.counters);
    return counters;
  }

  #addReplicas(): void {
    const { replica: faulty } = this.#adversaries;
    const faults = Math.max(this.#definition.leastFaults, 1);
    const replicas = this.#definition.replicas(faults);
    const honest = this.#deploy(this.#definition);
    const altered = this.#deploy({
      ...this.#definition,
      createReplica: (deployment, context) => {
        const create = (given: ReplicaContext<Message>) => this.#definition.createReplica(deployment, given);
        return faulty === undefined ? create(context) : faulty(create, context, replicas);
      },
    });
    for (let replica = 0; replica < replicas; replica++) {
      const deployed = replica === replicas - 1 ? altered : honest;
      this.#hosts.push(this.#simulation.addReplica(replica, (context) => deployed.createReplica(context)));
    }
  }

  #deploy(definition: ProtocolDefinition<Message, Options>) {
    return registerable(definition).deploy(Math.max(definition.leastFaults, 1), ledger, this.#options);
  }

  #addMover(id: ParticipantId): void {
    const moves = Array.from({ length: MOVES }, () => anyMove(this.#random));
    let ended = 0;
    this.#addClient(id, moves, (accounts, operation) => {
      ended++;
      const objects = objectsOf(operation);
      this.#made.push(...accounts.map(({ version }, index) => `${objects[index]} ${version}`));
    });
    if (this.#random() >= 0.3) return;
    this.#simulation.at(this.#random() * 10 * MILLISECOND, () => {
      if (ended < moves.length) this.#busy--;
      if (ended < moves.length) this.#isExplicable = false;
      this.#simulation.crash(id);
    });
  }

  /** Whether its own operations end is nobody's concern. */
  #addFaultyMover(id: ParticipantId): void {
    const { client: alter } = this.#adversaries;
    const moves = Array.from({ length: 4 * MOVES }, () => anyMove(this.#random));
    const deployed = this.#deploy({
      ...this.#definition,
      createClient: (deployment, context): Client<Message> =>
        this.#definition.createClient(deployment, alter?.(context, this.#random) ?? context),
    });
    const { host, client } = this.#simulation.addClient(id, (context) => deployed.createClient(context));
    const next = () => {
      const operation = moves.pop();
      if (operation !== undefined) client.invoke(operation);
    };
    host.onComplete = () => this.#simulation.at(this.#simulation.now(), next);
    this.#simulation.at(0, next);
  }

  #addClient(
    id: ParticipantId,
    operations: readonly Operation[],
    ended: (accounts: readonly Account[], operation: Operation) => void,
  ): void {
    const deployed = this.#deploy(this.#definition);
    this.#busy++;
    this.#hosts.push(carryOut(this.#simulation, deployed, id, operations, ended, () => this.#busy--));
  }
}
