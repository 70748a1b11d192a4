import { cpus } from 'node:os';
import type { CostProfile } from '../costs/cost-profile.ts';

/** What a person must know who compares this machine with what a profile says; undefined if it was measured here. */
export function foreignProfileWarning({ name, machine }: CostProfile): string | undefined {
  const processors = cpus();
  const cpu = processors[0]?.model.trim() ?? 'unknown';
  if (machine.cpu === cpu && machine.cores === processors.length) return undefined;
  const there = `${machine.cpu}, ${machine.cores} cores`;
  return `warning: the costs of profile ${name} are those of ${there}, not of this machine (${cpu}, ${processors.length} cores)`;
}
