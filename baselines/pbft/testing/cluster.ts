import { type SimulatedNetwork, Simulation } from '../../../harness/conformance/testing/simulation.ts';
import type { ParticipantHost } from '../../../harness/node/participant-host.ts';
import type { CryptoCounts } from '../../../src/crypto/counted-authentication.ts';
import type { MacSuite } from '../../../src/crypto/mac-suite.ts';
import { availableSuites } from '../../../src/crypto/suites.ts';
import { type Protocol, registerable } from '../../../src/kernel/erased-protocol.ts';
import { FIRST_CLIENT, type ReplicaId } from '../../../src/kernel/identifiers.ts';
import type { MethodKind } from '../../../src/kernel/operation.ts';
import type { Client } from '../../../src/kernel/participant.ts';
import type { ProtocolDefinition } from '../../../src/kernel/protocol.ts';
import type { Service } from '../../../src/kernel/service.ts';
import { counterService, counterValue } from '../../../src/services/counter.ts';
import { sampleOperation } from '../../../src/services/testing/sample-operation.ts';
import type { Message } from '../message.ts';
import type { Options } from '../options.ts';
import { pbft } from '../protocol.ts';

export interface ClusterOptions {
  readonly seed: number;
  readonly faults: number;
  readonly clients: number;
  readonly network: SimulatedNetwork;
  readonly protocol?: Record<string, unknown>;
  /** Made once for each replica and once for the clients; the shared counter where none is given. */
  readonly service?: () => Service;
  /** Who plays a replica; PBFT itself where none is given. */
  readonly cast?: (replica: ReplicaId) => ProtocolDefinition<Message, Options>;
}

interface Increment {
  readonly value: number;
  readonly invokedUs: number;
  readonly completedUs: number;
}

interface Member {
  readonly host: ParticipantHost;
  readonly client: Client<Uint8Array>;
}

/** The fastest suite of this platform: tests are about the protocol. */
export const testSuite: MacSuite = fastest();

function fastest(): MacSuite {
  const suites = availableSuites();
  const suite = suites.find(({ name }) => name === 'siphash-2-4') ?? suites[0];
  if (suite === undefined) throw new Error('no MAC suite');
  return suite;
}

/** Clients that increment one shared counter, over replicas in simulation. */
export class Cluster {
  readonly simulation: Simulation;
  readonly replicas: ParticipantHost[] = [];
  readonly clients: Member[] = [];
  readonly increments: Increment[] = [];
  /** The counter's values as each replica computed them. */
  readonly executed: number[][] = [];
  /** Events handled at most before a run is given up. */
  readonly #mostEvents = 400_000;
  readonly #service: Service;
  #failure: string | undefined;
  #busy = 0;

