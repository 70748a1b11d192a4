import { expect, test } from 'vitest';
import { protocols } from '../../baselines/registry.ts';
import type { MacSuite } from '../../src/crypto/mac-suite.ts';
import { modelledAs } from '../../src/crypto/modelled.ts';
import { availableSuites } from '../../src/crypto/suites.ts';
import type { Protocol } from '../../src/kernel/erased-protocol.ts';
import { FIRST_CLIENT } from '../../src/kernel/identifiers.ts';
import { SECOND } from '../../src/kernel/time.ts';
import { counterService } from '../../src/services/counter.ts';
import { sampleOperation } from '../../src/services/testing/sample-operation.ts';
import type { ParticipantHost } from '../node/participant-host.ts';
import { Simulation } from './testing/simulation.ts';

const CLIENTS = 5;
const service = counterService.create({});
/** Loss makes clients and replicas say things again, duplication has them refused. */
const network = { leastDelayUs: 50, mostDelayUs: 150, loss: 0.002, duplication: 0.01 };

/** What every participant did within two seconds of updates and queries on private objects. */
function doneUnder(protocol: Protocol, suite: MacSuite) {
  const simulation = new Simulation({ seed: 3, suite, network });
  const deployed = protocol.deploy(protocol.leastFaults, service, {});
  const hosts: ParticipantHost[] = [];
  for (let replica = 0; replica < deployed.replicas; replica++) {
    hosts.push(simulation.addReplica(replica, (context) => deployed.createReplica(context)));
  }
  let completed = 0;
  for (let index = 0; index < CLIENTS; index++) {
    const { host, client } = simulation.addClient(FIRST_CLIENT + index, (context) => deployed.createClient(context));
    hosts.push(host);
    const next = () => {
      client.invoke(sampleOperation(service, completed % 3 === 0 ? 'query' : 'update', `counter-${index}`));
    };
    host.onComplete = () => {
      completed++;
      simulation.at(simulation.now(), next);
    };
    simulation.at(0, next);
  }
  simulation.runUntil(2 * SECOND);
  const participants = hosts.map(({ self, authentication: { counts }, traffic, counters }) => ({
    self,
    counts,
    traffic,
    counters: [...counters].sort(),
  }));
  return { completed, participants };
}

const [fastest] = availableSuites().toReversed();

test.each(protocols)('$name does the same, and counts the same, whether crypto is real or modelled', (protocol) => {
  if (fastest === undefined) throw new Error('no MAC suite');
  const real = doneUnder(protocol, fastest);
  expect(real.completed).toBeGreaterThan(100);
  expect(doneUnder(protocol, modelledAs(fastest))).toEqual(real);
});
