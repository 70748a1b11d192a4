import type { ClientId } from '../../src/kernel/identifiers.ts';
import type { Microseconds } from '../../src/kernel/time.ts';
import type { CompletionSegment, UnrecordedOperations } from './history.ts';
import { encodeHistogram, latencyHistogram, wholeNanoseconds } from './latency-histogram.ts';

interface Completion {
  readonly client: ClientId;
  readonly invokedUs: Microseconds;
  readonly completedUs: Microseconds;
}

/**
 * Counts and times operations that are not recorded one by one, so that a run may last as long as it likes. They are told apart by segments of
 * time only: whoever wants to know of a window must have it begin and end with a segment.
 */
export class OperationTally {
  #cutUs: Microseconds | undefined;
  #underWay = 0;
  readonly #clients = new Set<ClientId>();
  readonly #segments: CompletionSegment[] = [];
  #fromUs: Microseconds = Number.NEGATIVE_INFINITY;
  #untilUs: Microseconds = Number.NEGATIVE_INFINITY;
  /** Of the segment: */
  #operations = 0;
  #latencySumNs = 0;
  #latencyMaxUs: Microseconds = 0;
  readonly #latencies = latencyHistogram();
  readonly #served = new Set<ClientId>();
  /** Of segments that have not begun. They are few: a simulated node's clock runs ahead of the others' within one turn. */
  #early: Completion[] = [];

  invoked(client: ClientId, atUs: Microseconds): void {
    this.#cutUs ??= atUs;
    this.#clients.add(client);
    this.#underWay++;
  }

  completed(client: ClientId, invokedUs: Microseconds, completedUs: Microseconds): void {
    this.#underWay--;
    this.#count(client, invokedUs, completedUs);
  }

  /** To be called when time has come to the end of the segment before, which the new one follows; the first begins with time itself. */
  beginSegment(untilUs: Microseconds): void {
    if (this.#operations > 0) {
      this.#segments.push(this.#segment());
      this.#operations = 0;
      this.#latencySumNs = 0;
      this.#latencyMaxUs = 0;
      this.#latencies.reset();
      this.#served.clear();
    }
    this.#fromUs = this.#untilUs;
    this.#untilUs = untilUs;
    const early = this.#early;
    this.#early = [];
    for (const { client, invokedUs, completedUs } of early) this.#count(client, invokedUs, completedUs);
  }

  /** What was counted so far; undefined if there was nothing to count. What is counted later belongs to a segment without end. */
  unrecorded(): UnrecordedOperations | undefined {
    if (this.#cutUs === undefined) return undefined;
    this.beginSegment(Number.POSITIVE_INFINITY);
    return {
      cutUs: this.#cutUs,
      clients: Uint32Array.from(this.#clients),
      incomplete: this.#underWay,
      segments: this.#operations === 0 ? [...this.#segments] : [...this.#segments, this.#segment()],
    };
  }

  #count(client: ClientId, invokedUs: Microseconds, completedUs: Microseconds): void {
    if (completedUs >= this.#untilUs) {
      this.#early.push({ client, invokedUs, completedUs });
      return;
    }
    const latencyUs = completedUs - invokedUs;
    const latencyNs = wholeNanoseconds(latencyUs);
    this.#operations++;
    this.#latencySumNs += latencyNs;
    if (latencyUs > this.#latencyMaxUs) this.#latencyMaxUs = latencyUs;
    this.#latencies.recordValue(latencyNs);
    this.#served.add(client);
  }

  #segment(): CompletionSegment {
    return {
      fromUs: this.#fromUs,
      untilUs: this.#untilUs,
      operations: this.#operations,
      latencySumNs: this.#latencySumNs,
      latencyMaxUs: this.#latencyMaxUs,
      latencies: encodeHistogram(this.#latencies),
      served: Uint32Array.from(this.#served),
    };
  }
}
