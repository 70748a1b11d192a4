import type { NodeNumber } from './addresses.ts';
import { Doorbell } from './doorbell.ts';
import { type SharedRing, sharedRing, sharedRingBytes } from './shared-ring.ts';

/** Shared memory with a ring for every directed pair of nodes and a doorbell for every node. Its parts are found by number. */
export interface RingMesh {
  readonly memory: SharedArrayBuffer;
  readonly nodes: number;
  /** Capacity of one ring. */
  readonly ringBytes: number;
}

/** Holds a turn's messages of some hundred clients. */
const MOST_RING_BYTES = 128 * 1024;
const LEAST_RING_BYTES = 4 * 1024;
/** For all rings together. Those of nodes that never talk are not touched, and take addresses but no memory. */
const MOST_MESH_BYTES = 1024 ** 3;
const DOORBELL_BYTES = 128;

export function createRingMesh(nodes: number): RingMesh {
  const share = MOST_MESH_BYTES / nodes ** 2;
  const ringBytes = Math.max(LEAST_RING_BYTES, Math.min(MOST_RING_BYTES, 2 ** Math.floor(Math.log2(share))));
  const memory = new SharedArrayBuffer(nodes * DOORBELL_BYTES + nodes ** 2 * sharedRingBytes(ringBytes));
  return { memory, nodes, ringBytes };
}

export function ringBetween({ memory, nodes, ringBytes }: RingMesh, from: NodeNumber, to: NodeNumber): SharedRing {
  const offset = nodes * DOORBELL_BYTES + (from * nodes + to) * sharedRingBytes(ringBytes);
  return sharedRing(memory, offset, ringBytes);
}

export function doorbellOf({ memory }: RingMesh, node: NodeNumber): Doorbell {
  return new Doorbell(new Int32Array(memory, node * DOORBELL_BYTES, 1));
}
