import type { Cost } from '../costs/cost-profile.ts';
import type { MicroBenchmark } from '../micro/micro-benchmark.ts';
import { measureMicro } from '../micro/micro-benchmark.ts';
import { fitLine } from './fit.ts';

/** One function at one size. */
export interface SizedBenchmark {
  readonly bytes: number;
  readonly benchmark: MicroBenchmark;
}

/** Measures each for that time, and fits a cost to their means: collection of what they leave behind is part of it. */
export async function measureCost(benchmarks: readonly SizedBenchmark[], timeMs: number): Promise<Cost> {
  const results = await measureMicro(
    benchmarks.map(({ benchmark }) => benchmark),
    timeMs,
  );
  const times = results.map(({ meanUs }, index) => ({ bytes: benchmarks[index]?.bytes ?? 0, us: meanUs }));
  // One size tells nothing of what a byte costs.
  const line = times.length === 1 ? { us: times[0]?.us ?? 0, usPerKilobyte: 0 } : fitLine(times);
  const spreads = results.map(({ medianUs, medianDeviationUs }) => medianDeviationUs / medianUs);
  return measuredCost(line.us, line.usPerKilobyte, Math.max(...spreads));
}

/** With numbers of four digits: more are noise, and a profile is read by people. */
export function measuredCost(us: number, usPerKilobyte: number, spread?: number): Cost {
  const cost = { us: fourDigits(us), usPerKilobyte: fourDigits(usPerKilobyte) };
  return spread === undefined ? cost : { ...cost, spread: fourDigits(spread) };
}

export function fourDigits(value: number): number {
  return Number(value.toPrecision(4));
}
