import type { Microseconds } from '../../../src/kernel/time.ts';
import { MILLISECOND, SECOND } from '../../../src/kernel/time.ts';
import type { RandomStream } from '../../node/random.ts';

/** The least time-out beside the round trip: TCP_RTO_MIN of Linux. RFC 6298 asks for 1 s, which hardly any system keeps. */
const LEAST_TIMEOUT_US = 200 * MILLISECOND;
/** TCP_RTO_MAX of Linux. */
const MOST_TIMEOUT_US = 120 * SECOND;
/** Acknowledgements that repeat themselves until the sender takes a packet for lost (RFC 5681, section 3.2). */
const DUPLICATES = 3;
/** After so many the real sender would give up; what a run sees is a connection that stands still. */
const MOST_REPEATS = 15;

/** A message on its way over a stream that has lost one of its packets. */
export interface LossyMessage {
  /** Probability that a packet is lost. */
  readonly loss: number;
  /** Packets of the message behind the lost one. */
  readonly followers: number;
  /** Since the sender's last write to this receiver. */
  readonly gapUs: Microseconds;
  readonly roundTripUs: Microseconds;
}

/** Probability that at least one of so many packets is lost. */
export function lossOf(loss: number, packets: number): number {
  return packets === 1 ? loss : 1 - (1 - loss) ** packets;
}

/**
 * How much later than without loss a stream delivers a message that has lost a packet. TCP never loses bytes. It repeats a packet
 * either a round trip after the third packet behind it has left (fast retransmit) or, where too few follow, when its timer runs out, a round
 * trip and 200 ms after it has left; whichever is sooner. Small messages, mostly a packet each, are followed by those of later writes: that as
 * many come as came before, in `gapUs` each, is an assumption, as the future is not known here. If the repeated packet is lost as well, only the
 * timer helps, which doubles whenever it has run out. Not modelled: Linux since 3.10 mends the last packets of a long message sooner, by a
 * probe after two round trips.
 */
export function retransmissionUs(message: LossyMessage, random: RandomStream): Microseconds {
  const { loss, followers, gapUs, roundTripUs } = message;
  const missing = Math.max(0, DUPLICATES - followers);
  const waitUs = missing === 0 ? 0 : Math.min(LEAST_TIMEOUT_US, missing * gapUs);
  let lateUs = roundTripUs + waitUs;
  let timeoutUs = (waitUs < LEAST_TIMEOUT_US ? 1 : 2) * (roundTripUs + LEAST_TIMEOUT_US);
  for (let repeats = 1; repeats < MOST_REPEATS && random() < loss; repeats++) {
    lateUs += timeoutUs;
    timeoutUs = Math.min(2 * timeoutUs, MOST_TIMEOUT_US);
  }
  return lateUs;
}
