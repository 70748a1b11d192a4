import type { MessagePort } from 'node:worker_threads';
import { nodeNumber } from './addresses.ts';
import { isRequestEnvelope, type NodeMessage, type NodeSetup, type RequestEnvelope } from './control.ts';
import { failureReason } from './failure-reason.ts';
import { Node } from './node.ts';
import { carryOut, isLinkRequest } from './node-program.ts';
import { RingLink } from './ring-link.ts';
import { RingLoop } from './ring-loop.ts';
import type { RingMesh } from './ring-mesh.ts';
import { systemOf } from './system.ts';
import { threadUsage } from './thread-usage.ts';

/** What a thread is handed to become a node; the port is moved to it. */
export interface ThreadTask {
  readonly setup: NodeSetup;
  readonly control: MessagePort;
  readonly mesh: RingMesh;
}

/** One node as the single task of a worker thread: it takes requests over its control port, and ends with 'close'. */
export function hostNode({ setup, control, mesh }: ThreadTask): Promise<void> {
  const { spec, role, incarnation } = setup;
  const system = systemOf(spec);
  const { replicas } = system.protocol;
  const usage = threadUsage();
  const link = new RingLink({
    self: nodeNumber(role, replicas),
    replicas,
    mesh,
    onMessage: (from, to, payload) => node.receive(from, to, payload),
    onTurn: () => node.checkTimers(),
  });
  const node = new Node(system, role, link, incarnation);
  const loop = new RingLoop({ link, nextDeadlineUs: () => node.nextDeadlineUs() });
  loop.start();
  const say = (message: NodeMessage): void => control.postMessage(message);
  return new Promise((resolve) => {
    const answer = async ({ id, request }: RequestEnvelope): Promise<void> => {
      if (isLinkRequest(request)) throw new Error(`a thread needs no '${request.type}'`);
      say({ type: 'answer', id, answer: await carryOut(request, node, usage) });
      if (request.type !== 'close') return;
      loop.stop();
      control.close();
      resolve();
    };
    control.on('message', (envelope: unknown) => {
      if (!isRequestEnvelope(envelope)) return;
      answer(envelope).catch((error: unknown) => {
        say({ type: 'failed', reason: failureReason(error) });
        node.close();
        loop.stop();
        resolve();
      });
    });
  });
}
