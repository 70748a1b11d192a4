import type { MethodKind, Operation } from '../../src/kernel/operation.ts';
import type { Client } from '../../src/kernel/participant.ts';
import type { OperationSource, Service } from '../../src/kernel/service.ts';
import { MILLISECOND, type Microseconds } from '../../src/kernel/time.ts';
import type { ParticipantHost } from '../node/participant-host.ts';
import { type RandomStream, randomStream } from '../node/random.ts';
import type { LoadSpec } from '../runtimes/runtime.ts';
import type { DriverHistory } from './history.ts';
import { type HistoryModel, historyModelOf } from './history-model.ts';
import { HistoryRecorder } from './history-recorder.ts';
import { OperationTally } from './operation-tally.ts';
import { type Session, sessionsOfDriver } from './sessions.ts';

/** Sessions begin at random within this span, so that the first requests do not come as one burst. */
const START_SPREAD_US = 10 * MILLISECOND;

/** Random streams of the sessions, far from those of the participants, which are numbered by their identifiers. */
const LOAD_STREAM = 0x4000_0000;

/** What a load driver needs of the runtime that it lives in. */
export interface LoadClock {
  now(): Microseconds;
  /** Calls `act` at that time, from outside any call of a participant. */
  at(timeUs: Microseconds, act: () => void): void;
  /** Asks that `pump` be called soon, from outside any call of a participant. */
  wake(): void;
}

export interface ClosedLoopOptions {
  readonly load: LoadSpec;
  readonly driver: number;
  readonly seed: number;
  readonly service: Service;
  readonly clock: LoadClock;
  /** Makes the protocol client of one session and its context. */
  readonly createClient: (session: Session) => SessionClient;
  /** Operations in the history; those that begin later are only counted and timed, by the segments of `beginSegment`. All by default. */
  readonly recordAtMost?: number | undefined;
}

export interface SessionClient {
  readonly host: ParticipantHost;
  readonly client: Client<Uint8Array>;
}

interface RunningSession extends Session {
  readonly client: Client<Uint8Array>;
  readonly random: RandomStream;
  readonly source: OperationSource;
  /** Under way, or ended last. */
  operation: Operation | undefined;
  query: boolean;
  invokedUs: Microseconds;
  /** Row of the operation under way, or one of the numbers below. */
  row: number;
}

const NOTHING_UNDER_WAY = -1;
const UNRECORDED = -2;

/**
 * The clients of one driver node: every session invokes its next operation when the last has ended. Touches no socket, clock or
 * timer, so that every runtime drives the same load.
 */
export class ClosedLoop {
  readonly #options: ClosedLoopOptions;
  readonly #clock: LoadClock;
  readonly #model: HistoryModel;
  readonly #recorder: HistoryRecorder;
  readonly #tally = new OperationTally();
  readonly #sessions: readonly RunningSession[];
  /** Sessions whose operation has ended; they go on in `pump`, since a participant must not be called from within a call. */
  #ready: RunningSession[] = [];
  #drained: RunningSession[] = [];
  #state: 'new' | 'running' | 'stopped' = 'new';
  #underWay = 0;
  #onIdle: () => void = () => {};

  constructor(options: ClosedLoopOptions) {
    this.#options = options;
    this.#clock = options.clock;
    this.#model = historyModelOf(options.service.name);
    this.#recorder = new HistoryRecorder({ mostRows: options.recordAtMost });
    this.#sessions = sessionsOfDriver(options.load, options.driver).map((session) => this.#create(session));
  }

  get operationsUnderWay(): number {
    return this.#underWay;
  }

  /** Begins the load. Throws if it was begun before: a load runs once. */
  start(): void {
    if (this.#state !== 'new') throw new Error('the load was started before');
    this.#state = 'running';
    const now = this.#clock.now();
    for (const session of this.#sessions) {
      this.#clock.at(now + session.random() * START_SPREAD_US, () => {
        if (this.#state === 'running') this.#invoke(session);
      });
    }
  }

  /** Invokes the next operation of every session that is ready. */
  pump(): void {
    while (this.#ready.length > 0) {
      const sessions = this.#ready;
      this.#ready = this.#drained;
      this.#drained = sessions;
      for (const session of sessions) if (this.#state === 'running') this.#invoke(session);
      sessions.length = 0;
    }
  }

  /** Begins nothing more; `onIdle` is called, perhaps at once, when every operation has ended. */
  stop(onIdle: () => void): void {
    this.#state = 'stopped';
    this.#onIdle = onIdle;
    if (this.#underWay === 0) onIdle();
  }

  /** To be called when time has come to the end of the segment before, by a runtime that limits the history. */
  beginSegment(untilUs: Microseconds): void {
    this.#tally.beginSegment(untilUs);
  }

  history(): DriverHistory {
    const recorded = this.#recorder.history(this.#options.driver);
    const unrecorded = this.#tally.unrecorded();
    return unrecorded === undefined ? recorded : { ...recorded, unrecorded };
  }

  #create(session: Session): RunningSession {
    const { host, client } = this.#options.createClient(session);
    const random = randomStream(this.#options.seed, LOAD_STREAM + session.index);
    const source = this.#options.service.operations(session.objectName, random);
    const running: RunningSession = {
      ...session,
      client,
      random,
      source,
      operation: undefined,
      query: false,
      invokedUs: Number.NaN,
      row: NOTHING_UNDER_WAY,
    };
    host.onComplete = (result) => this.#completed(running, result);
    return running;
  }

  #invoke(session: RunningSession): void {
    const kind = this.#kind(session);
    const operation = session.source.next(kind);
    this.#underWay++;
    session.operation = operation;
    session.query = kind === 'query';
    session.invokedUs = this.#clock.now();
    session.row = this.#record(session, operation);
    session.client.invoke(operation);
  }

  #record({ id, invokedUs, query }: RunningSession, operation: Operation): number {
    if (this.#recorder.isFull) {
      this.#tally.invoked(id, invokedUs);
      return UNRECORDED;
    }
    const row = this.#recorder.invoked(invokedUs, id, operation.object, query, this.#model.contentOf(operation));
    if (operation.others !== undefined) this.#recorder.invokedAlsoOn(row, operation.others, query);
    return row;
  }

  #kind(session: RunningSession): MethodKind {
    const share = this.#options.load.queryShare;
    if (share <= 0) return 'update';
    return share >= 1 || session.random() < share ? 'query' : 'update';
  }

  #completed(session: RunningSession, result: Uint8Array): void {
    const { row, operation } = session;
    if (row === NOTHING_UNDER_WAY || operation === undefined) {
      throw new Error(`client ${session.id} completed an operation that was not under way`);
    }
    const nowUs = this.#clock.now();
    if (row === UNRECORDED) this.#tally.completed(session.id, session.invokedUs, nowUs);
    else this.#recorder.completed(row, nowUs, this.#model.outcomeOf(operation, session.query, result));
    session.source.heard?.(operation, result);
    session.row = NOTHING_UNDER_WAY;
    this.#underWay--;
    if (this.#state === 'running') {
      this.#ready.push(session);
      if (this.#ready.length === 1) this.#clock.wake();
    } else if (this.#underWay === 0) {
      this.#onIdle();
    }
  }
}
