import type { Setting } from './comparisons.ts';

/** Real or simulated, and where: stands beside every number (METHOD §6, rule 10). */
export function whereMeasured({ topology }: Pick<Setting, 'topology'>, cores: number | undefined): string {
  return topology === 'simulated' ? 'simulated' : `real: ${hostText(cores)}`;
}

export function whereImplied({ topology }: Pick<Setting, 'topology'>, cores: number | undefined): string {
  return topology === 'simulated' ? 'from simulated CPU time' : `from CPU time, ${hostText(cores)}`;
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
