import type { ParticipantId } from '../../src/kernel/identifiers.ts';
import type { Replica, TimerId } from '../../src/kernel/participant.ts';
import type { Microseconds } from '../../src/kernel/time.ts';
import type { NodeRole, NodeSample } from '../runtimes/runtime.ts';
import { ClosedLoop } from '../workload/closed-loop.ts';
import type { Session } from '../workload/sessions.ts';
import { Addresses, nodeNumber } from './addresses.ts';
import { hostClockUs } from './clock.ts';
import { type Link, MISADDRESSED } from './link.ts';
import { type HostRuntime, ParticipantHost } from './participant-host.ts';
import { randomStream } from './random.ts';
import { type NodeTotals, totalsOf } from './sample.ts';
import { authenticationOf, type System } from './system.ts';
import { type Deadlines, Timers } from './timers.ts';

interface Member {
  readonly host: ParticipantHost;
  readonly participant: Replica<Uint8Array>;
  readonly deadlines: Deadlines;
}

interface LocalMessage {
  readonly from: ParticipantId;
  readonly to: ParticipantId;
  readonly bytes: Uint8Array;
}

/**
 * One node in real time: a replica, or a client driver with its clients. Events come in one at a time by `receive`, by timers and by the
 * load; what a step leaves to be done by participants of this same node is done after the step.
 */
export class Node implements HostRuntime {
  readonly role: NodeRole;
  /** The clients of a driver; undefined on a replica. */
  readonly load: ClosedLoop | undefined;
  readonly #system: System;
  readonly #number: number;
  readonly #addresses: Addresses;
  /** By slot; those that live on other nodes are undefined. */
  readonly #members: (Member | undefined)[];
  readonly #timers = new Timers<Member>(hostClockUs, (member, timer) => this.#expire(member, timer));
  readonly #link: Link;
  /** Times at which the load wants to act. */
  readonly #appointments = new Set<Microseconds>();
  #started = false;
  #misaddressed = 0;
  #local: LocalMessage[] = [];
  #loadIsReady = false;

  constructor(system: System, role: NodeRole, link: Link, incarnation = 0) {
    const { spec, protocol } = system;
    this.#system = system;
    this.role = role;
    this.#link = link;
    this.#number = nodeNumber(role, protocol.replicas);
    this.#addresses = new Addresses(protocol.replicas, spec.load);
    this.#members = new Array<Member | undefined>(this.#addresses.slots).fill(undefined);
    if (role.role === 'replica') this.#add(role.replica, (host) => protocol.createReplica(host), incarnation);
    else this.load = this.#createLoad(role.driver);
  }

  /** Starts the participants. A message that comes in earlier starts them, too. */
  start(): void {
    if (this.#started) return;
    this.#started = true;
    for (const member of this.#members) member?.participant.start();
    this.#settle();
  }

  /** Takes one message from the link. */
  receive(from: ParticipantId, to: ParticipantId, bytes: Uint8Array): void {
    if (!this.#started) this.start();
    this.#step(from, to, bytes);
    this.#settle();
  }

  /** Expires timers that are due; to be called once a turn, since the event loop's own timers are late under load. */
  checkTimers(): void {
    this.#timers.check();
  }

  /** When a timer or the load wants to act next, unless something comes in earlier; Infinity if never. */
  nextDeadlineUs(): Microseconds {
    return Math.min(this.#timers.nextDeadlineUs, ...this.#appointments);
  }

  now(): Microseconds {
    return hostClockUs();
  }

  deliver(from: ParticipantId, to: ParticipantId, bytes: Uint8Array): void {
    const node = this.#addresses.node(this.#addresses.slot(to));
    if (node === this.#number) this.#local.push({ from, to, bytes });
    else if (node < 0) this.#misaddressed++;
    else this.#link.send(node, from, to, bytes);
  }

  setTimer(owner: ParticipantId, timer: TimerId, atUs: Microseconds): void {
    const member = this.#members[this.#addresses.slot(owner)];
    if (member !== undefined) this.#timers.set(member, timer, atUs);
  }

  cancelTimer(owner: ParticipantId, timer: TimerId): void {
    const member = this.#members[this.#addresses.slot(owner)];
    if (member !== undefined) this.#timers.cancel(member, timer);
  }

  /** The totals since the start, but for CPU and memory, which only the runtime can tell. */
  sample(): Omit<NodeSample, 'cpuUs' | 'residentBytes'> {
    const hosts = this.#members.flatMap((member) => (member === undefined ? [] : [member.host]));
    const totals: NodeTotals = totalsOf(hosts, [this.#link.counters, new Map([[MISADDRESSED, this.#misaddressed]])]);
    return { node: this.role, atUs: hostClockUs(), ...totals };
  }

  close(): void {
    this.#timers.close();
    this.#link.close();
  }

  #createLoad(driver: number): ClosedLoop {
    const { spec, service, protocol } = this.#system;
    return new ClosedLoop({
      load: spec.load,
      driver,
      seed: spec.seed,
      service,
      clock: {
        now: hostClockUs,
        at: (timeUs, act) => this.#at(timeUs, act),
        wake: () => {
          this.#loadIsReady = true;
        },
      },
      createClient: (session: Session) => this.#add(session.id, (host) => protocol.createClient(host)),
    });
  }

  #add<P extends Replica<Uint8Array>>(id: ParticipantId, create: (host: ParticipantHost) => P, incarnation = 0) {
    const authentication = authenticationOf(this.#system, id);
    const host = new ParticipantHost(id, authentication, randomStream(this.#system.spec.seed, id), this, incarnation);
    const client = create(host);
    const member: Member = { host, participant: client, deadlines: new Map() };
    this.#members[this.#addresses.slot(id)] = member;
    this.#timers.add(member);
    return { host, client };
  }

  #at(timeUs: Microseconds, act: () => void): void {
    this.#appointments.add(timeUs);
    setTimeout(
      () => {
        this.#appointments.delete(timeUs);
        act();
        this.#settle();
      },
      Math.max(0, (timeUs - hostClockUs()) / 1e3),
    );
  }

  #step(from: ParticipantId, to: ParticipantId, bytes: Uint8Array): void {
    const member = this.#members[this.#addresses.slot(to)];
    if (member === undefined) {
      this.#misaddressed++;
      return;
    }
    member.host.countReceived(bytes);
    member.participant.receive(from, bytes);
  }

  #expire(member: Member, timer: TimerId): void {
    member.participant.expire(timer);
    this.#settle();
  }

  /** Does what steps have left to do on this node, until nothing is left. */
  #settle(): void {
    while (this.#local.length > 0 || this.#loadIsReady) {
      if (this.#loadIsReady) {
        this.#loadIsReady = false;
        this.load?.pump();
      }
      if (this.#local.length > 0) {
        const messages = this.#local;
        this.#local = [];
        for (const { from, to, bytes } of messages) this.#step(from, to, bytes);
      }
    }
  }
}
