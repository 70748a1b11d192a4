import { nodeNumber } from './addresses.ts';
import type { ControlAnswer, ControlRequest, NodeMessage } from './control.ts';
import { isRequestEnvelope } from './control.ts';
import { failureReason } from './failure-reason.ts';
import { Node } from './node.ts';
import { carryOut } from './node-program.ts';
import { SocketLink } from './socket-link.ts';
import { systemOf } from './system.ts';

/** One node as an operating-system process: a child that takes requests over its IPC channel, and ends when the channel does. */
interface Running {
  readonly node: Node;
  readonly link: SocketLink;
}

let running: Running | undefined;

function say(message: NodeMessage, then?: () => void): void {
  if (!process.connected) return then?.();
  process.send?.(message, undefined, undefined, () => then?.());
}

function fail(error: unknown): void {
  say({ type: 'failed', reason: failureReason(error) }, () => process.exit(1));
}

async function answer(request: ControlRequest): Promise<ControlAnswer> {
  if (request.type === 'setup') {
    const system = systemOf(request.setup.spec);
    const { role } = request.setup;
    const { replicas } = system.protocol;
    const link = new SocketLink({
      self: nodeNumber(role, replicas),
      replicas,
      nodes: replicas + request.setup.spec.load.drivers,
      token: request.token,
      onMessage: (from, to, payload) => node.receive(from, to, payload),
      onTurn: () => node.checkTimers(),
    });
    const node = new Node(system, role, link);
    running = { node, link };
    if (request.listen === undefined) return { type: 'done' };
    return { type: 'listening', address: await link.listen(request.listen) };
  }
  if (running === undefined) throw new Error(`asked to '${request.type}' before 'setup'`);
  if (request.type === 'connect') {
    await running.link.connect(request.addresses);
    return { type: 'done' };
  }
  return carryOut(request, running.node, () => {
    const { user, system } = process.cpuUsage();
    return { cpuUs: user + system, residentBytes: process.memoryUsage.rss() };
  });
}

process.on('uncaughtException', fail);
process.on('unhandledRejection', fail);
// The parent is told of Ctrl-C, too, and ends its nodes in order.
process.on('SIGINT', () => {});
process.on('disconnect', () => process.exit(0));
process.on('message', (envelope) => {
  if (!isRequestEnvelope(envelope)) return;
  const { id, request } = envelope;
  answer(request).then(
    (value) => say({ type: 'answer', id, answer: value }, request.type === 'close' ? () => process.exit(0) : undefined),
    fail,
  );
});
