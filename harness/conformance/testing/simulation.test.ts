import { expect, test } from 'vitest';
import { protocolNamed } from '../../../baselines/registry.ts';
import { hmacSha256 } from '../../../src/crypto/hmac-sha256.ts';
import { FIRST_CLIENT } from '../../../src/kernel/identifiers.ts';
import { counterService, counterValue } from '../../../src/services/counter.ts';
import { sampleOperation } from '../../../src/services/testing/sample-operation.ts';
import { Simulation } from './simulation.ts';

function increments(seed: number): { values: (number | undefined)[]; atUs: number } {
  const service = counterService.create({});
  const deployed = protocolNamed('unreplicated').deploy(0, service, {});
  const network = { leastDelayUs: 10, mostDelayUs: 500, loss: 0.1, duplication: 0.1 };
  const simulation = new Simulation({ seed, suite: hmacSha256, network });
  simulation.addReplica(0, (context) => deployed.createReplica(context));
  const { host, client } = simulation.addClient(FIRST_CLIENT, (context) => deployed.createClient(context));
  const values: (number | undefined)[] = [];
  const next = () => client.invoke(sampleOperation(service, 'update', 'a'));
  host.onComplete = (result) => {
    values.push(counterValue(result));
    if (values.length < 50) simulation.at(simulation.now(), next);
  };
  simulation.at(0, next);
  simulation.runWhile(() => values.length === 50, 100_000);
  return { values, atUs: simulation.now() };
}

test('a lossy, duplicating network does not repeat or lose an increment', () => {
  expect(increments(7).values).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
});

test('one seed gives one run, another seed another', () => {
  expect(increments(7)).toEqual(increments(7));
  expect(increments(7).atUs).not.toBe(increments(8).atUs);
});
