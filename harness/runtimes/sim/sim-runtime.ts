import { setImmediate as turn } from 'node:timers/promises';
import type { ReplicaId } from '../../../src/kernel/identifiers.ts';
import type { Microseconds } from '../../../src/kernel/time.ts';
import { MILLISECOND } from '../../../src/kernel/time.ts';
import { nodeName } from '../../node/addresses.ts';
import type { ParticipantHost } from '../../node/participant-host.ts';
import { totalsOf } from '../../node/sample.ts';
import { systemOf } from '../../node/system.ts';
import { ClosedLoop } from '../../workload/closed-loop.ts';
import type { DriverHistory } from '../../workload/history.ts';
import { interrupted, runtimeFailure } from '../failures.ts';
import {
  type NodeRole,
  type NodeSample,
  type RunningDeployment,
  type RunSpec,
  type Runtime,
  RuntimeFailure,
} from '../runtime.ts';
import { BlamedClient, BlamedReplica } from './blamed-participant.ts';
import { type SimulatedNetwork, Simulation } from './simulation.ts';

/** One-way delays of a switched local network, as operating systems of today see it; every message draws its own. */
export const LOCAL_NETWORK: SimulatedNetwork = { leastDelayUs: 50, mostDelayUs: 150, loss: 0, duplication: 0 };

/** Between two slices of this much virtual time the caller's event loop gets a turn: for progress bars and interrupts. */
const SLICE_US = 10 * MILLISECOND;

interface SimulatedNode {
  readonly role: NodeRole;
  readonly hosts: readonly ParticipantHost[];
  readonly load: ClosedLoop | undefined;
}

/** All nodes in this thread, in virtual time; the same seed gives the same run. Computing takes no time yet. */
export const simRuntime: Runtime = {
  name: 'sim',
  summary: 'simulation in virtual time: delays of a local network, no cost of computing, repeatable by its seed',
  launch: (spec, signal) =>
    promised(() => {
      if (signal.aborted) throw interrupted();
      try {
        return new SimulatedDeployment(spec, signal);
      } catch (error) {
        throw runtimeFailure(error);
      }
    }),
};

/** What happens at once, as the promise that the contract of real runtimes wants; an exception rejects it. */
function promised<Value>(work: () => Value): Promise<Value> {
  return new Promise((resolve) => resolve(work()));
}

class SimulatedDeployment implements RunningDeployment {
  readonly #simulation: Simulation;
  readonly #signal: AbortSignal;
  readonly #nodes: SimulatedNode[] = [];
  #failure: RuntimeFailure | undefined;

  constructor(spec: RunSpec, signal: AbortSignal) {
    const system = systemOf(spec);
    const { suite, protocol, service } = system;
    this.#signal = signal;
    this.#simulation = new Simulation({ seed: spec.seed, suite, network: LOCAL_NETWORK });
    for (let replica = 0; replica < protocol.replicas; replica++) {
      const role: NodeRole = { role: 'replica', replica };
      const host = this.#simulation.addReplica(
        replica,
        (context) => new BlamedReplica(protocol.createReplica(context), nodeName(role)),
      );
      this.#nodes.push({ role, hosts: [host], load: undefined });
    }
    for (let driver = 0; driver < spec.load.drivers; driver++) {
      const role: NodeRole = { role: 'driver', driver };
      const hosts: ParticipantHost[] = [];
      const load = new ClosedLoop({
        load: spec.load,
        driver,
        seed: spec.seed,
        service,
        clock: {
          now: () => this.#simulation.now(),
          at: (timeUs, act) => this.#simulation.at(timeUs, act),
          wake: () => this.#simulation.at(this.#simulation.now(), () => load.pump()),
        },
        createClient: ({ id }) => {
          const made = this.#simulation.addClient(
            id,
            (context) => new BlamedClient(protocol.createClient(context), nodeName(role)),
          );
          hosts.push(made.host);
          return made;
        },
      });
      this.#nodes.push({ role, hosts, load });
    }
  }

  startLoad(): Promise<void> {
    return promised(() => {
      this.#check();
      for (const { load } of this.#nodes) load?.start();
    });
  }

  async advance(spanUs: Microseconds): Promise<void> {
    await this.#runUntil(this.#simulation.now() + spanUs, () => false);
  }

  sample(): Promise<readonly NodeSample[]> {
    return promised(() => {
      this.#check();
      const atUs = this.#simulation.now();
      const unknown = { cpuUs: undefined, residentBytes: undefined };
      return this.#nodes.map(({ role, hosts }) => ({ node: role, atUs, ...unknown, ...totalsOf(hosts) }));
    });
  }

  async stopLoad(graceUs: Microseconds): Promise<readonly DriverHistory[]> {
    this.#check();
    const loads = this.#nodes.flatMap(({ load }) => (load === undefined ? [] : [load]));
    let busy = loads.length;
    for (const load of loads) load.stop(() => busy--);
    await this.#runUntil(this.#simulation.now() + graceUs, () => busy === 0);
    return loads.map((load) => load.history());
  }

  restart(replica: ReplicaId): Promise<void> {
    return promised(() => {
      this.#check();
      const index = this.#nodes.findIndex(({ role }) => role.role === 'replica' && role.replica === replica);
      const node = this.#nodes[index];
      if (node === undefined) throw new RuntimeFailure(`there is no replica ${replica} to restart`);
      this.#nodes[index] = { ...node, hosts: [this.#simulation.restart(replica)] };
    });
  }

  close(): Promise<void> {
    this.#failure ??= new RuntimeFailure('the deployment was closed');
    return Promise.resolve();
  }

  async #runUntil(endUs: Microseconds, done: () => boolean): Promise<void> {
    for (;;) {
      this.#check();
      const now = this.#simulation.now();
      if (now >= endUs || done()) return;
      try {
        this.#simulation.runUntil(Math.min(endUs, now + SLICE_US));
      } catch (error) {
        this.#failure = runtimeFailure(error);
      }
      await turn();
    }
  }

  #check(): void {
    if (this.#signal.aborted) this.#failure ??= interrupted();
    if (this.#failure !== undefined) throw this.#failure;
  }
}
