import { rmdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { performance } from 'node:perf_hooks';
import { nodeNumber } from './addresses.ts';
import { type ControlAnswer, type ControlRequest, isRequestEnvelope } from './control.ts';
import { GarbageCollections } from './garbage-collections.ts';
import { Node } from './node.ts';
import { carryOut, isLinkRequest, type ResourceUsage } from './node-program.ts';
import { endWith, sayToParent } from './parent-channel.ts';
import { SocketLink } from './socket-link.ts';
import { systemOf } from './system.ts';

interface Running {
  readonly node: Node;
  readonly link: SocketLink;
  /** Path of the Unix socket that it listens on. */
  readonly socket: string | undefined;
}

type SetupRequest = Extract<ControlRequest, { readonly type: 'setup' }>;

function processUsage({ connectionCounts }: SocketLink, collections: GarbageCollections): ReturnType<ResourceUsage> {
  const { user, system } = process.cpuUsage();
  const { voluntaryContextSwitches, involuntaryContextSwitches } = process.resourceUsage();
  const activity = {
    turns: performance.nodeTiming.uvMetricsInfo.loopCount,
    wakes: voluntaryContextSwitches,
    preemptions: involuntaryContextSwitches,
    ...connectionCounts,
    ...collections.counts,
  };
  return { cpuUs: user + system, residentBytes: process.memoryUsage.rss(), activity };
}

/** One node as an operating-system process: takes requests over the IPC channel, the first of them 'setup'. */
export function hostNode(): void {
  let running: Running | undefined;
  const collections = new GarbageCollections();
  const answer = async (request: ControlRequest): Promise<ControlAnswer> => {
    if (request.type === 'setup') {
      running = setUp(request);
      if (request.listen === undefined) return { type: 'done' };
      return { type: 'listening', address: await running.link.listen(request.listen) };
    }
    if (running === undefined) throw new Error(`asked to '${request.type}' before 'setup'`);
    const { node, link } = running;
    if (!isLinkRequest(request)) return carryOut(request, node, () => processUsage(link, collections));
    if (request.type === 'connect') await link.connect(request.addresses);
    else if (request.type === 'disconnect') link.disconnect(request.replica);
    else await link.reconnect(request.replica, request.address);
    return { type: 'done' };
  };
  process.once('exit', () => {
    // If the parent was killed, its socket directory goes with the last replica's socket.
    running?.node.close();
    if (running?.socket !== undefined) removeIfEmpty(dirname(running.socket));
  });
  process.on('message', (envelope) => {
    if (!isRequestEnvelope(envelope)) return;
    const { id, request } = envelope;
    const then = request.type === 'close' ? () => process.exit(0) : undefined;
    answer(request).then((value) => sayToParent({ type: 'answer', id, answer: value }, then), endWith);
  });
}

function setUp({ setup: { spec, role, incarnation }, listen, token }: SetupRequest): Running {
  const system = systemOf(spec);
  const { replicas } = system.protocol;
  const link = new SocketLink({
    self: nodeNumber(role, replicas),
    replicas,
    nodes: replicas + spec.load.drivers,
    token,
    onMessage: (from, to, payload) => node.receive(from, to, payload),
    onTurn: () => node.checkTimers(),
  });
  const node = new Node(system, role, link, incarnation);
  return { node, link, socket: listen?.transport === 'unix' ? listen.path : undefined };
}

function removeIfEmpty(directory: string): void {
  try {
    rmdirSync(directory);
  } catch {
    // Others are still in it, or it is gone.
  }
}
