import { describe, expect, test } from 'vitest';
import { protocols } from '../../baselines/registry.ts';
import type { Protocol } from '../../src/kernel/erased-protocol.ts';
import { FIRST_CLIENT } from '../../src/kernel/identifiers.ts';
import type { Operation } from '../../src/kernel/operation.ts';
import type { Service } from '../../src/kernel/service.ts';
import { MILLISECOND } from '../../src/kernel/time.ts';
import { services } from '../../src/services/services.ts';
import { StateMachine } from '../../src/services/state-machine.ts';
import { badOperations } from './testing/bad-operations.ts';
import { faultsTried } from './testing/faults-tried.ts';
import { PERFECT_NETWORK, Simulation } from './testing/simulation.ts';
import { trialSuite } from './testing/trial.ts';

const MOST_EVENTS = 100_000;

/** A deployment whose clients ask for one thing after the other. */
class Deployed {
  readonly #simulation = new Simulation({ seed: 1, suite: trialSuite, network: PERFECT_NETWORK });
  readonly #protocol: ReturnType<Protocol['deploy']>;
  #clients = 0;

  constructor(protocol: Protocol, faults: number, service: Service) {
    this.#protocol = protocol.deploy(faults, service, {});
    for (let replica = 0; replica < this.#protocol.replicas; replica++) {
      this.#simulation.addReplica(replica, (context) => this.#protocol.createReplica(context));
    }
  }

  /** A new client that invokes an operation and answers its result; undefined if there is none. */
  client(): (operation: Operation) => Uint8Array | undefined {
    const id = FIRST_CLIENT + this.#clients++;
    const { host, client } = this.#simulation.addClient(id, (context) => this.#protocol.createClient(context));
    return (operation) => {
      let answer: Uint8Array | undefined;
      host.onComplete = (result) => {
        answer = Uint8Array.from(result);
      };
      client.invoke(operation);
      this.#simulation.runWhile(() => answer !== undefined, MOST_EVENTS);
      this.#simulation.runUntil(this.#simulation.now() + MILLISECOND);
      return answer;
    };
  }

  crashLast(replicas: number): void {
    for (let count = 1; count <= replicas; count++) this.#simulation.crash(this.#protocol.replicas - count);
  }
}

test('every service is asked for what it must refuse', () => {
  expect(badOperations.map(({ service }) => service.name).sort()).toEqual(services.map(({ name }) => name).sort());
});

/** A bad operation is answered like any other: in the service's own words, the same under every protocol, and it leaves no trace. */
describe.each(protocols)('$name', (protocol) => {
  describe.each(faultsTried(protocol))(`${protocol.name} f=%i`, (faults) => {
    test.each(badOperations)('$service.name', ({ service, before, bad, queries }) => {
      const deployed = new Deployed(protocol, faults, service);
      const machine = new StateMachine(service);
      const client = deployed.client();
      for (const operation of before) expect(client(operation)).toEqual(machine.execute(operation));

      const snapshot = Uint8Array.from(machine.snapshot());
      for (const { what, operation, says } of bad) {
        const answer = client(operation);
        expect(answer, what).toEqual(Uint8Array.from(machine.execute(operation)));
        expect(new TextDecoder().decode(answer), what).toContain(says);
        expect(Buffer.compare(machine.snapshot(), snapshot), `${what} leaves no trace`).toBe(0);
      }

      const expected = queries.map((query) => Uint8Array.from(machine.execute(query)));
      expect(queries.map(deployed.client())).toEqual(expected);
      deployed.crashLast(faults);
      expect(queries.map(deployed.client())).toEqual(expected);
    });
  });
});
