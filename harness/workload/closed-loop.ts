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
  /** Row of the operation under way; -1 if none is. */
  row: number;
}

/**
 * The clients of one driver node: every session invokes its next operation when the last has ended. Touches no socket, clock or
 * timer, so that every runtime drives the same load.
 */
export class ClosedLoop {
  readonly #options: ClosedLoopOptions;
  readonly #clock: LoadClock;
  readonly #model: HistoryModel;
  readonly #recorder = new HistoryRecorder();
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

  history(): DriverHistory {
    return this.#recorder.history(this.#options.driver);
  }

  #create(session: Session): RunningSession {
    const { host, client } = this.#options.createClient(session);
    const random = randomStream(this.#options.seed, LOAD_STREAM + session.index);
    const source = this.#options.service.operations(session.objectName, random);
    const running: RunningSession = { ...session, client, random, source, operation: undefined, query: false, row: -1 };
    host.onComplete = (result) => this.#completed(running, result);
    return running;
  }

  #invoke(session: RunningSession): void {
    const kind = this.#kind(session);
    const operation = session.source.next(kind);
    const content = this.#model.contentOf(operation);
    this.#underWay++;
    session.operation = operation;
    session.query = kind === 'query';
    session.row = this.#recorder.invoked(this.#clock.now(), session.id, operation.object, session.query, content);
    if (operation.others !== undefined) this.#recorder.invokedAlsoOn(session.row, operation.others, session.query);
    session.client.invoke(operation);
  }

  #kind(session: RunningSession): MethodKind {
    const share = this.#options.load.queryShare;
    if (share <= 0) return 'update';
    return share >= 1 || session.random() < share ? 'query' : 'update';
  }

  #completed(session: RunningSession, result: Uint8Array): void {
    const { row, operation } = session;
    if (row < 0 || operation === undefined) {
      throw new Error(`client ${session.id} completed an operation that was not under way`);
    }
    this.#recorder.completed(row, this.#clock.now(), this.#model.outcomeOf(operation, session.query, result));
    session.source.heard?.(operation, result);
    session.row = -1;
    this.#underWay--;
    if (this.#state === 'running') {
      this.#ready.push(session);
      if (this.#ready.length === 1) this.#clock.wake();
    } else if (this.#underWay === 0) {
      this.#onIdle();
    }
  }
}
