import type { SocketAddress } from '../../node/control.ts';
import { nodeEntry } from '../../node/entry.ts';
import { systemOf } from '../../node/system.ts';
import { launching } from '../launching.ts';
import type { Runtime } from '../runtime.ts';
import { ProcessDeployment } from './process-deployment.ts';
import { createSocketDirectory, type SocketDirectory } from './socket-directory.ts';

export interface ProcessRuntimeOptions {
  readonly name: string;
  readonly transport: 'unix' | 'tcp';
  /** TCP: replica r listens on this port + r; 0, the default, lets the system choose free ones. */
  readonly firstPort?: number;
}

/** One operating-system process for every replica and every client driver, connected by sockets of this host. */
export function processRuntime({ name, transport, firstPort = 0 }: ProcessRuntimeOptions): Runtime {
  const sockets = transport === 'unix' ? 'Unix-domain sockets' : 'TCP over loopback';
  return {
    name,
    summary: `one process, with a single-threaded collector, for each replica and client driver; ${sockets}`,
    launch: (spec, signal) =>
      launching(signal, async () => {
        const replicas = systemOf(spec).protocol.replicas;
        const entry = nodeEntry('process-entry');
        const directory = transport === 'unix' ? await createSocketDirectory() : undefined;
        const listen = (replica: number) => listenAddress(replica, firstPort, directory);
        const plan = { spec, replicas, entry, listen };
        const deployment = new ProcessDeployment(plan, signal, () => directory?.remove() ?? Promise.resolve());
        return { deployment, bringUp: () => deployment.bringUp() };
      }),
  };
}

function listenAddress(replica: number, firstPort: number, directory: SocketDirectory | undefined): SocketAddress {
  if (directory !== undefined) return { transport: 'unix', path: directory.socketOf(replica) };
  return { transport: 'tcp', port: firstPort === 0 ? 0 : firstPort + replica };
}
