import type { Protocol } from '../../../src/kernel/erased-protocol.ts';
import type { ReplicaId } from '../../../src/kernel/identifiers.ts';
import { MILLISECOND, type Microseconds } from '../../../src/kernel/time.ts';
import { type RandomStream, randomStream } from '../../node/random.ts';
import type { SimulatedNetwork } from './simulation.ts';

/** Everything that a trial's seed decides, as plain data. */
export interface Schedule {
  readonly seed: number;
  readonly faults: number;
  readonly options: Readonly<Record<string, unknown>>;
  readonly network: SimulatedNetwork;
  readonly clients: readonly ClientPlan[];
  /** Share of operations that go to the one object that all clients share; the rest go to an object of the client's own. */
  readonly sharedShare: number;
  readonly queryShare: number;
  /** Never more than the protocol tolerates, the lying ones included. */
  readonly crashes: readonly Crash[];
  /** Replicas that execute as they please: their answers are wrong, their MACs right. */
  readonly liars: readonly ReplicaId[];
  /** For a while nothing reaches or leaves the replica. It is not faulty: it comes back as it was. */
  readonly cutOffs: readonly {
    readonly replica: ReplicaId;
    readonly fromUs: Microseconds;
    readonly untilUs: Microseconds;
  }[];
  /** Probability that a message is also delivered damaged, cut, or under another sender's number. */
  readonly forgery: number;
  /** A client without keys works along on the shared object. */
  readonly stranger: boolean;
  /** Undefined: the clients work on counters. */
  readonly transfers: TransferPlan | undefined;
}

/** The clients work on a key-value store, all on the same keys, whatever `sharedShare` is. */
export interface TransferPlan {
  readonly keys: number;
  /** Share of updates that are transfers between two keys. */
  readonly share: number;
}

export interface Crash {
  readonly replica: ReplicaId;
  readonly atUs: Microseconds;
  /** When an empty replica takes its place; it counts among the faulty for good, since it may never have caught up. Undefined: never. */
  readonly restartsAtUs: Microseconds | undefined;
}

export interface ClientPlan {
  readonly operations: number;
  /** The client vanishes then, most often in the middle of an operation whose outcome nobody learns. */
  readonly vanishesAtUs: Microseconds | undefined;
}

const SCHEDULE_STREAM = -2;
const TRANSFER_STREAM = -5;
const RESTART_STREAM = -6;

/** The schedule of a seed; `variants` are option sets of the protocol of which the seed takes one. */
export function scheduleOf(
  protocol: Protocol,
  faults: number,
  seed: number,
  variants: readonly Readonly<Record<string, unknown>>[],
): Schedule {
  const random = randomStream(seed, SCHEDULE_STREAM);
  const replicas = protocol.replicas(faults);
  const faulty = someReplicas(random, replicas, integer(random, 0, faults));
  const liars = chance(random, 0.3) ? faulty : [];
  const crashed = liars.length > 0 ? [] : faulty;
  return {
    seed,
    faults,
    options: pick(random, variants) ?? {},
    network: networkOf(random),
    clients: Array.from({ length: integer(random, 2, 4) }, () => ({
      operations: integer(random, 4, 9),
      vanishesAtUs: chance(random, 0.2) ? between(random, 0, 30 * MILLISECOND) : undefined,
    })),
    sharedShare: pick(random, [0, 0.5, 1]) ?? 1,
    queryShare: pick(random, [0, 0.3, 0.7]) ?? 0,
    crashes: crashed.map((replica) => ({
      replica,
      atUs: between(random, 0, 30 * MILLISECOND),
      restartsAtUs: undefined,
    })),
    liars,
    cutOffs: someReplicas(random, replicas, chance(random, 0.5) ? integer(random, 1, 1 + faults) : 0).map((replica) => {
      const fromUs = between(random, 0, 20 * MILLISECOND);
      return { replica, fromUs, untilUs: fromUs + between(random, 5 * MILLISECOND, 3_000 * MILLISECOND) };
    }),
    forgery: pick(random, [0, 0, 0.05]) ?? 0,
    stranger: chance(random, 0.2),
    transfers: undefined,
  };
}

/**
 * In half of the schedules with crashes the same schedule where one replica crashes, soon comes back empty, and is the only faulty one: a replica that
 * has lost its memory is faulty until it has caught up.
 */
export function withRestart(schedule: Schedule): Schedule {
  const [crash] = schedule.crashes;
  const random = randomStream(schedule.seed, RESTART_STREAM);
  if (crash === undefined || chance(random, 0.5)) return schedule;
  const atUs = between(random, 0, 10 * MILLISECOND);
  const restartsAtUs = atUs + between(random, 0, 10 * MILLISECOND);
  // It catches up by what the others do in the meantime, so there is more to do.
  const clients = schedule.clients.map(({ operations, vanishesAtUs }) => ({
    operations: 2 * operations,
    vanishesAtUs,
  }));
  return { ...schedule, clients, crashes: [{ replica: crash.replica, atUs, restartsAtUs }] };
}

/** The same schedule with clients that transfer between few keys. */
export function withTransfers(schedule: Schedule): Schedule {
  const random = randomStream(schedule.seed, TRANSFER_STREAM);
  return { ...schedule, transfers: { keys: integer(random, 2, 4), share: pick(random, [0.3, 0.7, 1, 1]) ?? 1 } };
}

function networkOf(random: RandomStream): SimulatedNetwork {
  const leastDelayUs = between(random, 10, 200);
  return {
    leastDelayUs,
    mostDelayUs: leastDelayUs * (pick(random, [1, 3, 30]) ?? 1),
    loss: pick(random, [0, 0.02, 0.15]) ?? 0,
    duplication: pick(random, [0, 0.02, 0.2]) ?? 0,
  };
}

function integer(random: RandomStream, least: number, most: number): number {
  return least + Math.floor(random() * (most - least + 1));
}

function between(random: RandomStream, least: number, most: number): number {
  return least + random() * (most - least);
}

function chance(random: RandomStream, probability: number): boolean {
  return random() < probability;
}

function pick<Choice>(random: RandomStream, choices: readonly Choice[]): Choice | undefined {
  return choices[Math.floor(random() * choices.length)];
}

/** `count` different replicas. */
function someReplicas(random: RandomStream, replicas: number, count: number): ReplicaId[] {
  const all = Array.from({ length: replicas }, (_, replica) => replica);
  const chosen: ReplicaId[] = [];
  while (chosen.length < count) chosen.push(...all.splice(Math.floor(random() * all.length), 1));
  return chosen;
}
