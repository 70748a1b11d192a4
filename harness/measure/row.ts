import type { DeployedProtocol } from '../../src/kernel/erased-protocol.ts';
import type { CheckOutcome } from '../checkers/checker.ts';
import { closedForms } from '../metrics/closed-forms.ts';
import { completionsIn, incompleteIn, steadinessOf } from '../metrics/completions.ts';
import { busiestDriverShare, perOperation, residentMebibytes } from '../metrics/per-operation.ts';
import { differences, windowOf } from '../metrics/window.ts';
import type { ResultRow } from '../results/columns.ts';
import type { RunSpec } from '../runtimes/runtime.ts';
import type { Measurement } from '../suites/schedule.ts';
import { SHARED_HOST } from '../suites/settings.ts';
import { firstCause } from './first-cause.ts';
import type { Observation } from './observation.ts';
import { judgeSteadiness } from './steadiness.ts';
import { judge } from './verdict.ts';

/** What a row says of itself before anything was measured. */
export interface RowSubject {
  readonly runId: string;
  readonly suite: string;
  readonly runtime: string;
  readonly measurement: Measurement;
  readonly spec: RunSpec;
  readonly deployed: DeployedProtocol;
  /** Seconds that operations under way had to end once the load had stopped. */
  readonly graceSeconds: number;
}

/** The row of a finished measurement. */
export function measuredRow(subject: RowSubject, observation: Observation, check: CheckOutcome): ResultRow {
  const { first, second, discardedWindows, histories } = observation;
  const { spec, measurement, deployed } = subject;
  const window = windowOf(first, second);
  const windowUs = window.endUs - window.startUs;
  const nodes = differences(first, second);
  const { operations, starvedClients, fifths, latency } = completionsIn(window, histories);
  const incomplete = incompleteIn(histories);
  const clientCpuShare = busiestDriverShare(nodes);
  const spent = operations === 0 ? undefined : perOperation(nodes, spec.protocol, operations, windowUs);
  const forms =
    spent === undefined
      ? undefined
      : closedForms(deployed.costModel, spec.load, { faults: measurement.point.faults, batch: spent.batchMean });
  const { verdict, reason } = judge({
    check,
    operations,
    incomplete,
    starvedClients,
    graceSeconds: subject.graceSeconds,
    steadiness: judgeSteadiness(fifths),
    discardedWindows,
    clientCpuShare,
    retriesPerOperation: spent?.retries,
    operationsUnderWay: spec.load.clients * spec.load.outstanding,
    counts: [
      { what: 'messages', counted: spent?.messages, form: forms?.messages },
      {
        what: 'messages at the busiest replica',
        counted: spent?.messagesPerHandledBusiest,
        form: forms?.messagesPerHandled,
      },
      { what: 'MACs', counted: spent?.macsPerHandledBusiest, form: forms?.macsPerHandled },
    ],
    firstCause: firstCause(second),
  });
  const common = {
    ...blankRow(subject),
    window_us: windowUs,
    operations,
    client_cpu_share: clientCpuShare,
    resident_mib: residentMebibytes(nodes),
    steadiness: steadinessOf(fifths),
    incomplete,
    checked_operations: check.operations,
    verdict,
    verdict_reason: reason,
  };
  if (spent === undefined || forms === undefined || latency === undefined) return { ...common, throughput_ops_s: 0 };
  return {
    ...common,
    throughput_ops_s: operations / (windowUs / 1e6),
    latency_mean_us: latency.meanUs,
    latency_p50_us: latency.p50Us,
    latency_p90_us: latency.p90Us,
    latency_p99_us: latency.p99Us,
    latency_p999_us: latency.p999Us,
    latency_max_us: latency.maxUs,
    retries_per_op: spent.retries,
    backoffs_per_op: spent.backoffs,
    operation_types: JSON.stringify(spent.events),
    batch_mean: spent.batchMean,
    messages_per_op: spent.messages,
    messages_per_op_model: forms.messages,
    messages_per_op_busiest: spent.messagesBusiest,
    messages_per_handled_op_busiest: spent.messagesPerHandledBusiest,
    messages_per_handled_op_model: forms.messagesPerHandled,
    bytes_per_op: spent.bytes,
    macs_generated_per_op_busiest: spent.macsGeneratedBusiest,
    macs_verified_per_op_busiest: spent.macsVerifiedBusiest,
    macs_per_op_busiest: spent.macsGeneratedBusiest + spent.macsVerifiedBusiest,
    macs_per_handled_op_busiest: spent.macsPerHandledBusiest,
    macs_per_handled_op_model: forms.macsPerHandled,
    macs_per_op_published: forms.macsPublished,
    macs_per_op_total: spent.macsTotal,
    digests_per_op_busiest: spent.digestsBusiest,
    digests_per_op_total: spent.digestsTotal,
    cpu_us_per_op_busiest: spent.cpuUsBusiest,
    cpu_us_per_op_total: spent.cpuUsTotal,
    dedicated_bound_ops_s: spent.cpuUsBusiest === undefined ? undefined : 1e6 / spent.cpuUsBusiest,
  };
}

/** The row of a measurement that broke off: its parameters, and why. */
export function failedRow(subject: RowSubject, reason: string): ResultRow {
  return { ...blankRow(subject), verdict: 'invalid', verdict_reason: reason };
}

/** Parameters filled in, metrics not known. */
function blankRow({ runId, suite, runtime, measurement, spec, deployed }: RowSubject): ResultRow {
  const { point, repeat, seed } = measurement;
  return {
    run_id: runId,
    suite,
    protocol: point.protocol.name,
    variant: point.variant,
    f: point.faults,
    n: deployed.replicas,
    quorum: deployed.quorum,
    runtime,
    topology: spec.simulation?.topology.name ?? SHARED_HOST,
    service: spec.service,
    service_options: JSON.stringify(spec.serviceOptions),
    protocol_options: JSON.stringify(deployed.options),
    mac: spec.mac,
    load: 'closed',
    clients: spec.load.clients,
    outstanding: spec.load.outstanding,
    objects: spec.load.objects,
    query_share: spec.load.queryShare,
    repeat,
    seed,
    window_us: undefined,
    operations: undefined,
    throughput_ops_s: undefined,
    latency_mean_us: undefined,
    latency_p50_us: undefined,
    latency_p90_us: undefined,
    latency_p99_us: undefined,
    latency_p999_us: undefined,
    latency_max_us: undefined,
    retries_per_op: undefined,
    backoffs_per_op: undefined,
    operation_types: '',
    batch_mean: undefined,
    messages_per_op: undefined,
    messages_per_op_model: undefined,
    messages_per_op_busiest: undefined,
    messages_per_handled_op_busiest: undefined,
    messages_per_handled_op_model: undefined,
    bytes_per_op: undefined,
    macs_generated_per_op_busiest: undefined,
    macs_verified_per_op_busiest: undefined,
    macs_per_op_busiest: undefined,
    macs_per_handled_op_busiest: undefined,
    macs_per_handled_op_model: undefined,
    macs_per_op_published: undefined,
    macs_per_op_total: undefined,
    digests_per_op_busiest: undefined,
    digests_per_op_total: undefined,
    cpu_us_per_op_busiest: undefined,
    cpu_us_per_op_total: undefined,
    dedicated_bound_ops_s: undefined,
    client_cpu_share: undefined,
    resident_mib: undefined,
    host_probe_us: undefined,
    steadiness: undefined,
    incomplete: undefined,
    checked_operations: undefined,
    verdict: 'unknown',
    verdict_reason: '',
  };
}
