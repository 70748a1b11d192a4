import type { Microseconds } from '../../src/kernel/time.ts';
import { type CollectorProfile, MOST_JITTER, neighboursOf, type TransportCosts } from '../costs/cost-profile.ts';
import { median } from '../metrics/median.ts';
import { sumOf } from '../metrics/sum-of.ts';
import { pausedUs } from './collector-costs.ts';
import { fitCosts, type Observation, predicted } from './fit.ts';
import { fourDigits, measuredCost } from './measured-cost.ts';
import type { PlacedNodes, Role, RoleWork } from './placed-nodes.ts';
import { medianErrorOf, type RunCheck } from './run-check.ts';
import { configurationName } from './step-configurations.ts';
import type { WakingCosts } from './waking-costs.ts';

/** A placement that was measured, and what its steps take for each operation in one process. */
export interface MeasuredPlacement {
  readonly placed: PlacedNodes;
  readonly stepsUs: ReadonlyMap<Role, Microseconds>;
}

/** What is known of the machine beforehand. */
export interface MachineFacts {
  readonly waking: WakingCosts;
  readonly collector: CollectorProfile;
  readonly probeUs: Microseconds;
  readonly cores: number;
}

export interface FittedTransport {
  readonly costs: TransportCosts;
  readonly checks: readonly RunCheck[];
}

const STEPS = 'steps';
const TURN = 'turn';
const WAKE = 'wake';
const WAKE_IDLE = 'wake on an idle core';
const NEIGHBOURS = 'neighbours';
const READ = 'read';
const WRITE = 'write';
const MESSAGE = 'message';
const KILOBYTES = 'KB';

/**
 * What nodes take beside their steps, and how much longer these take where every node is a process of its own, with caches that others use
 * as well. The nodes of each role are one observation; its error counts in relation to its time. Times are those of a machine of one speed: what
 * was measured in a slower moment counts for less (host-speed.ts). `probeUs` is that speed; `cores` are the machine's.
 *
 * Pauses of the garbage collector, and what is known of interrupts, are taken away first.
 *
 * Sending and receiving cost the same, and a byte the same read and written: in no load does one go without the other.
 */
export function fitTransport(measured: readonly MeasuredPlacement[], machine: MachineFacts): FittedTransport {
  const { waking, collector, probeUs, cores } = machine;
  const knownUs = (work: RoleWork, placed: PlacedNodes) =>
    interruptsOf(work, placed, cores) * waking.interruptUs + pausedUs(work, collector);
  const observations = measured.flatMap(({ placed, stepsUs }) =>
    placed.roles.map((work): Observation => {
      const cpuUs = (work.cpuUs * probeUs) / placed.probeUs;
      return {
        amounts: amountsOf(work, stepsUs, placed, cores),
        measured: Math.max(0, cpuUs - knownUs(work, placed)),
        tolerance: cpuUs,
      };
    }),
  );
  const costs = fitCosts(observations);
  const checks = measured.map(({ placed, stepsUs }): RunCheck => {
    return {
      name: `${placed.placement.protocol}, ${configurationName(placed.placement)}, ${placed.nodes} processes`,
      measuredUs: fourDigits((cpuUsOf(placed) * probeUs) / placed.probeUs),
      predictedUs: fourDigits(
        sumOf(
          placed.roles,
          (work) => knownUs(work, placed) + predicted(costs, amountsOf(work, stepsUs, placed, cores)),
        ),
      ),
    };
  });
  const spread = medianErrorOf(checks);
  const cost = (each: string, kilobytes = '') => measuredCost(costs.get(each) ?? 0, costs.get(kilobytes) ?? 0, spread);
  const message = cost(MESSAGE);
  return {
    costs: {
      coalesces: true,
      steps: fourDigits(costs.get(STEPS) ?? 1),
      turn: cost(TURN),
      jitter: fourDigits(jitterOf(measured)),
      wake: { ...cost(WAKE), usPerNeighbour: fourDigits(costs.get(NEIGHBOURS) ?? 0) },
      wakeIdleUs: fourDigits(costs.get(WAKE_IDLE) ?? 0),
      interruptUs: waking.interruptUs,
      wakeLatencyUs: fourDigits(wakeLatencyOf(measured, machine, costs.get(TURN) ?? 0)),
      read: cost(READ, KILOBYTES),
      receive: message,
      send: message,
      write: cost(WRITE, KILOBYTES),
    },
    checks,
  };
}

