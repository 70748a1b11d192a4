import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import type { ReplicaId } from '../../../src/kernel/identifiers.ts';
import { nodeNumber, nodeRoles } from '../../node/addresses.ts';
import type { SocketAddress } from '../../node/control.ts';
import { Deployment } from '../deployment.ts';
import type { RemoteNode } from '../remote-node.ts';
import { type NodeRole, type RunSpec, RuntimeFailure } from '../runtime.ts';
import { spawnNode } from './spawn-node.ts';

export interface ProcessPlan {
  readonly spec: RunSpec;
  readonly replicas: number;
  /** File that a node's process begins with. */
  readonly entry: string;
  /** Where a replica is to listen. */
  readonly listen: (replica: ReplicaId) => SocketAddress;
}

/** Nodes that are processes, connected by sockets. */
export class ProcessDeployment extends Deployment {
  readonly #plan: ProcessPlan;
  readonly #token = randomBytes(16).toString('hex');
  /** Where each replica listens. */
  readonly #addresses: SocketAddress[] = [];
  /** How often each replica was put in the place of another. */
  readonly #incarnations: number[];
  #restarting: Promise<void> = Promise.resolve();

  constructor(plan: ProcessPlan, signal: AbortSignal, release: () => Promise<void>) {
    super(signal, release);
    this.#plan = plan;
    this.#incarnations = new Array<number>(plan.replicas).fill(0);
  }

  /** All nodes start at the same time; then replicas listen, then all connect, then all start. */
  async bringUp(): Promise<void> {
    const { spec, replicas } = this.#plan;
    for (const role of nodeRoles(replicas, spec.load.drivers)) this.add(this.#spawn(role));
    await Promise.all(this.nodes.map((node) => this.#setUp(node)));
    const addresses = this.#addresses;
    await Promise.all(this.nodes.map((node) => node.ask({ type: 'connect', addresses }, 'done')));
    await Promise.all(this.nodes.map((node) => node.ask({ type: 'start' }, 'done')));
  }

  /** One after the other, since nodes wait for one peer at a time. */
  restart(replica: ReplicaId): Promise<void> {
    const restarted = this.#restarting.then(() => this.guarded(this.#restart(replica)));
    this.#restarting = restarted.catch(() => {});
    return restarted;
  }

  async #restart(replica: ReplicaId): Promise<void> {
    const { replicas, listen } = this.#plan;
    const old = this.nodes[replica];
    if (old === undefined || replica >= replicas) throw new RuntimeFailure(`there is no replica ${replica} to restart`);
    await old.retire();
    const peers = this.nodes.filter((node) => node !== old);
    await Promise.all(peers.map((node) => node.ask({ type: 'disconnect', replica }, 'done')));
    const place = listen(replica);
    // What is killed leaves its socket behind.
    if (place.transport === 'unix') await rm(place.path, { force: true });
    this.#incarnations[replica] = (this.#incarnations[replica] ?? 0) + 1;
    const node = this.#spawn(old.role);
    this.replace(old, node);
    await this.#setUp(node);
    const address = this.#addresses[replica] ?? place;
    const above = peers.filter(({ role }) => nodeNumber(role, replicas) > replica);
    await Promise.all([
      node.ask({ type: 'connect', addresses: this.#addresses }, 'done'),
      ...above.map((peer) => peer.ask({ type: 'reconnect', replica, address }, 'done')),
    ]);
    await node.ask({ type: 'start' }, 'done');
  }

  #spawn(role: NodeRole): RemoteNode {
    return spawnNode(this.#plan.entry, role, (failure) => this.fail(failure));
  }

  async #setUp(node: RemoteNode): Promise<void> {
    const { role } = node;
    const { spec, listen } = this.#plan;
    const token = this.#token;
    if (role.role === 'driver') {
      await node.ask({ type: 'setup', setup: { spec, role, incarnation: 0 }, listen: undefined, token }, 'done');
      return;
    }
    const { replica } = role;
    const setup = { spec, role, incarnation: this.#incarnations[replica] ?? 0 };
    const answer = await node.ask({ type: 'setup', setup, listen: listen(replica), token }, 'listening');
    this.#addresses[replica] = answer.address;
  }
}
