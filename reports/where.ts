import { SIMULATED } from '../harness/suites/settings.ts';
import type { Setting } from './comparisons.ts';

type Where = Pick<Setting, 'runtime' | 'topology'>;

export function isSimulated({ runtime }: Pick<Where, 'runtime'>): boolean {
  return runtime === SIMULATED;
}

/** Real or simulated, and where: stands beside every number (METHOD §6, rule 10). */
export function whereMeasured(setting: Where, cores: number | undefined): string {
  return isSimulated(setting) ? `simulated: ${setting.topology}` : `real: ${hostText(cores)}`;
}

export function whereImplied(setting: Where, cores: number | undefined): string {
  return isSimulated(setting) ? `from simulated CPU time, ${setting.topology}` : `from CPU time, ${hostText(cores)}`;
}

function hostText(cores: number | undefined): string {
  return cores === undefined ? 'shared host' : `shared host, ${cores} ${cores === 1 ? 'core' : 'cores'}`;
}

/** What was run, in a few words, for titles: `counter updates · private objects · hmac-sha256 · closed loop · process`. */
export function settingText({ runtime, service, mac, load, objects, query_share }: Setting): string {
  return [`${service}${operationsText(query_share)}`, `${objects} objects`, mac, `${load} loop`, runtime].join(' · ');
}

function operationsText(queryShare: number | undefined): string {
  if (queryShare === undefined) return '';
  if (queryShare === 0) return ' updates';
  if (queryShare === 1) return ' queries';
  return ` with ${Number((100 * queryShare).toPrecision(3))} % queries`;
}
