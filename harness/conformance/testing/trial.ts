import type { MacSuite } from '../../../src/crypto/mac-suite.ts';
import { availableSuites } from '../../../src/crypto/suites.ts';
import { FIRST_CLIENT, type ParticipantId } from '../../../src/kernel/identifiers.ts';
import type { Client } from '../../../src/kernel/participant.ts';
import { MILLISECOND, type Microseconds } from '../../../src/kernel/time.ts';
import { counterService, counterValue } from '../../../src/services/counter.ts';
import { sampleOperation } from '../../../src/services/testing/sample-operation.ts';
import type { CheckOutcome } from '../../checkers/checker.ts';
import { checkerFor } from '../../checkers/checkers.ts';
import { historyOf } from '../../checkers/testing/histories.ts';
import type { ParticipantHost } from '../../node/participant-host.ts';
import { type RandomStream, randomStream } from '../../node/random.ts';
import { Simulation } from '../../runtimes/sim/simulation.ts';
import { strangersAuthentication, uncheckedAuthentication, withAuthentication } from './altered-authentication.ts';
import type { Cast } from './cast.ts';
import { Forger } from './forger.ts';
import type { ClientPlan, Schedule } from './schedule.ts';

/** What a trial showed. */
export interface TrialOutcome {
  /** Undefined if every operation ended. */
  readonly unfinished: string | undefined;
  readonly check: CheckOutcome;
  /** Event counters of all participants, added up. */
  readonly counters: ReadonlyMap<string, number>;
  readonly operations: number;
}

/** The fastest that this platform has: the trials are about the protocols. */
export const trialSuite: MacSuite = fastestSuite();

function fastestSuite(): MacSuite {
  const suites = availableSuites();
  const suite = suites.find(({ name }) => name === 'siphash-2-4') ?? suites[0];
  if (suite === undefined) throw new Error('no MAC suite');
  return suite;
}

const WORKLOAD_STREAM = -4;
const SHARED_OBJECT = 0;
/** Events after which a trial is given up; the longest that ends by itself takes a tenth of them. */
const MOST_EVENTS = 400_000;
/** After the last crash, cut and vanishing; the closing fetches begin then. */
const CALM_US: Microseconds = 100 * MILLISECOND;

const service = counterService.create({});

interface Row {
  readonly client: ParticipantId;
  readonly object: number;
  readonly query: boolean;
  readonly invokedUs: Microseconds;
  completedUs: Microseconds;
  value: number;
}

/** Runs one schedule with one cast in simulation, to its end, and checks the history. */
export function runTrial(cast: Cast, schedule: Schedule): TrialOutcome {
  return new Trial(cast, schedule).run();
}

class Trial {
  readonly #schedule: Schedule;
  readonly #simulation: Simulation;
  readonly #random: RandomStream;
  readonly #hosts: ParticipantHost[] = [];
  readonly #rows: Row[] = [];
  #busy = 0;

  constructor(cast: Cast, schedule: Schedule) {
    this.#schedule = schedule;
    this.#simulation = new Simulation({ seed: schedule.seed, suite: trialSuite, network: schedule.network });
    this.#random = randomStream(schedule.seed, WORKLOAD_STREAM);
    for (let replica = 0; replica < cast.replicas; replica++) {
      this.#hosts.push(this.#simulation.addReplica(replica, (context) => cast.createReplica(replica, context)));
    }
    this.#interfere();
    for (const [index, plan] of schedule.clients.entries()) this.#addClient(cast, FIRST_CLIENT + index, plan);
    if (schedule.stranger) this.#addStranger(cast);
    this.#addReader(cast);
  }

