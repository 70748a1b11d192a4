import { registerable } from '../../../src/kernel/erased-protocol.ts';
import { type ClientId, FIRST_CLIENT, isClient } from '../../../src/kernel/identifiers.ts';
import type { Client, ClientContext } from '../../../src/kernel/participant.ts';
import type { ProtocolDefinition } from '../../../src/kernel/protocol.ts';
import { MILLISECOND, type Microseconds } from '../../../src/kernel/time.ts';
import type { SharedMessage } from '../../../src/qu/message.ts';
import type { ObjectOptions } from '../../../src/qu/options.ts';
import { counterService, counterValue } from '../../../src/services/counter.ts';
import { sampleOperation } from '../../../src/services/testing/sample-operation.ts';
import type { CheckOutcome } from '../../checkers/checker.ts';
import { checkerFor } from '../../checkers/checkers.ts';
import { historyOf } from '../../checkers/testing/histories.ts';
import type { ParticipantHost } from '../../node/participant-host.ts';
import { randomStream } from '../../node/random.ts';
import { ByzantineObjectClient, type Dialect, type Trick } from './byzantine-object-client.ts';
import { type SimulatedNetwork, Simulation } from './simulation.ts';
import { trialSuite } from './trial.ts';
import { VersionWatch } from './version-watch.ts';

export interface ByzantineTrial {
  readonly seed: number;
  /** Correct clients, each with its increments to do. */
  readonly clients: number;
  readonly increments: number;
  readonly network: SimulatedNetwork;
  /** Times that the Byzantine client acts. */
  readonly acts: number;
  /** Options of the protocol; the defaults unless given. */
  readonly options?: Readonly<Record<string, unknown>>;
}

export interface ByzantineOutcome {
  /** Undefined if every operation of the correct clients ended. */
  readonly unfinished: string | undefined;
  /** Of the correct clients' history, with the Byzantine client's increments as such of unknown outcome. */
  readonly check: CheckOutcome;
  /** Timestamps that stand for more than one version. */
  readonly conflicts: readonly string[];
  /** What the counter stood at when all was quiet. */
  readonly finalValue: number;
  /** Request numbers under which the Byzantine client sent an increment: no more of its increments may count. */
  readonly byzantineIncrements: number;
  readonly tricksAccepted: ReadonlySet<Trick>;
  /** Event counters of the replicas, added up. */
  readonly counters: ReadonlyMap<string, number>;
}

const OBJECT = 'x';
const BYZANTINE: ClientId = FIRST_CLIENT + 100;
const READER: ClientId = FIRST_CLIENT + 101;
const BYZANTINE_STREAM = -10;
const REPETITION_STREAM = -11;
/** Between acts of the Byzantine client, on average. */
const MEAN_PAUSE_US: Microseconds = 300;
/** Longest that a correct client waits between two operations. */
const LONGEST_PAUSE_US: Microseconds = 4 * MILLISECOND;
/** Events after which a trial is given up; the longest takes a tenth of them. */
const MOST_EVENTS = 200_000;

const service = counterService.create({});

interface Row {
  readonly client: ClientId;
  readonly query: boolean;
  readonly invokedUs: Microseconds;
  completedUs: Microseconds;
  value: number;
}

/** A protocol with Q/U's histories, and how its Byzantine client puts its requests. */
export interface ByzantineSubject<Message extends { readonly type: string }, Options extends ObjectOptions> {
  readonly definition: ProtocolDefinition<Message | SharedMessage, Options>;
  dialectOf(context: ClientContext<Message | SharedMessage>, object: string): Dialect<Message | SharedMessage>;
}

