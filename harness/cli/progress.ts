import { MultiBar, Presets } from 'cli-progress';
import type { ResultRow } from '../results/columns.ts';
import type { Output } from './environment.ts';
import { rowName } from './row-name.ts';
import { spanText } from './text-block.ts';

/** Shows how far a run is. */
export interface Progress {
  /** One more measurement is over. */
  measured(row: ResultRow): void;
  stop(): void;
}

export interface ProgressOptions {
  readonly output: Output;
  readonly total: number;
  /** How many of them, after all others, are simulated, at a pace of their own; by default none. */
  readonly simulated?: number;
  /** For all that are not simulated together; undefined if there is no telling. */
  readonly plannedSeconds: number | undefined;
  /** Seconds of any clock that does not jump. */
  readonly seconds: () => number;
}

/** Nothing but what is not valid, and warnings. */
export function quietProgress(output: Output): Progress {
  return {
    measured(row) {
      if (row.verdict_reason !== '') output.write(`${outcomeText(row)}\n`);
    },
    stop() {},
  };
}

/** A bar with the time left on a terminal, a line for each measurement in a pipe. */
export function progressOn(options: ProgressOptions): Progress {
  const steps = stepProgressOn(options);
  return {
    measured: (row) => steps.done(outcomeText(row), row.verdict_reason !== ''),
    stop: () => steps.stop(),
  };
}

/** Shows how far something is that takes many steps. */
export interface StepProgress {
  /** One more step is over; what is notable stays to be read. */
  done(text: string, notable?: boolean): void;
  stop(): void;
}

export function stepProgressOn(options: ProgressOptions): StepProgress {
  return options.output.isTTY === true ? barProgress(options) : lineProgress(options);
}

function lineProgress(options: ProgressOptions): StepProgress {
  const { output, total } = options;
  const left = timeLeft(options);
  let done = 0;
  return {
    done(text) {
      done++;
      const remaining = done < total ? `; ${left(done)}` : '';
      output.write(`[${String(done).padStart(String(total).length)}/${total}] ${text}${remaining}\n`);
    },
    stop() {},
  };
}

function barProgress(options: ProgressOptions): StepProgress {
  const { output, total } = options;
  const left = timeLeft(options);
  const format = '{bar} {value}/{total} | {left} | {last}';
  const bars = new MultiBar(
    { format, stream: output, clearOnComplete: false, hideCursor: true, barsize: 24, linewrap: false },
    Presets.shades_classic,
  );
  const bar = bars.create(total, 0, { left: left(0), last: '' });
  let done = 0;
  return {
    done(text, notable = false) {
      done++;
      if (notable) bars.log(`${text}\n`);
      bar.update(done, { left: done < total ? left(done) : 'nothing left', last: text });
    },
    stop: () => bars.stop(),
  };
}

/** By the pace so far; by the plan before anything is done. What is simulated later has no pace yet. */
function timeLeft({ total, simulated = 0, plannedSeconds, seconds }: ProgressOptions): (done: number) => string {
  const real = total - simulated;
  let part = { from: 0, begun: seconds(), plannedSeconds };
  return (done) => {
    if (done >= real && part.from < real) part = { from: real, begun: seconds(), plannedSeconds: undefined };
    const until = done < real ? real : total;
    const later = until < total ? `, then ${total - until} simulated` : '';
    const pace = (seconds() - part.begun) / (done - part.from);
    const leftSeconds = done > part.from ? pace * (until - done) : part.plannedSeconds;
    return `${leftSeconds === undefined ? 'unknown time' : `about ${spanText(leftSeconds)}`} left${later}`;
  };
}

function outcomeText(row: ResultRow): string {
  const reason = row.verdict_reason === '' ? '' : `: ${row.verdict_reason}`;
  return `${rowName(row)}: ${speedText(row)}${row.verdict}${reason}`;
}

function speedText(row: ResultRow): string {
  if (row.throughput_ops_s === undefined) return '';
  const latency = row.latency_p50_us === undefined ? '' : `median ${(row.latency_p50_us / 1_000).toFixed(2)} ms, `;
  return `${Math.round(row.throughput_ops_s).toLocaleString('en')} ops/s, ${latency}`;
}
