import { FIRST_CLIENT, type ParticipantId } from '../../src/kernel/identifiers.ts';
import type { LoadSpec, NodeRole } from '../runtimes/runtime.ts';
import { driverOfSession, sessionCount } from '../workload/sessions.ts';

/** Nodes are numbered: replica r is node r, driver d is node n + d. */
export type NodeNumber = number;

export function nodeNumber(role: NodeRole, replicas: number): NodeNumber {
  return role.role === 'replica' ? role.replica : replicas + role.driver;
}

/** As it appears in messages for people. */
export function nodeName(role: NodeRole): string {
  return role.role === 'replica' ? `replica ${role.replica}` : `client driver ${role.driver}`;
}

/** Every node of a deployment, replicas first. */
export function nodeRoles(replicas: number, drivers: number): readonly NodeRole[] {
  return [
    ...Array.from({ length: replicas }, (_, replica): NodeRole => ({ role: 'replica', replica })),
    ...Array.from({ length: drivers }, (_, driver): NodeRole => ({ role: 'driver', driver })),
  ];
}

/**
 * Where participants live. Replicas and clients are given consecutive slots, so that the way from a participant's
 * number to its node is two array reads; slot -1 means that there is no such participant.
 */
export class Addresses {
  readonly slots: number;
  readonly #replicas: number;
  readonly #nodes: Uint16Array;

  constructor(replicas: number, load: LoadSpec) {
    this.#replicas = replicas;
    this.slots = replicas + sessionCount(load);
    this.#nodes = new Uint16Array(this.slots);
    for (let replica = 0; replica < replicas; replica++) this.#nodes[replica] = replica;
    for (let session = 0; session < sessionCount(load); session++) {
      this.#nodes[replicas + session] = replicas + driverOfSession(load, session);
    }
  }

  slot(participant: ParticipantId): number {
    if (participant < this.#replicas) return participant;
    if (participant < FIRST_CLIENT) return -1;
    const slot = this.#replicas + (participant - FIRST_CLIENT);
    return slot < this.slots ? slot : -1;
  }

  /** The node of a slot; -1 if there is no such slot. */
  node(slot: number): NodeNumber {
    return this.#nodes[slot] ?? -1;
  }
}
