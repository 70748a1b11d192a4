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
      'mean batch at the peak',
      'durability',
      'runtime',
      'service',
      'client driver',
      'clients tried',
    ].map((head) => ({ head, align: 'left' as const })),
    rows: series.map((one) => [
      one.label,
      setting.mac,
      optionsText(one),
      batchText(one),
      'none: state in memory only',
      setting.runtime,
      setting.service_options === '' ? setting.service : `${setting.service} ${setting.service_options}`,
      `${setting.load} loop, the same for all; ${setting.objects} objects`,
      clientsText(one),
    ]),
    notes: [
      'Protocols whose mean batch is 1 spread their cost over one request; read them against PBFT at batch 1 and at its best batch.',
    ],
  };
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
