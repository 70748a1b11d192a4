import { CountedAuthentication, type CryptoCounts } from '../../src/crypto/counted-authentication.ts';
import type { MacSuite } from '../../src/crypto/mac-suite.ts';
import type { Protocol } from '../../src/kernel/erased-protocol.ts';
import { FIRST_CLIENT, type ParticipantId } from '../../src/kernel/identifiers.ts';
import type { Client, Replica, TimerId } from '../../src/kernel/participant.ts';
import type { Service } from '../../src/kernel/service.ts';
import type { Microseconds } from '../../src/kernel/time.ts';
import { messageKind } from '../../src/wire/message-kind.ts';
import { BusyShare } from '../micro/busy-share.ts';
import { hostClockUs } from '../node/clock.ts';
import { type HostRuntime, ParticipantHost } from '../node/participant-host.ts';
import { randomStream } from '../node/random.ts';
import { type Deadlines, Timers } from '../node/timers.ts';
import { CountedService } from '../runtimes/sim/counted-service.ts';
import { ClosedLoop } from '../workload/closed-loop.ts';
import { clockCostUs } from './clock-cost.ts';
import { EXPIRE, emptyRecord, INVOKE, type StepRecord, type StepRun } from './step-record.ts';

const SEED = 1;
/** CPU time is compared with time this often, so that a core that others take now and then is seen. */
const SLICE_MS = 50;

export interface StepDeploymentOptions {
  readonly protocol: Protocol;
  readonly protocolOptions: Readonly<Record<string, unknown>>;
  readonly faults: number;
  readonly service: Service;
  readonly suite: MacSuite;
  readonly clients: number;
  readonly queryShare: number;
}

interface Letter {
  readonly from: ParticipantId;
  readonly to: ParticipantId;
  readonly bytes: Uint8Array;
}

interface Member {
  readonly role: StepRecord['role'];
  readonly host: MeteredHost;
  readonly participant: Replica<Uint8Array>;
  readonly deadlines: Deadlines;
}

/** One replica, or the client driver: takes its turns as a node in real time does. */
interface Place {
  readonly timers: Timers<Member>;
  letters: Letter[];
}

/** Counts the messages that are made; each is sent to one or several others. */
class MeteredHost extends ParticipantHost {
  sends = 0;
  sentBytes = 0;

  override send(to: ParticipantId | readonly ParticipantId[], bytes: Uint8Array): void {
    this.sends++;
    this.sentBytes += bytes.length;
    super.send(to, bytes);
  }
}

/**
 * All participants of a deployment in one thread, under the load of real runs, without network: what each step takes and does. Nodes
 * take turns, each with all messages that have come for it, and the driver's clients are those of a real driver.
 */
export class StepDeployment implements HostRuntime {
  readonly #places: Place[] = [];
  readonly #members = new Map<ParticipantId, Member>();
  readonly #replicas: number;
  readonly #kinds: readonly string[];
  readonly #load: ClosedLoop;
  readonly #service: CountedService;
  readonly #clockUs = clockCostUs();
  readonly #appointments: (() => void)[] = [];
  #records = new Map<string, StepRecord>();
  readonly #slice = new Map<string, { record: StepRecord; us: number }>();
  #operations = 0;
  #loadIsReady = false;
  #started = false;

  constructor({ protocol, protocolOptions, faults, service, suite, clients, queryShare }: StepDeploymentOptions) {
    this.#service = new CountedService(service);
    const deployed = protocol.deploy(faults, this.#service, protocolOptions);
    this.#replicas = deployed.replicas;
    this.#kinds = deployed.messageKinds;
    const add = <P extends Replica<Uint8Array>>(id: ParticipantId, create: (host: MeteredHost) => P) => {
      const authentication = new CountedAuthentication(suite, new Uint8Array(32), id);
      const host = new MeteredHost(id, authentication, randomStream(SEED, id), this);
      const participant = create(host);
      const member: Member = {
        role: id < FIRST_CLIENT ? 'replica' : 'client',
        host,
        participant,
        deadlines: new Map(),
      };
      this.#members.set(id, member);
      this.#placeOf(id).timers.add(member);
      return { host, client: participant };
    };
    for (let replica = 0; replica < deployed.replicas; replica++) add(replica, (host) => deployed.createReplica(host));
    this.#load = new ClosedLoop({
      load: { clients, outstanding: 1, drivers: 1, objects: 'private', queryShare },
      driver: 0,
      seed: SEED,
      service: this.#service,
      clock: {
        now: hostClockUs,
        at: (_, act) => this.#appointments.push(act),
        wake: () => {
          this.#loadIsReady = true;
        },
      },
      createClient: ({ id }) => add<Client<Uint8Array>>(id, (host) => deployed.createClient(host)),
    });
    for (const { participant } of this.#members.values()) participant.start();
  }

