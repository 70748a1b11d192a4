import { randomBytes } from 'node:crypto';
import { nodeRoles } from '../../node/addresses.ts';
import type { SocketAddress } from '../../node/control.ts';
import { nodeEntry } from '../../node/entry.ts';
import { systemOf } from '../../node/system.ts';
import { Deployment } from '../deployment.ts';
import { launching } from '../launching.ts';
import type { RunSpec, Runtime } from '../runtime.ts';
import { createSocketDirectory, type SocketDirectory } from './socket-directory.ts';
import { spawnNode } from './spawn-node.ts';

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
        const { replicas } = systemOf(spec).protocol;
        const entry = nodeEntry('process-entry');
        const directory = transport === 'unix' ? await createSocketDirectory() : undefined;
        const deployment = new Deployment(signal, () => directory?.remove() ?? Promise.resolve());
        const listen = (replica: number) => listenAddress(replica, firstPort, directory);
        return { deployment, bringUp: () => bringUp(deployment, spec, replicas, entry, listen) };
      }),
  };
}

function listenAddress(replica: number, firstPort: number, directory: SocketDirectory | undefined): SocketAddress {
  if (directory !== undefined) return { transport: 'unix', path: directory.socketOf(replica) };
  return { transport: 'tcp', port: firstPort === 0 ? 0 : firstPort + replica };
}

/** All nodes start at the same time; then replicas listen, then all connect, then all start. */
async function bringUp(
  deployment: Deployment,
  spec: RunSpec,
  replicas: number,
  entry: string,
  listen: (replica: number) => SocketAddress,
): Promise<void> {
  const token = randomBytes(16).toString('hex');
  for (const role of nodeRoles(replicas, spec.load.drivers)) {
    deployment.add(spawnNode(entry, role, (failure) => deployment.fail(failure)));
  }
  const addresses = await Promise.all(
    deployment.nodes.map(async (node) => {
      const { role } = node;
      const setup = { spec, role };
      if (role.role === 'driver') {
        await node.ask({ type: 'setup', setup, listen: undefined, token }, 'done');
        return undefined;
      }
      const request = { type: 'setup', setup, listen: listen(role.replica), token } as const;
      return (await node.ask(request, 'listening')).address;
    }),
  );
  const replicaAddresses = addresses.filter((address) => address !== undefined);
  await Promise.all(deployment.nodes.map((node) => node.ask({ type: 'connect', addresses: replicaAddresses }, 'done')));
  await Promise.all(deployment.nodes.map((node) => node.ask({ type: 'start' }, 'done')));
}
