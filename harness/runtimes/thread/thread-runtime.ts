import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { Piscina } from 'piscina';
import { nodeNumber, nodeRoles } from '../../node/addresses.ts';
import { isNodeMessage } from '../../node/control.ts';
import type { Doorbell } from '../../node/doorbell.ts';
import { nodeEntry } from '../../node/entry.ts';
import { failureReason } from '../../node/failure-reason.ts';
import { createRingMesh, doorbellOf } from '../../node/ring-mesh.ts';
import { systemOf } from '../../node/system.ts';
import type { ThreadTask } from '../../node/thread-node.ts';
import { Deployment } from '../deployment.ts';
import { launching } from '../launching.ts';
import { type NodeChannel, RemoteNode } from '../remote-node.ts';
import type { NodeRole, RunSpec, Runtime, RuntimeFailure } from '../runtime.ts';

/** One worker thread of this process for every replica and every client driver, connected by rings in shared memory. */
export const threadRuntime: Runtime = {
  name: 'thread',
  summary: 'one worker thread for each replica and client driver, rings in shared memory',
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
  const mesh = createRingMesh(roles.length);
  for (const role of roles) {
    const { port1, port2 } = new MessageChannel();
    const task = { setup: { spec, role, incarnation: 0 }, control: port2, mesh };
    const doorbell = doorbellOf(mesh, nodeNumber(role, replicas));
    deployment.add(startNode(pool, port1, task, doorbell, (failure) => deployment.fail(failure)));
  }
  await Promise.all(deployment.nodes.map((node) => node.ask({ type: 'start' }, 'done')));
}

function startNode(
  pool: Piscina,
  control: MessagePort,
  task: ThreadTask,
  doorbell: Doorbell,
  onFailure: (failure: RuntimeFailure) => void,
): RemoteNode {
  const life: Promise<unknown> = pool.run(task, { transferList: [task.control] });
  const gone = life.then(
    () => 'its thread ended',
    (error: unknown) => failureReason(error),
  );
  const channel: NodeChannel = {
    post: (envelope) => {
      control.postMessage(envelope);
      // A thread that sleeps on its doorbell hears nothing else.
      doorbell.ring();
    },
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
