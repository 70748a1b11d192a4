import type { Microseconds } from '../../src/kernel/time.ts';
import type { NodeSample } from '../runtimes/runtime.ts';
import type { DriverHistory } from '../workload/history.ts';
import type { ControlAnswer, ControlRequest } from './control.ts';
import type { Node } from './node.ts';

/** CPU time and memory of a node, and what its event loop did, as its runtime can tell. */
export type ResourceUsage = () => Pick<NodeSample, 'cpuUs' | 'residentBytes' | 'activity'>;

/** Requests that every real runtime's nodes answer alike. */
export type NodeRequest = Exclude<ControlRequest, LinkRequest>;

/** Requests that concern how a process comes to its links. */
export type LinkRequest = Extract<ControlRequest, { readonly type: 'setup' | 'connect' | 'disconnect' | 'reconnect' }>;

export function isLinkRequest(request: ControlRequest): request is LinkRequest {
  return ['setup', 'connect', 'disconnect', 'reconnect'].includes(request.type);
}

const DONE: ControlAnswer = { type: 'done' };

/** Carries out one control request on a node that is made and linked. */
export async function carryOut(request: NodeRequest, node: Node, usage: ResourceUsage): Promise<ControlAnswer> {
  switch (request.type) {
    case 'start':
      node.start();
      return DONE;
    case 'start-load':
      node.load?.start();
      return DONE;
    case 'sample':
      return { type: 'sample', sample: { ...node.sample(), ...usage() } };
    case 'stop-load':
      return { type: 'history', history: await stopLoad(node, request.graceUs) };
    case 'close':
      node.close();
      return DONE;
  }
}

function stopLoad({ load }: Node, graceUs: Microseconds): Promise<DriverHistory | undefined> {
  if (load === undefined) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    const grace = setTimeout(() => resolve(load.history()), graceUs / 1e3);
    load.stop(() => {
      clearTimeout(grace);
      resolve(load.history());
    });
  });
}
