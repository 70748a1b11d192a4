import type { Measurement } from '../suites/schedule.ts';
import type { Measured } from './measure.ts';

/** How a campaign came to its end. */
export type CampaignEnd = 'finished' | 'interrupted' | 'gave-up';

export interface Campaign {
  readonly measurements: readonly Measurement[];
  readonly signal: AbortSignal;
  measure(measurement: Measurement): Promise<Measured>;
  /** Called as soon as a measurement is over, before the next begins. */
  keep(measurement: Measurement, measured: Measured): void;
}

/** After so many broken measurements in a row the next would break, too: each may take a time-out to do so. */
export const MOST_FAILURES_IN_A_ROW = 3;

/** Measures one after the other. One that breaks does not end the campaign; three in a row do. */
export async function runCampaign(campaign: Campaign): Promise<CampaignEnd> {
  let failures = 0;
  for (const measurement of campaign.measurements) {
    if (campaign.signal.aborted) return 'interrupted';
    let measured: Measured;
    try {
      measured = await campaign.measure(measurement);
    } catch (error) {
      if (campaign.signal.aborted) return 'interrupted';
      throw error;
    }
    campaign.keep(measurement, measured);
    failures = measured.failed ? failures + 1 : 0;
    if (failures === MOST_FAILURES_IN_A_ROW && measurement !== campaign.measurements.at(-1)) return 'gave-up';
  }
  return 'finished';
}
