import type { ResultRow } from '../results/columns.ts';

/** How a campaign came to its end. */
export type CampaignEnd = 'finished' | 'interrupted' | 'gave-up';

/** What is kept of a measurement that is over. */
export interface Outcome {
  readonly row: ResultRow;
  /** The runtime failed: the row has no metrics. */
  readonly failed: boolean;
}

export interface Campaign {
  readonly measurements: number;
  /** Measurements under way at a time; more than one only where they do not disturb each other. */
  readonly jobs: number;
  readonly signal: AbortSignal;
  /** `signal` is the campaign's, and also aborted when the campaign ends while others are under way. */
  measure(index: number, signal: AbortSignal): Promise<Outcome>;
  /** Called in the order of the measurements, as soon as one and all before it are over; after an interrupt for all that are. */
  keep(outcome: Outcome): void;
}

/** After so many broken measurements in a row the next would break, too: each may take a time-out to do so. */
export const MOST_FAILURES_IN_A_ROW = 3;

/**
 * Measures everything, `jobs` at a time. One that breaks does not end the campaign; three in a row do. What is kept does not depend on the
 * number of jobs.
 */
export async function runCampaign(campaign: Campaign): Promise<CampaignEnd> {
  const { measurements, jobs, signal } = campaign;
  const ended = new AbortController();
  const either = AbortSignal.any([signal, ended.signal]);
  const outcomes = new Outcomes(campaign);
  let begun = 0;
  const errors: unknown[] = [];
  const lane = async (): Promise<void> => {
    while (begun < measurements && !either.aborted) {
      const index = begun++;
      try {
        outcomes.add(index, await campaign.measure(index, either));
      } catch (error) {
        // What was aborted rejects; the reason is known by then.
        if (!either.aborted) errors.push(error);
        ended.abort();
      }
      if (outcomes.gaveUp) ended.abort();
    }
  };
  await Promise.all(Array.from({ length: Math.min(jobs, measurements) }, lane));
  if (errors.length > 0) throw errors[0];
  if (outcomes.gaveUp) return 'gave-up';
  if (!signal.aborted || outcomes.kept === measurements) return 'finished';
  outcomes.keepRest();
  return 'interrupted';
}

/** Finished measurements, put back into their order. */
class Outcomes {
  readonly #campaign: Campaign;
  readonly #waiting = new Map<number, Outcome>();
  #kept = 0;
  #failures = 0;

  constructor(campaign: Campaign) {
    this.#campaign = campaign;
  }

  get kept(): number {
    return this.#kept;
  }

  /** Too many failed in a row, and there are more to come. */
  get gaveUp(): boolean {
    return this.#failures >= MOST_FAILURES_IN_A_ROW && this.#kept < this.#campaign.measurements;
  }

  add(index: number, outcome: Outcome): void {
    this.#waiting.set(index, outcome);
    while (!this.gaveUp) {
      const next = this.#waiting.get(this.#kept);
      if (next === undefined) return;
      this.#waiting.delete(this.#kept);
      this.#kept++;
      this.#failures = next.failed ? this.#failures + 1 : 0;
      this.#campaign.keep(next);
    }
  }

  /** What has come before its turn, still in order. */
  keepRest(): void {
    const indices = [...this.#waiting.keys()].sort((a, b) => a - b);
    for (const index of indices) {
      const outcome = this.#waiting.get(index);
      if (outcome !== undefined) this.#campaign.keep(outcome);
    }
  }
}
