import { fork } from 'node:child_process';
import { nodeName } from '../../node/addresses.ts';
import { isNodeMessage } from '../../node/control.ts';
import { RemoteNode } from '../remote-node.ts';
import type { NodeRole, RuntimeFailure } from '../runtime.ts';

/**
 * V8 options of every node's process beside those that this one was started with.
 *
 * Helper threads of the garbage collector would compete with the replicas for the shared cores, and blur what a replica's own CPU time
 * is. Compiling all code at once, without optimising, shortens the warm-up where many replicas have few requests each: 16 Q/U
 * replicas were faster by an eighth in the first seconds; once warm it makes no difference.
 */
export const NODE_OPTIONS = ['--single-threaded-gc', '--always-sparkplug'];

/** Starts one node as a child process. Its name stands among the arguments, so that `ps` tells the nodes apart. */
export function spawnNode(entry: string, role: NodeRole, onFailure: (failure: RuntimeFailure) => void): RemoteNode {
  const child = fork(entry, nodeName(role).split(' '), {
    serialization: 'advanced',
    execArgv: [...process.execArgv, ...NODE_OPTIONS],
    // Nothing of a node may get among the data on stdout.
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const gone = new Promise<void>((resolve) => {
    child.once('exit', (code, signal) => {
      const how = signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`;
      node.failed(`its process (${child.pid}) ${how}`);
      resolve();
    });
    child.once('error', (error) => {
      node.failed(`its process could not be started: ${error.message}`);
      if (child.pid === undefined) resolve();
    });
  });
  const node = new RemoteNode(
    role,
    {
      // A request to a process that has just died is answered by its 'exit' event.
      post: (envelope) => void child.send(envelope, () => {}),
      kill: () => void child.kill('SIGKILL'),
      gone,
    },
    onFailure,
  );
  child.on('message', (message) => {
    if (isNodeMessage(message)) node.heard(message);
  });
  return node;
}
