import { SECOND } from '../../src/kernel/time.ts';
import { checkerFor } from '../checkers/checkers.ts';
import type { HostSpeed } from '../micro/host-speed.ts';
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
  /** Tells how fast the machine is before and after the measurement of real nodes. */
  readonly hostSpeed?: HostSpeed | undefined;
  /** Operations that a simulated run records and checks; all by default. */
  readonly recordAtMost?: number | undefined;
}

/** Measures one point once. A failure of the runtime becomes an invalid row with its reason; an aborted signal rejects. */
export async function measure(measurement: Measurement, options: MeasureOptions): Promise<Measured> {
  const { suite, catalog, runId, signal } = options;
  const runtime: Runtime = named(catalog.runtimes, 'runtime', suite.runtime);
  const spec = specOf(measurement, options);
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
    const observing = () => observe(runtime, spec, phasesOf(suite), signal);
    const { value: observation, probeUs } =
      options.hostSpeed === undefined
        ? { value: await observing(), probeUs: spec.simulation?.costs.machine.probeUs }
        : await options.hostSpeed.beside(observing);
    const check = checkerFor(workload.service).check(observation.histories);
    const row = { ...measuredRow(subject, observation, check), host_probe_us: probeUs };
    return { row, histories: observation.histories, failed: false };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof RuntimeFailure)) throw error;
    return { row: failedRow(subject, error.message), histories: [], failed: true };
  }
}

function specOf({ point, seed }: Measurement, { suite, simulation, recordAtMost }: MeasureOptions): RunSpec {
  return {
    ...(simulation === undefined ? {} : { simulation }),
    ...(simulation === undefined || recordAtMost === undefined ? {} : { recordAtMost }),
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
