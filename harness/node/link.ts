import type { ParticipantId } from '../../src/kernel/identifiers.ts';
import type { NodeNumber } from './addresses.ts';

/** How a node's messages reach other nodes. Frames to one node are collected and leave together, once a turn of the event loop. */
export interface Link {
  /** Sends one message, or drops and counts it if the node is gone or does not keep up. Never calls back before it returns. */
  send(node: NodeNumber, from: ParticipantId, to: ParticipantId, payload: Uint8Array): void;
  /** Events since the start, such as messages dropped, by counter name. */
  readonly counters: ReadonlyMap<string, number>;
  close(): void;
}

/** Takes a message that came in over a link. Its bytes are never written again: protocols keep views of them for as long as they need. */
export type MessageHandler = (from: ParticipantId, to: ParticipantId, payload: Uint8Array) => void;

/** Names of a link's counters. */
export const LinkCounter = {
  /** Messages dropped because the receiving node is not connected. */
  unreachable: 'link.dropped.unreachable',
  /** Messages dropped because too much is waiting for the receiving node: it does not read. */
  congested: 'link.dropped.congested',
  /** Connections closed because their bytes broke the framing. */
  malformed: 'link.closed.malformed',
  /** Connections closed because they did not say which node of this deployment they come from. */
  unidentified: 'link.closed.unidentified',
} as const;

/** Counter of messages that named no participant of the receiving node. */
export const MISADDRESSED = 'node.dropped.misaddressed';

/** Most bytes that may wait for one node; beyond it messages are dropped. */
export const MOST_WAITING_BYTES = 16 * 1024 * 1024;
