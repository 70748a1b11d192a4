import { CountedAuthentication } from '../../src/crypto/counted-authentication.ts';
import type { MacSuite } from '../../src/crypto/mac-suite.ts';
import type { Protocol } from '../../src/kernel/erased-protocol.ts';
import { FIRST_CLIENT, type ParticipantId } from '../../src/kernel/identifiers.ts';
import type { Client, Replica } from '../../src/kernel/participant.ts';
import type { Microseconds } from '../../src/kernel/time.ts';
import { counterService } from '../../src/services/counter.ts';
import { type HostRuntime, ParticipantHost } from '../node/participant-host.ts';
import { randomStream } from '../node/random.ts';

interface Letter {
  readonly from: ParticipantId;
  readonly to: ParticipantId;
  readonly bytes: Uint8Array;
}

const SEED = 1;
const service = counterService.create({});
const NO_ARGUMENT = new Uint8Array(0);

/** A protocol in one thread without network or timers: messages go from hand to hand, so that only the participants' own work is left. */
export class DirectDeployment implements HostRuntime {
  /** Time spent within each replica's steps. */
  readonly replicaUs: Float64Array;
  readonly #replicas: Replica<Uint8Array>[] = [];
  readonly #clients: { readonly host: ParticipantHost; readonly client: Client<Uint8Array> }[] = [];
  #letters: Letter[] = [];
  #open = 0;

  constructor(protocol: Protocol, faults: number, suite: MacSuite, clients: number) {
    const deployed = protocol.deploy(faults, service, {});
    this.replicaUs = new Float64Array(deployed.replicas);
    const host = (id: ParticipantId) =>
      new ParticipantHost(id, new CountedAuthentication(suite, new Uint8Array(32), id), randomStream(SEED, id), this);
    for (let replica = 0; replica < deployed.replicas; replica++) {
      this.#replicas.push(deployed.createReplica(host(replica)));
    }
    for (let index = 0; index < clients; index++) {
      const own = host(FIRST_CLIENT + index);
      own.onComplete = () => {
        this.#open--;
      };
      this.#clients.push({ host: own, client: deployed.createClient(own) });
    }
    for (const replica of this.#replicas) replica.start();
    for (const { client } of this.#clients) client.start();
  }

  now(): Microseconds {
    return performance.now() * 1_000;
  }

  deliver(from: ParticipantId, to: ParticipantId, bytes: Uint8Array): void {
    this.#letters.push({ from, to, bytes });
  }

  /** Nothing is lost, so no timer is needed. */
  setTimer(): void {}

  cancelTimer(): void {}

  /** Every client updates its own object once; returns when the last message was handled. */
  updateAll(): void {
    this.#open = this.#clients.length;
    for (const [index, { client }] of this.#clients.entries()) {
      client.invoke({ object: `counter-${index}`, method: 'increment', argument: NO_ARGUMENT });
    }
    while (this.#letters.length > 0) {
      const letters = this.#letters;
      this.#letters = [];
      for (const letter of letters) this.#hand(letter);
    }
    if (this.#open > 0) throw new Error(`${this.#open} operations did not end`);
  }

  #hand({ from, to, bytes }: Letter): void {
    const replica = this.#replicas[to];
    if (replica === undefined) {
      this.#clients[to - FIRST_CLIENT]?.client.receive(from, bytes);
      return;
    }
    const startedMs = performance.now();
    replica.receive(from, bytes);
    this.replicaUs[to] = (this.replicaUs[to] ?? 0) + (performance.now() - startedMs) * 1_000;
  }
}
