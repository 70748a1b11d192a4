import type { ResultRow } from '../results/columns.ts';
import { DEFAULTS, SIMULATED } from '../suites/settings.ts';

/**
 * `pbft (batch 1) f = 2, 16 clients, repeat 3`, and what is not as it is for most: the workload if it is another than updates of private
 * counters, and where it was simulated.
 */
export function rowName(row: ResultRow): string {
  const variant = row.variant === '' ? '' : ` (${row.variant})`;
  const where = row.runtime === SIMULATED ? `, simulated on ${row.topology}` : '';
  const workload = workloadName(row);
  return `${row.protocol}${variant} f = ${row.f}, ${row.clients} clients${workload}, repeat ${row.repeat}${where}`;
}

function workloadName({ service, service_options, objects, query_share }: ResultRow): string {
  const told: string[] = [];
  if (service !== DEFAULTS.service || service_options !== '{}') told.push(`${service} ${service_options}`);
  if (query_share !== DEFAULTS.queryShare) told.push(`${Number((100 * (query_share ?? 0)).toPrecision(3))} % queries`);
  if (objects !== DEFAULTS.objects) told.push(`${objects} objects`);
  return told.map((text) => `, ${text}`).join('');
}
