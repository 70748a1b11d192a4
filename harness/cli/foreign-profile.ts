import type { CostProfile } from '../costs/cost-profile.ts';
import { host } from '../results/manifest.ts';

/** What a person must know who compares this machine with what a profile says; undefined if it was measured here. */
export function foreignProfileWarning({ name, machine }: CostProfile): string | undefined {
  const { cpu, cores } = host();
  if (machine.cpu === cpu && machine.cores === cores) return undefined;
  const there = `${machine.cpu}, ${machine.cores} cores`;
  return `warning: the costs of profile ${name} are those of ${there}, not of this machine (${cpu}, ${cores} cores)`;
}