  now(): Microseconds {
    return hostClockUs();
  }

  deliver(from: ParticipantId, to: ParticipantId, bytes: Uint8Array): void {
    this.#placeOf(to).letters.push({ from, to, bytes });
  }

  setTimer(owner: ParticipantId, timer: TimerId, atUs: Microseconds): void {
    this.#placeOf(owner).timers.set(this.#memberOf(owner), timer, atUs);
  }

  cancelTimer(owner: ParticipantId, timer: TimerId): void {
    this.#placeOf(owner).timers.cancel(this.#memberOf(owner), timer);
  }

  /** Lets the load run on for that CPU time. Throws if it comes to a standstill. */
  run(cpuMs: number): StepRun {
    this.#records = new Map();
    this.#slice.clear();
    this.#operations = 0;
    if (!this.#started) this.#load.start();
    this.#started = true;
    for (const invoke of this.#appointments.splice(0)) invoke();
    const busy = new BusyShare();
    while (busy.cpuMs < cpuMs) this.#runSlice(performance.now() + Math.min(SLICE_MS, cpuMs));
    const records = [...this.#records.values()];
    return { records, replicas: this.#replicas, operations: this.#operations };
  }

  close(): void {
    for (const { timers } of this.#places) timers.close();
  }

  #runSlice(endMs: number): void {
    const busy = new BusyShare();
    while (performance.now() < endMs) this.#takeTurns();
    const share = busy.share();
    for (const slice of this.#slice.values()) {
      slice.record.us += slice.us * share;
      slice.us = 0;
    }
  }

  #takeTurns(): void {
    let handled = 0;
    for (const place of this.#places) {
      const { letters } = place;
      if (letters.length > 0) {
        place.letters = [];
        handled += letters.length;
        for (const letter of letters) this.#receive(letter);
      }
      place.timers.check();
    }
    if (handled === 0) throw new Error('the deployment came to a standstill');
  }

  #receive({ from, to, bytes }: Letter): void {
    const member = this.#memberOf(to);
    this.#timed(member, this.#kinds[messageKind(bytes)] ?? '*', bytes.length, () =>
      member.participant.receive(from, bytes),
    );
    if (!this.#loadIsReady) return;
    this.#loadIsReady = false;
    this.#operations++;
    this.#timed(member, INVOKE, 0, () => this.#load.pump());
  }

  #timed({ role, host }: Member, trigger: string, receivedBytes: number, step: () => void): void {
    const { sends, sentBytes } = host;
    const { counts } = host.authentication;
    const before: CryptoCounts = { ...counts };
    this.#service.executions = 0;
    this.#service.bytes = 0;
    const startedMs = performance.now();
    step();
    const us = (performance.now() - startedMs) * 1e3 - this.#clockUs;
    const made = host.sends - sends;
    const slice = this.#sliceOf(role, trigger, made, this.#service.executions);
    const { record } = slice;
    slice.us += us;
    record.steps++;
    record.receivedBytes += receivedBytes;
    record.sends += made;
    record.sentBytes += host.sentBytes - sentBytes;
    record.executions += this.#service.executions;
    record.executedBytes += this.#service.bytes;
    record.macsGenerated += counts.macsGenerated - before.macsGenerated;
    record.bytesTagged += counts.bytesTagged - before.bytesTagged;
    record.macsVerified += counts.macsVerified - before.macsVerified;
    record.bytesVerified += counts.bytesVerified - before.bytesVerified;
    record.digests += counts.digests - before.digests;
    record.bytesDigested += counts.bytesDigested - before.bytesDigested;
  }

  #sliceOf(role: StepRecord['role'], trigger: string, sends: number, executions: number) {
    const key = `${role} ${trigger} ${sends} ${executions}`;
    let slice = this.#slice.get(key);
    if (slice === undefined) {
      slice = { record: emptyRecord(role, trigger), us: 0 };
      this.#slice.set(key, slice);
      this.#records.set(key, slice.record);
    }
    return slice;
  }

  #placeOf(id: ParticipantId): Place {
    const index = id < FIRST_CLIENT ? id : this.#replicas;
    while (this.#places.length <= index) {
      const timers = new Timers<Member>(hostClockUs, (member, timer) =>
        this.#timed(member, EXPIRE, 0, () => member.participant.expire(timer)),
      );
      this.#places.push({ timers, letters: [] });
    }
    const place = this.#places[index];
    if (place === undefined) throw new Error(`no place for participant ${id}`);
    return place;
  }

  #memberOf(id: ParticipantId): Member {
    const member = this.#members.get(id);
    if (member === undefined) throw new Error(`no participant ${id}`);
    return member;
  }
}
