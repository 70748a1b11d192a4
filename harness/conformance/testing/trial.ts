import type { MacSuite } from '../../../src/crypto/mac-suite.ts';
import { availableSuites } from '../../../src/crypto/suites.ts';
import { FIRST_CLIENT, type ParticipantId } from '../../../src/kernel/identifiers.ts';
import type { Operation } from '../../../src/kernel/operation.ts';
import type { Client } from '../../../src/kernel/participant.ts';
import { MILLISECOND, type Microseconds } from '../../../src/kernel/time.ts';
import type { CheckOutcome } from '../../checkers/checker.ts';
import { checkerFor } from '../../checkers/checkers.ts';
import type { ParticipantHost } from '../../node/participant-host.ts';
import { randomStream } from '../../node/random.ts';
import { type HistoryModel, historyModelOf } from '../../workload/history-model.ts';
import { HistoryRecorder } from '../../workload/history-recorder.ts';
import { strangersAuthentication, uncheckedAuthentication, withAuthentication } from './altered-authentication.ts';
import type { Cast } from './cast.ts';
import { Forger } from './forger.ts';
import type { ClientPlan, Schedule } from './schedule.ts';
import { Simulation } from './simulation.ts';
import { type TrialWorkload, workloadOf } from './trial-workload.ts';

/** What a trial showed. */
export interface TrialOutcome {
  /** Undefined if every operation ended. */
  readonly unfinished: string | undefined;
  readonly check: CheckOutcome;
  /** Event counters of all participants, added up. */
  readonly counters: ReadonlyMap<string, number>;
  readonly operations: number;
  /**
   * The results of the closing reads of all objects; undefined unless everything else had ended before the first of them began, so that together
   * they are one state.
   */
  readonly finalState: readonly Uint8Array[] | undefined;
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
/** Events after which a trial is given up; the longest that ends by itself takes a tenth of them. */
const MOST_EVENTS = 400_000;
/** After the last crash, cut and vanishing; the closing reads begin then. */
const CALM_US: Microseconds = 100 * MILLISECOND;
/** So many times that long the closing reads wait for operations to end, where the state in the end is of interest. */
const MOST_WAITS = 50;
/** Operations that a history has room for at first: most trials have fewer. */
const FIRST_CAPACITY = 64;

/** Runs one schedule with one cast in simulation, to its end, and checks the history. */
export function runTrial(cast: Cast, schedule: Schedule): TrialOutcome {
  return new Trial(cast, schedule).run();
}

class Trial {
  readonly #schedule: Schedule;
  readonly #simulation: Simulation;
  readonly #workload: TrialWorkload;
  readonly #model: HistoryModel;
  readonly #recorder = new HistoryRecorder({ capacity: FIRST_CAPACITY });
  readonly #hosts: ParticipantHost[] = [];
  readonly #finalResults: Uint8Array[] = [];
  /** Operations that have not ended. */
  #open = 0;
  #openAtClose = 0;
  /** Clients that have not done what they are there for. */
  #busy = 0;

