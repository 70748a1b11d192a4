import { setImmediate as turn } from 'node:timers/promises';
import { modelledAs } from '../../../src/crypto/modelled.ts';
import type { ReplicaId } from '../../../src/kernel/identifiers.ts';
import type { Client } from '../../../src/kernel/participant.ts';
import type { Microseconds } from '../../../src/kernel/time.ts';
import { Addresses, nodeName, nodeNumber, nodeRoles } from '../../node/addresses.ts';
import { ParticipantHost } from '../../node/participant-host.ts';
import { randomStream, shuffled } from '../../node/random.ts';
import { totalsOf } from '../../node/sample.ts';
import { authenticationOf, partsOf, type System, systemOf } from '../../node/system.ts';
import type { Topology } from '../../topologies/topology.ts';
import { ClosedLoop, type SessionClient } from '../../workload/closed-loop.ts';
import type { DriverHistory } from '../../workload/history.ts';
import type { Session } from '../../workload/sessions.ts';
import { interrupted, runtimeFailure } from '../failures.ts';
import {
  type NodeRole,
  type NodeSample,
  type RunningDeployment,
  type RunSpec,
  type Runtime,
  RuntimeFailure,
  type SimulationSpec,
} from '../runtime.ts';
import { BlamedClient, BlamedReplica } from './blamed-participant.ts';
import { chargesOf } from './charges.ts';
import { CountedService } from './counted-service.ts';
import { Machine, usualTimeSliceUs } from './machine.ts';
import { networkOf } from './network.ts';
import { SimulatedNode, type Surroundings } from './simulated-node.ts';
import { VirtualTime } from './virtual-time.ts';

/** After so many events the caller's event loop gets a turn: for progress bars and interrupts. */
const SLICE_EVENTS = 20_000;

/** Node k draws from stream FIRST_NODE_STREAM - k: far from those of participants, loads, schedules and the network. */
const FIRST_NODE_STREAM = -0x2000_0000;
/** Of a machine that is shared: before those of nodes. */
const MACHINE_STREAM = FIRST_NODE_STREAM + 1;

