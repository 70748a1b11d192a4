import { expect, test } from 'vitest';
import { Simulation } from '../../harness/conformance/testing/simulation.ts';
import { hmacSha256 } from '../crypto/hmac-sha256.ts';
import { registerable } from '../kernel/erased-protocol.ts';
import { FIRST_CLIENT } from '../kernel/identifiers.ts';
import { SECOND } from '../kernel/time.ts';
import { counterService } from '../services/counter.ts';
import { sampleOperation } from '../services/testing/sample-operation.ts';
import { qu } from './protocol.ts';

const service = counterService.create({});
/** Delays as on a local network, without loss: whatever goes wrong is contention's doing. */
const NETWORK = { leastDelayUs: 100, mostDelayUs: 150, loss: 0, duplication: 0 };

/** In a second of virtual time, in which a client alone would do some thousands. */
const LEAST_OPERATIONS = 10;

/** Operations that each client got done on one shared object, and the requests that timed out. */
function contend(seed: number, clients: number) {
  const simulation = new Simulation({ seed, suite: hmacSha256, network: NETWORK });
  const deployed = registerable(qu).deploy(1, service, {});
  for (let replica = 0; replica < deployed.replicas; replica++) {
    simulation.addReplica(replica, (context) => deployed.createReplica(context));
  }
  const done = new Array<number>(clients).fill(0);
  const hosts = done.map((_, index) => {
    const { host, client } = simulation.addClient(FIRST_CLIENT + index, (context) => deployed.createClient(context));
    const next = (): void => client.invoke(sampleOperation(service, 'update', 'x'));
    host.onComplete = () => {
      done[index] = (done[index] ?? 0) + 1;
      simulation.at(simulation.now(), next);
    };
    simulation.at(index, next);
    return host;
  });
  simulation.runWhile(() => simulation.now() > SECOND, 10_000_000);
  const timeouts = hosts.reduce((sum, host) => sum + (host.counters.get('client.retries') ?? 0), 0);
  return { done, timeouts };
}

test.each([1, 2, 3])(
  'clients that go on and on with one object all have their turns, none by a time-out (seed %i)',
  (seed) => {
    const { done, timeouts } = contend(seed, 8);
    // Back-off makes turns long and uneven; nobody may be left with the single operation of a client that never gets in.
    expect(Math.min(...done)).toBeGreaterThanOrEqual(LEAST_OPERATIONS);
    expect(timeouts).toBe(0);
  },
);