  constructor(options: ClusterOptions) {
    this.simulation = new Simulation({ seed: options.seed, suite: testSuite, network: options.network });
    const makeService = options.service ?? (() => counterService.create({}));
    this.#service = makeService();
    for (let replica = 0; replica < pbft.replicas(options.faults); replica++) {
      const values: number[] = [];
      this.executed.push(values);
      const protocol: Protocol = registerable(options.cast?.(replica) ?? pbft);
      const deployed = protocol.deploy(options.faults, recording(makeService(), values), options.protocol ?? {});
      this.replicas.push(this.simulation.addReplica(replica, (context) => deployed.createReplica(context)));
    }
    const deployed = registerable(pbft).deploy(options.faults, this.#service, options.protocol ?? {});
    for (let i = 0; i < options.clients; i++) {
      this.clients.push(this.simulation.addClient(FIRST_CLIENT + i, (context) => deployed.createClient(context)));
    }
  }

  /** Every client increments `each` times, one after the other; undefined if all came to an end, else what went wrong. */
  run(each: number, kind: MethodKind = 'update'): string | undefined {
    for (const member of this.clients) this.#loop(member, each, kind);
    const ended = this.simulation.runWhile(() => this.#busy === 0 || this.#failure !== undefined, this.#mostEvents);
    return this.#failure ?? (ended ? undefined : `only ${this.increments.length} operations ended`);
  }

  #loop({ host, client }: Member, each: number, kind: MethodKind): void {
    let left = each;
    let invokedUs = 0;
    this.#busy++;
    const invoke = () => {
      left--;
      invokedUs = this.simulation.now();
      client.invoke(sampleOperation(this.#service, kind, 'shared'));
    };
    host.onComplete = (result) => {
      const value = counterValue(result) ?? Number.NaN;
      this.increments.push({ value, invokedUs, completedUs: this.simulation.now() });
      if (left > 0) this.simulation.at(this.simulation.now(), invoke);
      else this.#busy--;
    };
    this.simulation.at(this.simulation.now(), invoke);
  }

  /**
   * The first violation of linearizability, if there is one: values are 1 … N once each, and never fall in real time. What a `faulty` replica
   * executes is its own affair.
   */
  violation(faulty: ReplicaId | undefined = undefined): string | undefined {
    const byValue = [...this.increments].sort((a, b) => a.value - b.value);
    let latestInvokedUs = Number.NEGATIVE_INFINITY;
    for (const [i, { value, invokedUs, completedUs }] of byValue.entries()) {
      if (value !== i + 1) return `value ${i + 1} is missing; ${value} came in its place`;
      if (completedUs < latestInvokedUs) return `${value} was returned before an operation with a smaller value began`;
      latestInvokedUs = Math.max(latestInvokedUs, invokedUs);
    }
    // Executions never repeat or diverge: each replica's values ascend, gaps being states that it fetched; they go back only where it undid.
    for (const [replica, values] of this.executed.entries()) {
      const back = values.flatMap((value, i) =>
        value <= (values[i - 1] ?? 0) ? [`${value} after ${values[i - 1]}`] : [],
      );
      const undone = this.replicas[replica]?.counters.get('pbft.undone') ?? 0;
      if (replica !== faulty && back.length > undone)
        return `replica ${replica} undid ${undone} batches, and executed ${back.join(', ')}`;
    }
    return undefined;
  }

  /** In place of a replica comes one that knows nothing. */
  restart(replica: ReplicaId): void {
    this.replicas[replica] = this.simulation.restart(replica);
    // The service's state is gone, too: what it computes begins anew.
    this.executed[replica]?.splice(0);
  }

  /** The longest time in which no operation ended. */
  longestGapUs(): number {
    const ends = this.increments.map(({ completedUs }) => completedUs).sort((a, b) => a - b);
    return Math.max(...ends.map((end, i) => end - (ends[i - 1] ?? 0)));
  }

  /** Whether a replica that was restarted is not back yet. */
  isRejoining(replica: ReplicaId): boolean {
    return this.replicas[replica]?.counters.get('pbft.rejoined') === undefined;
  }

  /** How many replicas computed the last value. */
  upToDate(): number {
    return this.executed.filter((values) => values.at(-1) === this.increments.length).length;
  }

  counter(name: string): number {
    const hosts = [...this.replicas, ...this.clients.map(({ host }) => host)];
    return hosts.reduce((sum, host) => sum + (host.counters.get(name) ?? 0), 0);
  }

  /** MACs made and verified at each replica. */
  macs(): number[] {
    return this.replicas.map(({ authentication }) => total(authentication.counts));
  }

  messages(): number {
    const hosts = [...this.replicas, ...this.clients.map(({ host }) => host)];
    return hosts.reduce((sum, { traffic }) => sum + traffic.messagesSent, 0);
  }
}

function total({ macsGenerated, macsVerified }: CryptoCounts): number {
  return macsGenerated + macsVerified;
}

function recording(service: Service, values: number[]): Service {
  return {
    name: service.name,
    methods: service.methods,
    initialState: (object) => service.initialState(object),
    execute(state, method, argument) {
      const execution = service.execute(state, method, argument);
      const value = counterValue(execution.result);
      if (value !== undefined) values.push(value);
      return execution;
    },
    operations: (object, random) => service.operations(object, random),
  };
}