/** All nodes in this thread, in virtual time; the same seed gives the same run. */
export const simRuntime: Runtime = {
  name: 'sim',
  summary: 'simulation in virtual time, on a topology and with the costs of a profile; repeatable by its seed',
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
  readonly #time = new VirtualTime();
  readonly #system: System;
  readonly #signal: AbortSignal;
  readonly #nodes: SimulatedNode[] = [];
  readonly #loads: ClosedLoop[] = [];
  #failure: RuntimeFailure | undefined;

  constructor(spec: RunSpec, signal: AbortSignal) {
    this.#signal = signal;
    const { simulation } = spec;
    if (simulation === undefined) throw new RuntimeFailure('a simulation needs a topology and a cost profile');
    const parts = partsOf(spec);
    const suite = simulation.crypto === 'modelled' ? modelledAs(parts.suite) : parts.suite;
    const service = new CountedService(parts.service);
    this.#system = systemOf(spec, { suite, service });
    const { replicas } = this.#system.protocol;
    const roles = nodeRoles(replicas, spec.load.drivers);
    const addresses = new Addresses(replicas, spec.load);
    const surroundings: Surroundings = {
      time: this.#time,
      network: networkOf(simulation.topology, roles, spec.seed),
      addresses,
      nodes: this.#nodes,
      members: new Array<undefined>(addresses.slots).fill(undefined),
      service,
    };
    const machineOf = machines(this.#time, simulation.topology, roles.length, spec.seed);
    for (const role of roles) {
      const number = nodeNumber(role, replicas);
      const charges = this.#chargesOf(role, simulation);
      const node = new SimulatedNode({
        role,
        number,
        charges,
        machine: machineOf(),
        surroundings,
        random: randomStream(spec.seed, FIRST_NODE_STREAM - number),
      });
      this.#nodes.push(node);
      if (role.role === 'replica') this.#addReplica(node, role.replica, 0);
      else this.#loads.push(this.#createLoad(node, role.driver));
    }
  }

  #chargesOf({ role }: NodeRole, { costs, topology }: SimulationSpec) {
    const { spec, protocol } = this.#system;
    return chargesOf(costs, {
      protocol: spec.protocol,
      service: spec.service,
      mac: spec.mac,
      transport: topology.transport,
      role: role === 'replica' ? 'replica' : 'client',
      messageKinds: protocol.messageKinds,
      replicas: protocol.replicas,
      nodesPerCore: topology.kind === 'shared-host' ? (protocol.replicas + spec.load.drivers) / topology.cores : 1,
    });
  }

  #hostOn(node: SimulatedNode, id: number, incarnation: number): ParticipantHost {
    const random = randomStream(this.#system.spec.seed, id);
    return new ParticipantHost(id, authenticationOf(this.#system, id), random, node, incarnation);
  }

  #addReplica(node: SimulatedNode, replica: ReplicaId, incarnation: number): void {
    const host = this.#hostOn(node, replica, incarnation);
    node.add(host, new BlamedReplica(this.#system.protocol.createReplica(host), nodeName(node.role)));
  }

  #addClient(node: SimulatedNode, { id }: Session): SessionClient {
    const host = this.#hostOn(node, id, 0);
    const inner = new BlamedClient(this.#system.protocol.createClient(host), nodeName(node.role));
    node.add(host, inner);
    const client: Client<Uint8Array> = {
      start: () => inner.start(),
      receive: (from, bytes) => inner.receive(from, bytes),
      expire: (timer) => inner.expire(timer),
      invoke: (operation) => node.invoke(inner, id, operation),
    };
    return { host, client };
  }

  #createLoad(node: SimulatedNode, driver: number): ClosedLoop {
    const { spec, service } = this.#system;
    let ready = false;
    const load = new ClosedLoop({
      load: spec.load,
      driver,
      seed: spec.seed,
      service,
      clock: {
        now: () => node.now(),
        at: (timeUs, act) => node.act(timeUs, act),
        wake: () => {
          ready = true;
        },
      },
      createClient: (session) => this.#addClient(node, session),
      recordAtMost: spec.recordAtMost === undefined ? undefined : Math.ceil(spec.recordAtMost / spec.load.drivers),
    });
    node.afterSteps = () => {
      if (!ready) return false;
      ready = false;
      load.pump();
      return true;
    };
    return load;
  }

  startLoad(): Promise<void> {
    return promised(() => {
      this.#check();
      for (const load of this.#loads) load.start();
    });
  }

  async advance(spanUs: Microseconds): Promise<void> {
    await this.#runUntil(this.#time.nowUs + spanUs, () => false);
  }

  sample(): Promise<readonly NodeSample[]> {
    return promised(() => {
      this.#check();
      const atUs = this.#time.nowUs;
      return this.#nodes.map((node) => {
        return {
          node: node.role,
          atUs,
          cpuUs: node.cpuUs,
          residentBytes: undefined,
          activity: node.activity,
          ...totalsOf(node.hosts),
        };
      });
    });
  }

  async stopLoad(graceUs: Microseconds): Promise<readonly DriverHistory[]> {
    this.#check();
    let busy = this.#loads.length;
    for (const load of this.#loads) load.stop(() => busy--);
    await this.#runUntil(this.#time.nowUs + graceUs, () => busy === 0);
    return this.#loads.map((load) => load.history());
  }

  restart(replica: ReplicaId): Promise<void> {
    return promised(() => {
      this.#check();
      const node = this.#nodes[replica];
      const [gone] = node?.hosts ?? [];
      if (node?.role.role !== 'replica' || gone === undefined) {
        throw new RuntimeFailure(`there is no replica ${replica} to restart`);
      }
      this.#addReplica(node, replica, gone.incarnation + 1);
    });
  }

  close(): Promise<void> {
    this.#failure ??= new RuntimeFailure('the deployment was closed');
    return Promise.resolve();
  }

  /** Samples are taken between two calls only, so that what is counted by segments is known for the spans between samples. */
  async #runUntil(endUs: Microseconds, done: () => boolean): Promise<void> {
    for (const load of this.#loads) load.beginSegment(endUs);
    for (;;) {
      this.#check();
      if (done()) return;
      try {
        if (this.#time.runUntil(endUs, SLICE_EVENTS)) return;
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

/** Gives one node after the other the machine that it runs on: that of all, or one of its own. */
function machines(time: VirtualTime, topology: Topology, nodes: number, seed: number): () => Machine {
  if (topology.kind !== 'shared-host') return () => new Machine(time, 1, Number.POSITIVE_INFINITY);
  const { cores, timeSliceUs } = topology;
  const evenly = Array.from({ length: nodes }, (_, node) => node % cores);
  const places = shuffled(evenly, randomStream(seed, MACHINE_STREAM));
  const shared = new Machine(time, cores, timeSliceUs ?? usualTimeSliceUs(cores), places);
  return () => shared;
}