function cpuUsOf(placed: PlacedNodes): Microseconds {
  return sumOf(placed.roles, ({ cpuUs }) => cpuUs);
}

/**
 * The share of wakes that find an idle core. Who wakes a node runs on one core itself, and the node wakes on its own, which may be the same one;
 * of the others as much is idle as the utilisation says.
 */
function idleShareOf(placed: PlacedNodes, cores: number): number {
  if (cores === 1) return 0;
  const elsewhere = Math.min(1, (placed.nodes - placed.nodes / cores) / (placed.nodes - 1));
  return elsewhere * Math.min(1, Math.max(0, 1 - (cpuUsOf(placed) / placed.elapsedUs - 1) / (cores - 1)));
}

function amountsOf(
  work: RoleWork,
  stepsUs: ReadonlyMap<Role, Microseconds>,
  placed: PlacedNodes,
  cores: number,
): ReadonlyMap<string, number> {
  return new Map([
    [STEPS, stepsUs.get(work.role) ?? 0],
    [TURN, work.turns],
    [WAKE, work.wakes],
    [WAKE_IDLE, work.wakes * idleShareOf(placed, cores)],
    [NEIGHBOURS, work.wakes * neighboursOf(placed.nodes / cores)],
    [READ, work.reads],
    [WRITE, work.writes],
    [MESSAGE, work.messages],
    [KILOBYTES, work.kilobytes],
  ]);
}

/**
 * Interrupts of other cores: wakes that find theirs idle, and nodes that lose theirs to one that was woken, taken as if their wakers were on any core
 * alike: of two cores half are elsewhere. (In traces 40 to 46 of 100 were; the others had also been interrupted by their own wakes, by the end of a slice, and
 * now and then by the system.) Who writes wakes: a role's share in all writes is its share in them.
 */
function interruptsOf(work: RoleWork, placed: PlacedNodes, cores: number): number {
  const shareOfWrites = work.writes / sumOf(placed.roles, ({ writes }) => writes);
  const idle = sumOf(placed.roles, ({ wakes }) => wakes) * idleShareOf(placed, cores);
  const running = sumOf(placed.roles, ({ preemptions }) => preemptions) * (1 - 1 / cores);
  return shareOfWrites * (idle + running);
}

/**
 * One client of one server: half a round trip is the waking of a core, and all CPU time of a node but the interrupt and the end of its turn, which
 * pass while the message is under way. Without that load it is what a sleeping thread says, which has a longer way than a node.
 */
function wakeLatencyOf(
  measured: readonly MeasuredPlacement[],
  { waking, probeUs }: MachineFacts,
  turnUs: Microseconds,
): Microseconds {
  const trips = tripsOf(measured);
  if (trips.length === 0) return waking.wakeLatencyUs;
  const besideUs = median(trips.map((trip) => ((trip.elapsedUs - cpuUsOf(trip)) / 2) * (probeUs / trip.probeUs)));
  return Math.max(0, besideUs + turnUs + waking.interruptUs);
}

function tripsOf(measured: readonly MeasuredPlacement[]): readonly PlacedNodes[] {
  return measured.map(({ placed }) => placed).filter(({ placement, nodes }) => placement.clients === 1 && nodes === 2);
}

/** The 90th percentile of a normal distribution, in standard deviations above its median. */
const NORMAL_P90 = 1.2816;

/**
 * One client of one server: a round trip is twice a core's waking and a turn, four parts of like length, each of which deviates, relatively, by twice
 * as much as their sum. Upwards of the median, as far as nine in ten go: a pause of the collector is no jitter.
 */
function jitterOf(measured: readonly MeasuredPlacement[]): number {
  const trips = tripsOf(measured);
  if (trips.length === 0) return 0;
  const deviation = median(trips.map(({ latency: { p50Us, p90Us } }) => (p90Us - p50Us) / (NORMAL_P90 * p50Us)));
  return Math.min(MOST_JITTER, 2 * deviation);
}
