import { Bench } from 'tinybench';
import type { Microseconds } from '../../src/kernel/time.ts';
import { BusyShare } from './busy-share.ts';

/** A step of the work of a run, measured on its own. */
export interface MicroBenchmark {
  readonly group: string;
  readonly name: string;
  /**
   * Does the step `times` times. Returns the time it took where that is not the whole time of the call; setting the stage is then not
   * counted.
   */
  readonly run: (times: number) => Microseconds | undefined;
  /** Steps to a sample: enough that the clock's own cost does not show, few enough that a collection hits few samples. */
  readonly timesPerSample: number;
}

export interface MicroResult {
  readonly group: string;
  readonly name: string;
  /** Of CPU time, so that it shows what the step costs even where others take the core now and then. */
  readonly meanUs: Microseconds;
  readonly medianUs: Microseconds;
  /** Median distance of the samples from their median. */
  readonly medianDeviationUs: Microseconds;
  readonly p99Us: Microseconds;
  readonly samples: number;
}

/** Measures one after the other, each for `timeMs` after as much to warm up. Throws what a benchmark throws. */
export async function measureMicro(
  benchmarks: readonly MicroBenchmark[],
  timeMs: number,
  onResult: (result: MicroResult) => void = () => {},
): Promise<readonly MicroResult[]> {
  const results: MicroResult[] = [];
  for (const { group, name, run, timesPerSample } of benchmarks) {
    // tinybench adds up the durations that it is told, which are those of single steps.
    const time = timeMs / timesPerSample;
    const bench = new Bench({ time, warmupTime: time, iterations: 10, throws: true });
    bench.add(name, () => {
      const startedMs = performance.now();
      const ownUs = run(timesPerSample);
      const spentMs = ownUs === undefined ? performance.now() - startedMs : ownUs / 1_000;
      return { overriddenDuration: spentMs / timesPerSample };
    });
    const busy = new BusyShare();
    await bench.run();
    const share = busy.share();
    const result = bench.tasks[0]?.result;
    if (result?.state !== 'completed') throw new Error(`benchmark '${group}: ${name}' did not complete`);
    const { mean, p50, mad, p99, samplesCount } = result.latency;
    const measured = {
      group,
      name,
      meanUs: mean * 1_000 * share,
      medianUs: p50 * 1_000,
      medianDeviationUs: mad * 1_000,
      p99Us: p99 * 1_000,
      samples: samplesCount,
    };
    results.push(measured);
    onResult(measured);
  }
  return results;
}

/** A benchmark of one function; what it returns is kept alive, so that no compiler finds the work needless. */
export function stepBenchmark(group: string, name: string, step: () => unknown, timesPerSample = 100): MicroBenchmark {
  return {
    group,
    name,
    timesPerSample,
    run(times) {
      for (let count = 0; count < times; count++) kept.last = step();
      return undefined;
    },
  };
}

const kept: { last: unknown } = { last: undefined };
