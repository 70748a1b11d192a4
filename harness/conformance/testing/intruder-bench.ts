import { FIRST_CLIENT } from '../../../src/kernel/identifiers.ts';
import type { Operation } from '../../../src/kernel/operation.ts';
import type { ReplicaContext } from '../../../src/kernel/participant.ts';
import { MILLISECOND, SECOND } from '../../../src/kernel/time.ts';
import type { QuMessage } from '../../../src/qu/message.ts';
import { IntrudedCluster } from './intruded-cluster.ts';
import type { JointIntruder } from './joint-intruder.ts';
import { type Account, accountsIn } from './ledger.ts';
import { addCounts, type Counting } from './ledger-clients.ts';
import { PERFECT_NETWORK, Simulation } from './simulation.ts';
import { trialSuite } from './trial.ts';

const MOST_EVENTS = 60_000;

/** An intruder that is told each step, perhaps a liar in the place of the last replica, and correct clients beside them. */
export class IntruderBench {
  readonly simulation = new Simulation({ seed: 1, suite: trialSuite, network: PERFECT_NETWORK });
  readonly intruder: JointIntruder;
  readonly #cluster: IntrudedCluster;
  readonly #hosts: Counting[];
  #clients = 1;

  /** `liar`: the context that the last replica has in place of its own. */
  constructor(
    liar: (context: ReplicaContext<QuMessage>) => ReplicaContext<QuMessage> = (context) => context,
    options: Readonly<Record<string, unknown>> = {},
  ) {
    this.#cluster = new IntrudedCluster(this.simulation, options, (create, context) => create(liar(context)));
    this.#hosts = [...this.#cluster.replicas];
    this.intruder = this.#cluster.addIntruder(FIRST_CLIENT);
  }

  settle(): void {
    this.simulation.runUntil(this.simulation.now() + 20 * MILLISECOND);
  }

  look(objects: readonly string[]): void {
    this.intruder.look(objects);
    this.settle();
  }

  act(...parameters: Parameters<JointIntruder['act']>) {
    const { type, number } = this.intruder.act(...parameters);
    this.settle();
    return { type, accepted: this.acceptedIn(number) };
  }

  /** How many replicas have accepted what the intruder sent in this round. */
  acceptedIn(round: number): number {
    return this.intruder.accepted.get(round)?.length ?? 0;
  }

  client() {
    const { deployed } = this.#cluster;
    const added = this.simulation.addClient(FIRST_CLIENT + this.#clients++, (context) =>
      deployed.createClient(context),
    );
    this.#hosts.push(added.host);
    return added;
  }

  /** Undefined if the operation does not end within ten minutes. */
  carryOut(operation: Operation, by = this.client()): Account[] | undefined {
    const answers: Account[][] = [];
    by.host.onComplete = (result) => answers.push(accountsIn(result));
    by.client.invoke(operation);
    const end = this.simulation.now() + 600 * SECOND;
    this.simulation.runWhile(() => answers.length > 0 || this.simulation.now() > end, MOST_EVENTS);
    return answers[0];
  }

  /** The event counters of all but the intruder. */
  counts(prefix: string): Readonly<Record<string, number>> {
    const sums = new Map<string, number>();
    for (const { counters } of this.#hosts) addCounts(sums, counters);
    return Object.fromEntries([...sums].filter(([name]) => name.startsWith(prefix)));
  }
}
