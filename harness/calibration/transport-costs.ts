import { FRAME_HEADER_BYTES } from '../../src/wire/frame.ts';
import type { TransportCosts } from '../costs/cost-profile.ts';
import { compiledEntry } from '../node/entry.ts';
import { processRuntime } from '../runtimes/process/process-runtime.ts';
import { type NodeSample, type RunSpec, RuntimeFailure } from '../runtimes/runtime.ts';
import { fitCosts, type Observation, predicted } from './fit.ts';
import { fourDigits, measuredCost } from './measured-cost.ts';
import type { RunCheck } from './step-costs.ts';
import { ROUND_TRIP, type TransportPoint } from './transport-points.ts';

/** What one node did in some time, and the CPU time that it took. */
interface NodeWork {
  readonly amounts: ReadonlyMap<string, number>;
  readonly cpuUs: number;
}

export interface MeasuredPoint {
  readonly point: TransportPoint;
  readonly nodes: readonly NodeWork[];
  readonly rounds: number;
  readonly spanUs: number;
}

interface PointTimes {
  readonly warmUpMs: number;
  readonly timeMs: number;
}

/** Real nodes on this machine under a load of messages. Rejects with a RuntimeFailure. */
export async function measurePoint(
  transport: 'unix' | 'tcp',
  point: TransportPoint,
  { warmUpMs, timeMs }: PointTimes,
  signal: AbortSignal,
): Promise<MeasuredPoint> {
  const runtime = processRuntime({
    name: transport,
    transport,
    nodes: { entry: () => compiledEntry('calibration', 'echo-entry'), replicas: point.peers },
  });
  const deployment = await runtime.launch(specOf(point), signal);
  try {
    await deployment.startLoad();
    await deployment.advance(warmUpMs * 1e3);
    const before = await deployment.sample();
    await deployment.advance(timeMs * 1e3);
    const after = await deployment.sample();
    const pairs = after.map((sample, index) => [before[index] ?? sample, sample] as const);
    const driver = pairs.at(-1);
    if (driver === undefined) throw new RuntimeFailure('no node was measured');
    const sent = driver[1].traffic.messagesSent - driver[0].traffic.messagesSent;
    return {
      point,
      nodes: pairs.map(workBetween),
      rounds: sent / (point.peers * point.messages),
      spanUs: driver[1].atUs - driver[0].atUs,
    };
  } finally {
    await deployment.close();
  }
}

function specOf(point: TransportPoint): RunSpec {
  return {
    protocol: 'echo',
    protocolOptions: point,
    faults: 0,
    service: 'null',
    serviceOptions: {},
    mac: 'hmac-sha256',
    seed: 1,
    load: { clients: point.rounds, outstanding: 1, drivers: 1, objects: 'private', queryShare: 0 },
  };
}

const TURN = 'turn';
const WAKE = 'wake';
const READ = 'read';
const READ_KILOBYTES = 'KB read';
const RECEIVE = 'receive';
const SEND = 'send';
const WRITE = 'write';
const WRITTEN_KILOBYTES = 'KB written';

function workBetween([before, after]: readonly [NodeSample, NodeSample]): NodeWork {
  const { activity: first, traffic: sentBefore } = before;
  const { activity: last, traffic: sentAfter } = after;
  if (first === undefined || last === undefined || before.cpuUs === undefined || after.cpuUs === undefined) {
    throw new RuntimeFailure('this platform does not tell what a node did');
  }
  const received = sentAfter.messagesReceived - sentBefore.messagesReceived;
  const sent = sentAfter.messagesSent - sentBefore.messagesSent;
  const kilobytes = (bytes: number, messages: number) => (bytes + messages * FRAME_HEADER_BYTES) / 1024;
  return {
    amounts: new Map([
      [TURN, last.turns - first.turns],
      [WAKE, last.wakes - first.wakes],
      [READ, last.reads - first.reads],
      [READ_KILOBYTES, kilobytes(sentAfter.bytesReceived - sentBefore.bytesReceived, received)],
      [RECEIVE, received],
      [SEND, sent],
      [WRITE, last.writes - first.writes],
      [WRITTEN_KILOBYTES, kilobytes(sentAfter.bytesSent - sentBefore.bytesSent, sent)],
    ]),
    cpuUs: after.cpuUs - before.cpuUs,
  };
}

export interface FittedTransport {
  readonly costs: TransportCosts;
  readonly checks: readonly RunCheck[];
}

/**
 * Every node is one observation, and its error counts in relation to its time. Bytes are read and received, sent and written together: what
 * a kilobyte costs stands with reads and writes alone. A wake is told from a turn by nodes that are never out of work.
 */
export function fitTransport(points: readonly MeasuredPoint[]): FittedTransport {
  const observations = points.flatMap(({ nodes }) =>
    nodes.map(({ amounts, cpuUs }): Observation => ({ amounts, measured: cpuUs, tolerance: cpuUs })),
  );
  const costs = fitCosts(observations);
  const checks = points.map(({ point, nodes, rounds }): RunCheck => {
    const per = (sum: number) => fourDigits(sum / rounds);
    return {
      name: pointName(point),
      measuredUs: per(nodes.reduce((sum, { cpuUs }) => sum + cpuUs, 0)),
      predictedUs: per(nodes.reduce((sum, { amounts }) => sum + predicted(costs, amounts), 0)),
    };
  });
  const errors = checks
    .map(({ measuredUs, predictedUs }) => Math.abs(predictedUs / measuredUs - 1))
    .sort((a, b) => a - b);
  const spread = errors[Math.floor(errors.length / 2)] ?? 0;
  const cost = (each: string, kilobytes = '') => measuredCost(costs.get(each) ?? 0, costs.get(kilobytes) ?? 0, spread);
  return {
    costs: {
      coalesces: true,
      turn: cost(TURN),
      wake: cost(WAKE),
      wakeLatencyUs: fourDigits(wakeLatencyUs(points)),
      read: cost(READ, READ_KILOBYTES),
      receive: cost(RECEIVE),
      send: cost(SEND),
      write: cost(WRITE, WRITTEN_KILOBYTES),
    },
    checks,
  };
}

/** A round trip is two wakes, and the CPU time of both nodes one after the other. */
function wakeLatencyUs(points: readonly MeasuredPoint[]): number {
  const trip = points.find(({ point }) => point === ROUND_TRIP);
  if (trip === undefined) return 0;
  const cpuUs = trip.nodes.reduce((sum, node) => sum + node.cpuUs, 0);
  return Math.max(0, (trip.spanUs - cpuUs) / trip.rounds / 2);
}

export function pointName(point: TransportPoint): string {
  const { peers, messages, requestBytes, replyBytes, messagesPerReply, rounds } = point;
  const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`;
  return [
    counted(peers, 'peer'),
    counted(messages, 'message'),
    `${requestBytes} B there, ${replyBytes} B back`,
    ...(messagesPerReply === 1 ? [] : [`1 of ${messagesPerReply} answered`]),
    ...(rounds === 1 ? [] : [`${rounds} rounds at once`]),
  ].join(', ');
}
