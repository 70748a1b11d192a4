import { registerable } from '../../../src/kernel/erased-protocol.ts';
import { FIRST_CLIENT, type ReplicaId } from '../../../src/kernel/identifiers.ts';
import type { Microseconds } from '../../../src/kernel/time.ts';
import { qu } from '../../../src/qu/protocol.ts';
import { counterService, counterValue } from '../../../src/services/counter.ts';
import { sampleOperation } from '../../../src/services/testing/sample-operation.ts';
import type { ParticipantHost } from '../../node/participant-host.ts';
import { forgetful } from './faulty-services.ts';
import { type SimulatedNetwork, Simulation } from './simulation.ts';
import { trialSuite } from './trial.ts';

export interface SharedCounterPlan {
  readonly seed: number;
  readonly faults: number;
  readonly clients: number;
  /** Of each client; endless unless given. */
  readonly operations?: number;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly crashed?: readonly ReplicaId[];
  /** Replicas that answer without executing. */
  readonly liars?: readonly ReplicaId[];
  /** What stands in for `qu.createReplica`. */
  readonly createReplica?: typeof qu.createReplica;
}

/** The object that all clients increment. */
export const SHARED = 'x';
/** Delays as on a local network, without loss: whatever goes wrong is contention's doing, or the faulty replicas'. */
const LOCAL: SimulatedNetwork = { leastDelayUs: 100, mostDelayUs: 150, loss: 0, duplication: 0 };

const service = counterService.create({});

/** Q/U clients that increment one counter, each as soon as its last increment has ended. */
export class SharedCounter {
  readonly simulation: Simulation;
  readonly replicas: readonly ParticipantHost[];
  readonly clients: readonly ParticipantHost[];
  /** In the order in which the increments ended. */
  readonly values: (number | undefined)[] = [];
  readonly #operations: number;

  constructor(plan: SharedCounterPlan) {
    const { seed, faults, clients, operations = Number.POSITIVE_INFINITY, options = {}, crashed = [] } = plan;
    this.#operations = operations * clients;
    this.simulation = new Simulation({ seed, suite: trialSuite, network: LOCAL });
    const protocol = registerable({ ...qu, createReplica: plan.createReplica ?? qu.createReplica });
    const honest = protocol.deploy(faults, service, options);
    const lying = protocol.deploy(faults, forgetful(service), options);
    this.replicas = Array.from({ length: honest.replicas }, (_, replica) => {
      const deployed = plan.liars?.includes(replica) === true ? lying : honest;
      return this.simulation.addReplica(replica, (context) => deployed.createReplica(context));
    });
    for (const replica of crashed) this.simulation.crash(replica);
    this.clients = Array.from({ length: clients }, (_, index) => {
      const { host, client } = this.simulation.addClient(FIRST_CLIENT + index, (context) =>
        honest.createClient(context),
      );
      let left = operations;
      const next = (): void => {
        left--;
        client.invoke(sampleOperation(service, 'update', SHARED));
      };
      host.onComplete = (result) => {
        this.values.push(counterValue(result));
        if (left > 0) this.simulation.at(this.simulation.now(), next);
      };
      this.simulation.at(index, next);
      return host;
    });
  }

  get isOver(): boolean {
    return this.values.length === this.#operations;
  }

  /** Until all operations have ended, at the longest for so long; then whether they have. */
  runFor(longestUs: Microseconds): boolean {
    const untilUs = this.simulation.now() + longestUs;
    this.simulation.runWhile(() => this.isOver || this.simulation.now() > untilUs, Number.POSITIVE_INFINITY);
    return this.isOver;
  }

  /** An event counter, of all replicas and clients together. */
  counted(name: string): number {
    return [...this.replicas, ...this.clients].reduce((sum, host) => sum + (host.counters.get(name) ?? 0), 0);
  }
}
