import type { Microseconds } from '../../src/kernel/time.ts';
import { FRAME_HEADER_BYTES } from '../../src/wire/frame.ts';
import type { CostProfile, TransportCosts } from '../costs/cost-profile.ts';
import { completionsIn, type LatencySummary } from '../metrics/completions.ts';
import { windowOf } from '../metrics/window.ts';
import type { HostSpeed } from '../micro/host-speed.ts';
import { processRuntime } from '../runtimes/process/process-runtime.ts';
import {
  type NodeSample,
  type RunningDeployment,
  type RunSpec,
  type Runtime,
  RuntimeFailure,
} from '../runtimes/runtime.ts';
import { simRuntime } from '../runtimes/sim/sim-runtime.ts';
import type { Topology } from '../topologies/topology.ts';
import type { Placement } from './placements.ts';

export type Role = NodeSample['node']['role'];

/** What the nodes of one role did for each operation that ended. */
export interface RoleWork {
  readonly role: Role;
  readonly turns: number;
  readonly wakes: number;
  readonly preemptions: number;
  readonly reads: number;
  readonly writes: number;
  /** Sent and received. */
  readonly messages: number;
  /** Sent and received, with the headers of frames. */
  readonly kilobytes: number;
  readonly cpuUs: Microseconds;
  /** Pauses of the garbage collector, and their time. */
  readonly collections: number;
  readonly collectionUs: Microseconds;
}

/** Real nodes of a placement, and how fast the machine was then. */
export interface PlacedNodes {
  readonly placement: Placement;
  readonly nodes: number;
  readonly roles: readonly RoleWork[];
  /** Of the machine's work (host-speed.ts), before and after. */
  readonly probeUs: Microseconds;
  /** Time that passed for each operation. */
  readonly elapsedUs: Microseconds;
  readonly latency: LatencySummary;
}

export interface PlacementTimes {
  readonly warmUpMs: number;
  readonly timeMs: number;
}

export interface MeasuredPlacementOptions {
  readonly transport: 'unix' | 'tcp';
  readonly placement: Placement;
  readonly mac: string;
  readonly times: PlacementTimes;
  readonly speed: HostSpeed;
  readonly signal: AbortSignal;
}

/** Runs a placement really. Rejects with a RuntimeFailure. */
export async function measurePlacement(options: MeasuredPlacementOptions): Promise<PlacedNodes> {
  const { transport, placement, mac, times, speed, signal } = options;
  const runtime = processRuntime({ name: transport, transport });
  const { value, probeUs } = await speed.beside(() => workOf(runtime, specOf(placement, mac), times, signal));
  return { placement, probeUs, ...value };
}

/**
 * What the steps of each role take for each operation, by the costs that are known already: those of the same placement in simulation, over a
 * transport that costs nothing.
 */
export async function stepsOf(
  placement: Placement,
  mac: string,
  costs: Omit<CostProfile, 'transports'>,
  signal: AbortSignal,
): Promise<ReadonlyMap<Role, Microseconds>> {
  const simulation = {
    topology: HOST,
    costs: { ...costs, transports: { [HOST.transport]: FREE } },
    crypto: 'modelled',
  } as const;
  const { roles } = await workOf(simRuntime, { ...specOf(placement, mac), simulation }, SIMULATED_TIMES, signal);
  return new Map(roles.map(({ role, cpuUs }) => [role, cpuUs]));
}

const SIMULATED_TIMES: PlacementTimes = { warmUpMs: 100, timeMs: 100 };
const HOST: Topology = {
  name: 'calibration',
  summary: 'where nothing but steps takes time',
  kind: 'shared-host',
  cores: 2,
  transport: 'none',
};
const NOTHING = { us: 0, usPerKilobyte: 0 };
const FREE: TransportCosts = {
  coalesces: true,
  steps: 1,
  turn: NOTHING,
  jitter: 0,
  wake: { ...NOTHING, usPerNeighbour: 0 },
  wakeIdleUs: 0,
  interruptUs: 0,
  wakeLatencyUs: 0,
  read: NOTHING,
  receive: NOTHING,
  send: NOTHING,
  write: NOTHING,
};

function specOf(
  { protocol, protocolOptions, faults, service, serviceOptions, clients, drivers }: Placement,
  mac: string,
): RunSpec {
  return {
    protocol,
    protocolOptions,
    faults,
    service,
    serviceOptions,
    mac,
    seed: 1,
    load: { clients, outstanding: 1, drivers, objects: 'private', queryShare: 0 },
  };
}

const GRACE_US = 1e6;

async function workOf(runtime: Runtime, spec: RunSpec, { warmUpMs, timeMs }: PlacementTimes, signal: AbortSignal) {
  const deployment: RunningDeployment = await runtime.launch(spec, signal);
  try {
    await deployment.startLoad();
    await deployment.advance(warmUpMs * 1e3);
    const first = await deployment.sample();
    await deployment.advance(timeMs * 1e3);
    const second = await deployment.sample();
    const histories = await deployment.stopLoad(GRACE_US);
    const window = windowOf(first, second);
    const { operations, latency } = completionsIn(window, histories);
    if (latency === undefined)
      throw new RuntimeFailure(`no operation ended in ${timeMs} ms: is the machine overloaded?`);
    const roles = (['replica', 'driver'] as const).map((role) => roleWork(role, first, second, operations));
    return { nodes: second.length, roles, latency, elapsedUs: (window.endUs - window.startUs) / operations };
  } finally {
    await deployment.close();
  }
}

function roleWork(
  role: Role,
  first: readonly NodeSample[],
  second: readonly NodeSample[],
  operations: number,
): RoleWork {
  const sum = (of: (sample: NodeSample) => number) =>
    second.reduce((total, after, index) => {
      const before = first[index];
      return before === undefined || after.node.role !== role ? total : total + of(after) - of(before);
    }, 0) / operations;
  const messages = sum(({ traffic }) => traffic.messagesSent + traffic.messagesReceived);
  return {
    role,
    turns: sum(({ activity }) => activity?.turns ?? 0),
    wakes: sum(({ activity }) => activity?.wakes ?? 0),
    preemptions: sum(({ activity }) => activity?.preemptions ?? 0),
    reads: sum(({ activity }) => activity?.reads ?? 0),
    writes: sum(({ activity }) => activity?.writes ?? 0),
    messages,
    kilobytes:
      sum(({ traffic }) => traffic.bytesSent + traffic.bytesReceived) / 1024 + (messages * FRAME_HEADER_BYTES) / 1024,
    cpuUs: sum(({ cpuUs }) => cpuUs ?? 0),
    collections: sum(({ activity }) => activity?.collections ?? 0),
    collectionUs: sum(({ activity }) => activity?.collectionUs ?? 0),
  };
}
