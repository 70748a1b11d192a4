import { z } from 'zod';

/** A load of nodes that exchange messages and do nothing else. */
export const transportPoint = z.strictObject({
  peers: z.int().min(1).describe('nodes that echo'),
  messages: z.int().min(1).describe('messages that a round sends to each peer at once, in one turn'),
  requestBytes: z.int().min(1),
  replyBytes: z.int().min(0),
  messagesPerReply: z.int().min(1).describe('of so many messages one is answered; divides those of a round'),
  rounds: z.int().min(1).describe('under way at once; with one, nodes sleep until the others have done their part'),
});
export type TransportPoint = z.output<typeof transportPoint>;

const point = (changes: Partial<TransportPoint>): TransportPoint => ({
  peers: 1,
  messages: 1,
  requestBytes: 64,
  replyBytes: 64,
  messagesPerReply: 1,
  rounds: 1,
  ...changes,
});

/** The first is the round trip of one small message, whose latency is that of waking. */
export const ROUND_TRIP: TransportPoint = point({});

/** Each kind of amount varies against the others: messages against turns, reads against writes, bytes against messages, sleep against work. */
export function transportPoints(short: boolean): readonly TransportPoint[] {
  const least = [
    ROUND_TRIP,
    point({ messages: 16 }),
    point({ requestBytes: 8_192, replyBytes: 64 }),
    point({ peers: 4, messages: 4 }),
    point({ peers: 4, messages: 4, rounds: 16, messagesPerReply: 4 }),
  ];
  if (short) return least;
  return [
    ...least,
    point({ messages: 64 }),
    point({ messages: 16, messagesPerReply: 16 }),
    point({ messages: 16, requestBytes: 1_024, replyBytes: 1_024 }),
    point({ messages: 4, requestBytes: 64, replyBytes: 8_192 }),
    point({ peers: 4 }),
    point({ peers: 4, messages: 4, requestBytes: 1_024, replyBytes: 256 }),
    point({ peers: 4, rounds: 16 }),
    point({ peers: 4, messages: 4, rounds: 16, requestBytes: 1_024, replyBytes: 1_024 }),
    point({ peers: 12 }),
    point({ peers: 12, messages: 16 }),
    point({ peers: 12, messages: 4, rounds: 16 }),
    point({ peers: 12, rounds: 16, requestBytes: 1_024, replyBytes: 512 }),
  ];
}
