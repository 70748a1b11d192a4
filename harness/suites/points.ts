import type { Protocol } from '../../src/kernel/erased-protocol.ts';
import { type Catalog, named } from './catalog.ts';
import type { ProtocolEntry, ResolvedSettings, Workload } from './settings.ts';

/** One configuration to measure; what is the same for the whole suite is not repeated here. */
export interface Point {
  readonly protocol: Protocol;
  /** Name of the option set, or the options that were set; empty for the defaults. */
  readonly variant: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly faults: number;
  readonly workload: Workload;
  readonly clients: number;
}

/** Protocols × variants × faults × workloads × clients, each once. A protocol that tolerates no fault is measured once, at f = 0. */
export function pointsOf(settings: ResolvedSettings, catalog: Catalog): readonly Point[] {
  const points = new Map<string, Point>();
  const loads = settings.workloads.flatMap((workload) => settings.clients.map((clients) => ({ workload, clients })));
  for (const entry of settings.protocols) {
    const protocol = named(catalog.protocols, 'protocol', entry.protocol);
    const { variant, options } = inForce(entry, settings.options[entry.protocol] ?? {});
    for (const faults of faultsOf(protocol, settings.faults)) {
      for (const load of loads) {
        const key = JSON.stringify([protocol.name, sorted(options), faults, load]);
        if (!points.has(key)) points.set(key, { protocol, variant, options, faults, ...load });
      }
    }
  }
  return [...points.values()];
}

/** Options for all variants win; a variant whose own options they change is no longer what its name says. */
function inForce(
  entry: ProtocolEntry,
  forAll: Readonly<Record<string, unknown>>,
): { readonly variant: string; readonly options: Readonly<Record<string, unknown>> } {
  const options = { ...entry.options, ...forAll };
  const changed = Object.keys(entry.options).some((name) => options[name] !== entry.options[name]);
  if (entry.variant !== undefined && !changed) {
    return { variant: [entry.variant, ...settingTexts(without(forAll, entry.options))].join(' '), options };
  }
  return { variant: settingTexts(options).join(' '), options };
}

function without(options: Readonly<Record<string, unknown>>, other: Readonly<Record<string, unknown>>) {
  return Object.fromEntries(Object.entries(options).filter(([name]) => !(name in other)));
}

function settingTexts(options: Readonly<Record<string, unknown>>): readonly string[] {
  return sorted(options).map(([name, value]) => `${name}=${String(value)}`);
}

function sorted(options: Readonly<Record<string, unknown>>): readonly (readonly [string, unknown])[] {
  return Object.entries(options).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

function faultsOf(protocol: Protocol, faults: readonly number[]): readonly number[] {
  const fixed = protocol.leastFaults === 0 && faults.every((f) => protocol.replicas(f) === protocol.replicas(0));
  return fixed ? [0] : faults;
}