  constructor(cast: Cast, schedule: Schedule) {
    this.#schedule = schedule;
    this.#simulation = new Simulation({ seed: schedule.seed, suite: trialSuite, network: schedule.network });
    this.#workload = workloadOf(schedule, randomStream(schedule.seed, WORKLOAD_STREAM));
    this.#model = historyModelOf(this.#workload.service.name);
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
    const counters = new Map<string, number>();
    for (const host of this.#hosts) {
      for (const [name, amount] of host.counters) counters.set(name, (counters.get(name) ?? 0) + amount);
    }
    return {
      unfinished: ended ? undefined : `${this.#open} of ${this.#recorder.length} operations did not end`,
      check: checkerFor(this.#workload.service.name).check([this.#recorder.history(0)]),
      counters,
      operations: this.#recorder.length,
      finalState: ended && this.#openAtClose === 0 ? this.#finalResults : undefined,
    };
  }

  #interfere(): void {
    const simulation = this.#simulation;
    const forger = new Forger(simulation, this.#schedule.forgery);
    const { crashes, cutOffs } = this.#schedule;
    for (const { replica, atUs, restartsAtUs } of crashes) {
      simulation.at(atUs, () => simulation.crash(replica));
      if (restartsAtUs === undefined) continue;
      simulation.at(restartsAtUs, () => this.#hosts.push(simulation.restart(replica)));
    }
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
    const { vanishesAtUs } = plan;
    const number = id - FIRST_CLIENT;
    let left = plan.operations;
    let underWay = false;
    let vanished = false;
    const next = () => {
      if (vanished) return;
      const operation = this.#workload.next(number);
      left--;
      underWay = true;
      this.#invoke(host, client, operation, (result) => {
        underWay = false;
        this.#workload.heard(number, operation, result);
        if (left > 0) this.#simulation.at(this.#simulation.now(), next);
        else this.#busy--;
      });
    };
    this.#simulation.at(0, next);
    if (vanishesAtUs !== undefined) {
      this.#simulation.at(vanishesAtUs, () => {
        this.#simulation.crash(id);
        vanished = true;
        if (left > 0 || underWay) this.#busy--;
      });
    }
  }

  /** Works on what all share with keys of its own, and believes whatever it is answered. Whether it gets an answer is nobody's concern. */
  #addStranger(cast: Cast): void {
    const id = FIRST_CLIENT + this.#schedule.clients.length;
    const { client } = this.#simulation.addClient(id, (context) =>
      cast.createClient(withAuthentication(context, uncheckedAuthentication(strangersAuthentication(trialSuite, id)))),
    );
    this.#simulation.at(0, () => client.invoke(this.#workload.strangersUpdate()));
  }

  /** Reads every object once the turmoil is over: what was lost shows then at the latest. */
  #addReader(cast: Cast): void {
    const id = FIRST_CLIENT + this.#schedule.clients.length + 1;
    const { host, client } = this.#simulation.addClient(id, (context) => cast.createClient(context));
    this.#hosts.push(host);
    this.#busy++;
    const { objects } = this.#workload;
    const readFrom = (index: number) => {
      const object = objects[index];
      if (object === undefined) return;
      this.#invoke(host, client, this.#workload.readOf(object), (result) => {
        this.#finalResults.push(Uint8Array.from(result));
        if (index + 1 < objects.length) this.#simulation.at(this.#simulation.now(), () => readFrom(index + 1));
        else this.#busy--;
      });
    };
    let waitsLeft = this.#schedule.transfers === undefined ? 0 : MOST_WAITS;
    const close = () => {
      if (this.#open > 0 && waitsLeft-- > 0) {
        this.#simulation.at(this.#simulation.now() + CALM_US, close);
        return;
      }
      this.#openAtClose = this.#open;
      readFrom(0);
    };
    const { crashes, cutOffs, clients } = this.#schedule;
    const turmoil = [
      ...crashes.map(({ atUs, restartsAtUs = atUs }) => restartsAtUs),
      ...cutOffs.map(({ untilUs }) => untilUs),
      ...clients.map(({ vanishesAtUs }) => vanishesAtUs ?? 0),
    ];
    this.#simulation.at(Math.max(0, ...turmoil) + CALM_US, close);
  }

  #invoke(
    host: ParticipantHost,
    client: Client<Uint8Array>,
    operation: Operation,
    ended: (result: Uint8Array) => void,
  ): void {
    const query = this.#workload.service.methods.get(operation.method) === 'query';
    const { object, others = [] } = operation;
    const now = this.#simulation.now();
    const row = this.#recorder.invoked(now, host.self, object, query, this.#model.contentOf(operation));
    this.#recorder.invokedAlsoOn(row, others, query);
    this.#open++;
    host.onComplete = (result) => {
      this.#open--;
      this.#recorder.completed(row, this.#simulation.now(), this.#model.outcomeOf(operation, query, result));
      ended(result);
    };
    client.invoke(operation);
  }
}
