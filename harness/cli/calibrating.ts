import { type Calibration, calibrate, measurementsOf } from '../calibration/calibrate.ts';
import { type CalibrationPlan, plannedSecondsOf } from '../calibration/plan.ts';
import { RuntimeFailure } from '../runtimes/runtime.ts';
import type { CliEnvironment } from './environment.ts';
import { ExitCode } from './exit-code.ts';
import { stepProgressOn } from './progress.ts';
import { RunFailure } from './run-failure.ts';

export interface Calibrating {
  readonly name: string;
  readonly plan: CalibrationPlan;
  /** No progress. */
  readonly quiet: boolean;
}

/** Measures what operations cost on this machine, and shows how far it is. Throws RunFailure. */
export function calibrating({ name, plan, quiet }: Calibrating, environment: CliEnvironment): Promise<Calibration> {
  const { stderr, signal } = environment;
  const progress = quiet
    ? undefined
    : stepProgressOn({
        output: stderr,
        total: measurementsOf(plan),
        plannedSeconds: plannedSecondsOf(plan),
        seconds: () => performance.now() / 1_000,
      });
  return calibrate({
    name,
    plan,
    date: environment.now(),
    signal,
    onMeasured: (what) => progress?.done(what),
  })
    .catch((error: unknown) => {
      if (signal.aborted) throw new RunFailure('interrupted: no profile is written', ExitCode.interrupted);
      throw error instanceof RuntimeFailure ? new RunFailure(error.message, ExitCode.failed) : error;
    })
    .finally(() => progress?.stop());
}
