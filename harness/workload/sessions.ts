import { type ClientId, FIRST_CLIENT } from '../../src/kernel/identifiers.ts';
import type { LoadSpec } from '../runtimes/runtime.ts';

/**
 * One operation that a client keeps under way. Each of a client's `outstanding` operations is a protocol client of its own,
 * with its own number and keys, because PBFT-style clients are allowed one outstanding request each.
 */
export interface Session {
  /** From 0, over all drivers. */
  readonly index: number;
  readonly id: ClientId;
  /** Of the object that it works on, or what those begin with; the same on all drivers where it is shared. */
  readonly objectName: string;
}

export function sessionCount(load: LoadSpec): number {
  return load.clients * load.outstanding;
}

/** The driver that runs a session; all sessions of one client run on the same. */
export function driverOfSession(load: LoadSpec, index: number): number {
  return Math.floor(index / load.outstanding) % load.drivers;
}

export function sessionsOfDriver(load: LoadSpec, driver: number): readonly Session[] {
  const sessions: Session[] = [];
  for (let index = 0; index < sessionCount(load); index++) {
    if (driverOfSession(load, index) !== driver) continue;
    const object = load.objects === 'private' ? index : 0;
    sessions.push({ index, id: FIRST_CLIENT + index, objectName: `object-${object}` });
  }
  return sessions;
}