/** Correct clients and a Byzantine one at the same counter; when all have ended, a correct one reads it. */
export function runByzantineTrial<Message extends { readonly type: string }, Options extends ObjectOptions>(
  subject: ByzantineSubject<Message, Options>,
  trial: ByzantineTrial,
): ByzantineOutcome {
  const { definition } = subject;
  const { seed, clients, increments, network, acts, options = {} } = trial;
  const simulation = new Simulation({ seed, suite: trialSuite, network });
  const watch = new VersionWatch(OBJECT);
  const deployed = registerable({
    ...definition,
    createReplica: (deployment, context) => watch.createReplica(definition, deployment, context),
  }).deploy(1, service, options);
  const replicas = Array.from({ length: deployed.replicas }, (_, replica) =>
    simulation.addReplica(replica, (context) => deployed.createReplica(context)),
  );
  repeatRequests(simulation);
  const byzantine = acts > 0 ? addByzantine(subject, simulation, acts, options) : undefined;

  const rows: Row[] = [];
  let busy = clients;
  for (let index = 0; index < clients; index++) {
    const { host, client } = simulation.addClient(FIRST_CLIENT + index, (context) => deployed.createClient(context));
    let left = increments;
    const next = (): void =>
      invoke(simulation, host, client, 'update', rows, () => {
        if (--left === 0) busy--;
        else simulation.at(simulation.now() + host.random() * LONGEST_PAUSE_US, next);
      });
    simulation.at(index, next);
  }
  simulation.runWhile(() => busy === 0 && (byzantine?.isSilent ?? true), MOST_EVENTS);

  const reader = simulation.addClient(READER, (context) => deployed.createClient(context));
  let finalValue = Number.NaN;
  simulation.at(simulation.now(), () =>
    invoke(simulation, reader.host, reader.client, 'query', rows, (value) => {
      finalValue = value;
    }),
  );
  simulation.runWhile(() => !Number.isNaN(finalValue), MOST_EVENTS);

  const open = rows.filter(({ completedUs }) => Number.isNaN(completedUs)).length;
  const sentUs = [...(byzantine?.incrementsSentUs.values() ?? [])];
  const unknown = sentUs.map((invokedUs) => ({ client: BYZANTINE, query: false, invokedUs, ...NOT_ENDED }));
  return {
    unfinished: busy === 0 && open === 0 ? undefined : `${open} of ${rows.length} operations did not end`,
    check: checkerFor('counter').check([historyOf([...rows, ...unknown])]),
    conflicts: watch.conflicts,
    finalValue,
    byzantineIncrements: sentUs.length,
    tricksAccepted: byzantine?.tricksAccepted ?? new Set(),
    counters: countersOf(replicas),
  };
}

const NOT_ENDED = { completedUs: Number.NaN, value: Number.NaN };

function addByzantine<Message extends { readonly type: string }, Options extends ObjectOptions>(
  { definition, dialectOf }: ByzantineSubject<Message, Options>,
  simulation: Simulation,
  acts: number,
  options: Readonly<Record<string, unknown>>,
): ByzantineObjectClient<Message | SharedMessage> {
  const random = randomStream(simulation.seed, BYZANTINE_STREAM);
  let created: ByzantineObjectClient<Message | SharedMessage> | undefined;
  const deployed = registerable({
    ...definition,
    createClient(deployment, context) {
      const dialect = dialectOf(context, OBJECT);
      const plan = { object: OBJECT, dialect, acts, meanPauseUs: MEAN_PAUSE_US, random };
      created = new ByzantineObjectClient(deployment, context, plan);
      return created;
    },
  }).deploy(1, service, options);
  simulation.addClient(BYZANTINE, (context) => deployed.createClient(context));
  if (created === undefined) throw new Error('no Byzantine client was made');
  return created;
}

/** The network brings some of the correct clients' requests once more, much later. */
function repeatRequests(simulation: Simulation): void {
  const random = randomStream(simulation.seed, REPETITION_STREAM);
  let repeating = false;
  simulation.admit = (from, to, bytes) => {
    if (repeating || !isClient(from) || from === BYZANTINE || random() >= 0.1) return true;
    simulation.at(simulation.now() + random() * 10 * MILLISECOND, () => {
      repeating = true;
      simulation.deliver(from, to, bytes);
      repeating = false;
    });
    return true;
  };
}

function invoke(
  simulation: Simulation,
  host: ParticipantHost,
  client: Client<Uint8Array>,
  kind: 'update' | 'query',
  rows: Row[],
  ended: (value: number) => void,
): void {
  const row: Row = { client: host.self, query: kind === 'query', invokedUs: simulation.now(), ...NOT_ENDED };
  rows.push(row);
  host.onComplete = (result) => {
    row.completedUs = simulation.now();
    row.value = counterValue(result) ?? Number.NaN;
    ended(row.value);
  };
  client.invoke(sampleOperation(service, kind, OBJECT));
}

function countersOf(hosts: readonly ParticipantHost[]): ReadonlyMap<string, number> {
  const counters = new Map<string, number>();
  for (const host of hosts) {
    for (const [name, amount] of host.counters) counters.set(name, (counters.get(name) ?? 0) + amount);
  }
  return counters;
}
