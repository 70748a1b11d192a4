import { protocols } from '../baselines/registry.ts';
import { type Comparison, peak, type Series } from './comparisons.ts';
import { shown, UNKNOWN } from './numbers.ts';
import { type Point, summaryOf } from './points.ts';
import type { TextTable } from './text-table.ts';

/** What could make a comparison unfair, for each protocol as it ran (METHOD §6, rule 11). */
export function fairnessTable({ series, setting }: Comparison): TextTable {
  return {
    title: 'Fairness: what each protocol ran with',
    columns: [
      'protocol',
      'MAC suite',
      'options in force',
      'queries',
      'tentative execution',
      'mean batch at the peak',
      'durability',
      'CPU time',
      'runtime',
      'service',
      'client driver',
      'clients tried',
    ].map((head) => ({ head, align: 'left' as const })),
    rows: series.map((one) => [
      one.label,
      setting.mac,
      optionsText(one),
      ...executionText(one),
      batchText(one),
      'none: state in memory only',
      cpuText(setting.runtime),
      setting.runtime,
      setting.service_options === '' ? setting.service : `${setting.service} ${setting.service_options}`,
      `${setting.load} loop, the same for all; ${setting.objects} objects`,
      clientsText(one),
    ]),
    notes: [
      'Protocols whose mean batch is 1 spread their cost over one request; read them against PBFT at batch 1 and at its best batch.',
      "CPU time is of all threads of a process in process and process-tcp, the compiler's included (the collector has no helper threads there), but of the one thread in thread: dedicated bounds of these runtimes are not comparable.",
      'The dedicated bound is for the busiest replica. Private objects load replicas unevenly where each object prefers a quorum of its own: the bound would be higher if all did the same.',
    ],
  };
}

function executionText({ protocol }: Series): readonly string[] {
  const execution = protocols.find(({ name }) => name === protocol)?.execution;
  return [execution?.queries ?? UNKNOWN, execution?.tentative ?? UNKNOWN];
}

/** Whose CPU time each runtime counts. One that is not listed has none, or is not known. */
const cpuCounted: ReadonlyMap<string, string> = new Map([
  ['process', 'of all threads of the process'],
  ['process-tcp', 'of all threads of the process'],
  ['thread', 'of the one thread'],
  ['sim', 'simulated, by the cost profile'],
]);

function cpuText(runtime: string): string {
  return cpuCounted.get(runtime) ?? UNKNOWN;
}

function optionsText({ faults }: Series): string {
  return distinct(pointsOf(faults).map(({ parameters }) => parameters.protocol_options)).join(' or ') || UNKNOWN;
}

function batchText({ faults }: Series): string {
  return faults
    .map(({ faults: f, points }) => {
      const point = peak(points, 'throughput_ops_s');
      const batch = point === undefined ? undefined : summaryOf(point, 'batch_mean')?.median;
      return `f = ${f}: ${shown(batch)}`;
    })
    .join(', ');
}

function clientsText({ faults }: Series): string {
  return distinct(pointsOf(faults).map(({ parameters }) => `${parameters.clients}×${parameters.outstanding}`)).join(
    ', ',
  );
}

function pointsOf(faults: Series['faults']): readonly Point[] {
  return faults.flatMap(({ points }) => points);
}

function distinct(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}