  run(): TrialOutcome {
    const ended = this.#simulation.runWhile(() => this.#busy === 0, MOST_EVENTS);
    const open = this.#rows.filter((row) => Number.isNaN(row.completedUs)).length;
    const counters = new Map<string, number>();
    for (const host of this.#hosts) {
      for (const [name, amount] of host.counters) counters.set(name, (counters.get(name) ?? 0) + amount);
    }
    return {
      unfinished: ended ? undefined : `${open} of ${this.#rows.length} operations did not end`,
      check: checkerFor('counter').check([historyOf(this.#rows)]),
      counters,
      operations: this.#rows.length,
    };
  }

  #interfere(): void {
    const simulation = this.#simulation;
    const forger = new Forger(simulation, this.#schedule.forgery);
    const { crashes, cutOffs } = this.#schedule;
    for (const { replica, atUs } of crashes) simulation.at(atUs, () => simulation.crash(replica));
    simulation.admit = (from, to, bytes) => {
      forger.see(from, to, bytes);
      const now = simulation.now();
      return !cutOffs.some(
        ({ replica, fromUs, untilUs }) => (replica === from || replica === to) && fromUs <= now && now < untilUs,
      );
    };
  }

  #addClient(cast: Cast, id: ParticipantId, plan: ClientPlan): void {
    const { host, client } = this.#simulation.addClient(id, (context) => cast.createClient(context));
    this.#hosts.push(host);
    this.#busy++;
    let left = plan.operations;
    let vanished = false;
    const next = () => {
      if (vanished) return;
      const shared = this.#random() < this.#schedule.sharedShare;
      const query = this.#random() < this.#schedule.queryShare;
      left--;
      this.#invoke(host, client, shared ? SHARED_OBJECT : 1 + id - FIRST_CLIENT, query, () => {
        if (left > 0) this.#simulation.at(this.#simulation.now(), next);
        else this.#busy--;
      });
    };
    this.#simulation.at(0, next);
    const { vanishesAtUs } = plan;
    if (vanishesAtUs !== undefined) {
      this.#simulation.at(vanishesAtUs, () => {
        this.#simulation.crash(id);
        vanished = true;
        if (left > 0 || Number.isNaN(this.#lastOf(id)?.completedUs)) this.#busy--;
      });
    }
  }

  #lastOf(client: ParticipantId): Row | undefined {
    return this.#rows.findLast((row) => row.client === client);
  }

  /** Works on the shared object with keys of its own, and believes whatever it is answered. Whether it gets an answer is nobody's concern. */
  #addStranger(cast: Cast): void {
    const id = FIRST_CLIENT + this.#schedule.clients.length;
    const { client } = this.#simulation.addClient(id, (context) =>
      cast.createClient(withAuthentication(context, uncheckedAuthentication(strangersAuthentication(trialSuite, id)))),
    );
    this.#simulation.at(0, () => client.invoke(sampleOperation(service, 'update', nameOf(SHARED_OBJECT))));
  }

  /** Fetches every object once the turmoil is over: what was lost shows then at the latest. */
  #addReader(cast: Cast): void {
    const id = FIRST_CLIENT + this.#schedule.clients.length + 1;
    const { host, client } = this.#simulation.addClient(id, (context) => cast.createClient(context));
    this.#hosts.push(host);
    this.#busy++;
    let object = 0;
    const next = () =>
      this.#invoke(host, client, object++, true, () => {
        if (object <= this.#schedule.clients.length) this.#simulation.at(this.#simulation.now(), next);
        else this.#busy--;
      });
    const { crashes, cutOffs, clients } = this.#schedule;
    const turmoil = [
      ...crashes.map(({ atUs }) => atUs),
      ...cutOffs.map(({ untilUs }) => untilUs),
      ...clients.map(({ vanishesAtUs }) => vanishesAtUs ?? 0),
    ];
    this.#simulation.at(Math.max(0, ...turmoil) + CALM_US, next);
  }

  #invoke(host: ParticipantHost, client: Client<Uint8Array>, object: number, query: boolean, ended: () => void): void {
    const row: Row = {
      client: host.self,
      object,
      query,
      invokedUs: this.#simulation.now(),
      completedUs: Number.NaN,
      value: Number.NaN,
    };
    this.#rows.push(row);
    host.onComplete = (result) => {
      row.completedUs = this.#simulation.now();
      row.value = counterValue(result) ?? Number.NaN;
      ended();
    };
    client.invoke(sampleOperation(service, query ? 'query' : 'update', nameOf(object)));
  }
}

function nameOf(object: number): string {
  return `counter-${object}`;
}
