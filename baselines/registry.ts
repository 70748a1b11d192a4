import { type Protocol, registerable } from '../src/kernel/erased-protocol.ts';
import { qu } from '../src/qu/protocol.ts';
import { rcw } from '../src/rcw/protocol.ts';
import { pbft } from './pbft/protocol.ts';
import { unreplicated } from './unreplicated/protocol.ts';

/** Every protocol that can be measured; adding one here gives it all suites, runtimes, checks and reports. */
export const protocols: readonly Protocol[] = [
  registerable(qu),
  registerable(rcw),
  registerable(pbft),
  registerable(unreplicated),
];

/** Throws an Error that a person can act on if there is no such protocol. */
export function protocolNamed(name: string): Protocol {
  const protocol = protocols.find((candidate) => candidate.name === name);
  if (protocol !== undefined) return protocol;
  throw new Error(`unknown protocol '${name}'; there are ${protocols.map((candidate) => candidate.name).join(', ')}`);
}
