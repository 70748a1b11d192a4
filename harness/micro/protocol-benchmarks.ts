import type { MacSuite } from '../../src/crypto/mac-suite.ts';
import type { Protocol } from '../../src/kernel/erased-protocol.ts';
import { DirectDeployment } from './direct-deployment.ts';
import type { MicroBenchmark } from './micro-benchmark.ts';

/** Clients whose requests come together: with batching, one instance carries all but the first. */
const CLIENTS = 16;

/** What an update costs: all participants together, and the busiest replica alone. Without network, timers and contention. */
export function protocolBenchmarks(
  protocols: readonly Protocol[],
  suite: MacSuite,
  faults: readonly number[],
): readonly MicroBenchmark[] {
  return protocols.flatMap((protocol) =>
    (protocol.leastFaults === 0 ? [0] : faults).flatMap((f) => {
      const group = `${protocol.name} f=${f}, ${suite.name}`;
      return [
        whole(group, new DirectDeployment(protocol, f, suite, CLIENTS)),
        busiest(group, new DirectDeployment(protocol, f, suite, CLIENTS)),
      ];
    }),
  );
}

function whole(group: string, deployment: DirectDeployment): MicroBenchmark {
  return {
    group,
    name: 'update, all replicas and the client',
    timesPerSample: CLIENTS,
    run: () => {
      deployment.updateAll();
      return undefined;
    },
  };
}

function busiest(group: string, deployment: DirectDeployment): MicroBenchmark {
  return {
    group,
    name: 'update, steps of the busiest replica',
    timesPerSample: CLIENTS,
    run: () => {
      deployment.replicaUs.fill(0);
      deployment.updateAll();
      return Math.max(...deployment.replicaUs);
    },
  };
}
