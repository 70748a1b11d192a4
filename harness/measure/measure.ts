import { SECOND } from '../../src/kernel/time.ts';
import { checkerFor } from '../checkers/checkers.ts';
import { type RunSpec, type Runtime, RuntimeFailure, type SimulationSpec } from '../runtimes/runtime.ts';
import { type Catalog, named } from '../suites/catalog.ts';
import type { Measurement } from '../suites/schedule.ts';
import type { Suite } from '../suites/settings.ts';
import type { DriverHistory } from '../workload/history.ts';
import type { Outcome } from './campaign.ts';
import { observe, type Phases } from './observation.ts';
import { failedRow, measuredRow, type RowSubject } from './row.ts';

/** Time for operations under way to end once the load has stopped. Many times any protocol's time-outs, so that what is still open is lost. */
const GRACE_SECONDS = 10;

/** A measurement that is over, and what its check read. */
export interface Measured extends Outcome {
  /** Empty if the measurement broke off. */
  readonly histories: readonly DriverHistory[];
}

export interface MeasureOptions {
  readonly runId: string;
  readonly suite: Suite;
  readonly catalog: Catalog;
  readonly signal: AbortSignal;
  /** For the `sim` runtime. */
  readonly simulation?: SimulationSpec | undefined;
}

/** Measures one point once. A failure of the runtime becomes an invalid row with its reason; an aborted signal rejects. */
export async function measure(measurement: Measurement, options: MeasureOptions): Promise<Measured> {
  const { suite, catalog, runId, signal } = options;
  const runtime: Runtime = named(catalog.runtimes, 'runtime', suite.runtime);
  const spec = specOf(measurement, suite, options.simulation);
  const { workload } = measurement.point;
  const service = named(catalog.services, 'service', workload.service).create(workload.serviceOptions);
  const deployed = measurement.point.protocol.deploy(spec.faults, service, spec.protocolOptions);
  const subject: RowSubject = {
    runId,
    suite: suite.name,
    runtime: runtime.name,
    measurement,
    spec,
    deployed,
    graceSeconds: GRACE_SECONDS,
  };
  try {
    const observation = await observe(runtime, spec, phasesOf(suite), signal);
    const check = checkerFor(workload.service).check(observation.histories);
    return { row: measuredRow(subject, observation, check), histories: observation.histories, failed: false };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof RuntimeFailure)) throw error;
    return { row: failedRow(subject, error.message), histories: [], failed: true };
  }
}

function specOf({ point, seed }: Measurement, suite: Suite, simulation: SimulationSpec | undefined): RunSpec {
  return {
    ...(simulation === undefined ? {} : { simulation }),
    protocol: point.protocol.name,
    protocolOptions: point.options,
    faults: point.faults,
    service: point.workload.service,
    serviceOptions: point.workload.serviceOptions,
    mac: suite.mac,
    seed,
    load: {
      clients: point.clients,
      outstanding: suite.outstanding,
      // A driver without a client would be a node that does nothing.
      drivers: Math.min(suite.drivers, point.clients),
      objects: point.workload.objects,
      queryShare: point.workload.queryShare,
    },
  };
}

function phasesOf(suite: Suite): Phases {
  return {
    warmupUs: suite.warmupSeconds * SECOND,
    windowUs: suite.durationSeconds * SECOND,
    cooldownUs: suite.cooldownSeconds * SECOND,
    graceUs: GRACE_SECONDS * SECOND,
  };
}
