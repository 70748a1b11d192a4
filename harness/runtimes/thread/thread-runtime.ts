import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { Piscina } from 'piscina';
import { nodeRoles } from '../../node/addresses.ts';
import { isNodeMessage } from '../../node/control.ts';
import { nodeEntry } from '../../node/entry.ts';
import { failureReason } from '../../node/failure-reason.ts';
import type { PeerPort } from '../../node/port-link.ts';
import { systemOf } from '../../node/system.ts';
import type { ThreadTask } from '../../node/thread-node.ts';
import { Deployment } from '../deployment.ts';
import { launching } from '../launching.ts';
import { type NodeChannel, RemoteNode } from '../remote-node.ts';
import type { NodeRole, RunSpec, Runtime, RuntimeFailure } from '../runtime.ts';

/** One worker thread of this process for every replica and every client driver, connected by message ports. */
export const threadRuntime: Runtime = {
  name: 'thread',
  summary: 'one worker thread for each replica and client driver, message ports',
  launch: (spec, signal) =>
    launching(signal, () => {
      const { replicas } = systemOf(spec).protocol;
      const roles = nodeRoles(replicas, spec.load.drivers);
      const pool = createPool(nodeEntry('thread-entry'), roles.length);
      const deployment = new Deployment(signal, () => pool.destroy());
      return { deployment, bringUp: () => bringUp(deployment, pool, spec, roles, replicas) };
    }),
};

/** Nodes are tasks that last as long as their threads, one a thread. */
function createPool(filename: string, threads: number): Piscina {
  const pool = new Piscina({
    filename,
    name: 'runNode',
    minThreads: threads,
    maxThreads: threads,
    concurrentTasksPerWorker: 1,
    idleTimeout: Number.POSITIVE_INFINITY,
    // A worker that waits for tasks on an atomic stands still with all its ports.
    atomics: 'disabled',
    recordTiming: false,
  });
  // A thread that ends fails its task, and with that its node; without a task there is nothing to tell.
  pool.on('error', () => {});
  return pool;
}

async function bringUp(
  deployment: Deployment,
  pool: Piscina,
  spec: RunSpec,
  roles: readonly NodeRole[],
  replicas: number,
): Promise<void> {
  const mesh = createMesh(roles.length, replicas);
  const readBytes = new Int32Array(new SharedArrayBuffer(4 * roles.length ** 2));
  for (const [number, role] of roles.entries()) {
    const { port1, port2 } = new MessageChannel();
    const task = { setup: { spec, role }, control: port2, ports: mesh[number] ?? [], readBytes };
    deployment.add(startNode(pool, port1, task, (failure) => deployment.fail(failure)));
  }
  await Promise.all(deployment.nodes.map((node) => node.ask({ type: 'start' }, 'done')));
}

function startNode(
  pool: Piscina,
  control: MessagePort,
  task: ThreadTask,
  onFailure: (failure: RuntimeFailure) => void,
): RemoteNode {
  const transferList = [task.control, ...task.ports.map(({ port }) => port)];
  const life: Promise<unknown> = pool.run(task, { transferList });
  const gone = life.then(
    () => 'its thread ended',
    (error: unknown) => failureReason(error),
  );
  const channel: NodeChannel = {
    post: (envelope) => control.postMessage(envelope),
    // Threads of one pool end together.
    kill: () => void pool.destroy(),
    gone: gone.then((reason) => {
      node.failed(reason);
      control.close();
    }),
  };
  const node: RemoteNode = new RemoteNode(task.setup.role, channel, onFailure);
  control.on('message', (message: unknown) => {
    if (isNodeMessage(message)) node.heard(message);
  });
  return node;
}

/** A channel for each pair of nodes; drivers don't talk to drivers. By node: its ports to the others. */
function createMesh(nodes: number, replicas: number): readonly (readonly PeerPort[])[] {
  const ports: PeerPort[][] = Array.from({ length: nodes }, () => []);
  for (let a = 0; a < replicas; a++) {
    for (let b = a + 1; b < nodes; b++) {
      const { port1, port2 } = new MessageChannel();
      ports[a]?.push({ node: b, port: port1 });
      ports[b]?.push({ node: a, port: port2 });
    }
  }
  return ports;
}
