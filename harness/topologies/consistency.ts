import { suggestion } from '../suites/nearest.ts';
import type { Problem } from '../suites/problem.ts';
import { delayMsBetween } from './regions.ts';
import type { Topology, WideTopology } from './topology.ts';

/** What the schema cannot know: whether a topology's parts fit together. */
export function* topologyProblems(topology: Topology): Generator<Problem> {
  if (topology.kind !== 'shared-host' && topology.transport === 'unix') {
    const message = 'Unix sockets end at their machine; between machines use tcp or udp';
    yield { path: ['transport'], message };
  }
  if (topology.kind === 'wan') {
    yield* unknownRegions(topology);
    yield* delayProblems(topology);
  }
}

function* unknownRegions({ regions, replicas, drivers, delayMs }: WideTopology): Generator<Problem> {
  for (const [index, region] of regions.entries()) {
    const first = regions.indexOf(region);
    if (first < index) yield { path: ['regions', index], message: `region '${region}' is already regions[${first}]` };
  }
  const known = (region: string, path: Problem['path']): Problem[] => {
    if (regions.includes(region)) return [];
    const message = `unknown region '${region}'${suggestion(region, regions)}; there are ${regions.join(', ')}`;
    return [{ path, message }];
  };
  for (const [index, region] of replicas.entries()) yield* known(region, ['replicas', index]);
  for (const [index, region] of drivers.entries()) yield* known(region, ['drivers', index]);
  for (const [from, row] of Object.entries(delayMs)) {
    yield* known(from, ['delayMs', from]);
    for (const to of Object.keys(row)) yield* known(to, ['delayMs', from, to]);
  }
}

/** Delays are the same in both directions: published tables are of round trips. */
function* delayProblems(topology: WideTopology): Generator<Problem> {
  const { regions, delayMs } = topology;
  for (const [index, one] of regions.entries()) {
    for (const other of regions.slice(index + 1)) {
      const there = delayMs[one]?.[other];
      const back = delayMs[other]?.[one];
      if (there !== undefined && back !== undefined && there !== back) {
        const message = `${back} ms, but ${there} ms from ${one} to ${other}; the delay is the same both ways: name it once`;
        yield { path: ['delayMs', other, one], message };
      }
      if (delayMsBetween(topology, one, other) === undefined) {
        yield { path: ['delayMs'], message: `no delay between '${one}' and '${other}'` };
      }
    }
  }
}
