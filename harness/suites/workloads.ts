import type { Overrides, Settings, Workload, WorkloadEntry } from './settings.ts';

/**
 * The workloads of a suite in full: what an entry leaves out is as for the whole suite, and flags win over both. `base` are the suite's
 * settings, and `settings` the same under the flags.
 */
export function workloadsOf(
  base: Settings,
  settings: Settings,
  entries: readonly WorkloadEntry[],
  flags: Overrides,
): readonly Workload[] {
  const workloads = entries.map((entry) =>
    workloadOf(settings, { ...entry, service: entry.service ?? base.service }, flags),
  );
  const texts = workloads.map((workload) => JSON.stringify(workload));
  return workloads.filter((_, index) => texts.indexOf(texts[index] ?? '') === index);
}

function workloadOf(settings: Settings, entry: WorkloadEntry, flags: Overrides): Workload {
  const service = flags.service ?? entry.service ?? settings.service;
  // Options of another service mean nothing to this one.
  const common = service === settings.service ? settings.serviceOptions : {};
  const own = service === entry.service ? entry.serviceOptions : {};
  return {
    service,
    serviceOptions: { ...common, ...own, ...flags.serviceOptions },
    objects: flags.objects ?? entry.objects ?? settings.objects,
    queryShare: flags.queryShare ?? entry.queryShare ?? settings.queryShare,
  };
}

/** `kv (keys=50); 50 % queries; shared objects, contention` */
export function workloadText({ service, serviceOptions, objects, queryShare }: Workload): string {
  const options = Object.entries(serviceOptions).map(([name, value]) => `${name}=${String(value)}`);
  const named = options.length === 0 ? service : `${service} (${options.join(', ')})`;
  const queries = queryShare === 0 ? 'updates only' : `${Number((100 * queryShare).toPrecision(3))} % queries`;
  return `${named}; ${queries}; ${objects === 'private' ? 'private objects, no contention' : 'shared objects, contention'}`;
}
