import { describe, expect, test } from 'vitest';
import { protocols } from '../../baselines/registry.ts';
import type { Protocol } from '../../src/kernel/erased-protocol.ts';
import { FIRST_CLIENT } from '../../src/kernel/identifiers.ts';
import type { Operation } from '../../src/kernel/operation.ts';
import { MILLISECOND, SECOND } from '../../src/kernel/time.ts';
import { type RandomStream, randomStream } from '../node/random.ts';
import { Simulation } from '../runtimes/sim/simulation.ts';
import { type Account, accountsIn, ledger } from './testing/ledger.ts';
import { replayCommand, seedsUpTo } from './testing/seeds.ts';
import { trialSuite } from './testing/trial.ts';

const NO_ARGUMENT = new Uint8Array(0);
const ACCOUNTS = ['a', 'b', 'c', 'd'];
const WORKLOAD_STREAM = -5;
const MOST_EVENTS = 400_000;

interface Moved {
  readonly objects: readonly string[];
  readonly accounts: readonly Account[];
}

interface Outcome {
  readonly unfinished: boolean;
  readonly moved: readonly Moved[];
  readonly atEnd: readonly Account[];
  readonly counters: ReadonlyMap<string, number>;
}

/** Clients that move money between a few accounts, several of them vanishing in the middle of it, and a reader afterwards. */
function runLedger(protocol: Protocol, faults: number, seed: number): Outcome {
  const random = randomStream(seed, WORKLOAD_STREAM);
  const leastDelayUs = 50 + random() * 100;
  const mostDelayUs = leastDelayUs * (random() < 0.5 ? 1 : 10);
  const loss = random() < 0.5 ? 0 : 0.03;
  const simulation = new Simulation({
    seed,
    suite: trialSuite,
    network: { leastDelayUs, mostDelayUs, loss, duplication: loss },
  });
  const deployed = protocol.deploy(faults, ledger, {});
  const hosts = Array.from({ length: deployed.replicas }, (_, replica) =>
    simulation.addReplica(replica, (context) => deployed.createReplica(context)),
  );
  const moved: Moved[] = [];
  const atEnd: Account[] = [];
  let busy = 0;

  const run = (id: number, operations: readonly Operation[], beginUs: number, ended: (accounts: Account[], operation: Operation) => void) => {
    const { host, client } = simulation.addClient(id, (context) => deployed.createClient(context));
    hosts.push(host);
    const left = [...operations];
    busy++;
    const next = () => {
      const operation = left.shift();
      if (operation === undefined) {
        busy--;
        return;
      }
      host.onComplete = (result) => {
        ended(accountsIn(result), operation);
        simulation.at(simulation.now(), next);
      };
      client.invoke(operation);
    };
    simulation.at(beginUs, next);
  };

  const clients = 2 + Math.floor(random() * 3);
  for (let index = 0; index < clients; index++) {
    const id = FIRST_CLIENT + index;
    const operations = Array.from({ length: 6 }, () => anyMove(random));
    let ended = 0;
    run(id, operations, 0, (accounts, operation) => {
      ended++;
      moved.push({ objects: [operation.object, ...(operation.others ?? [])], accounts });
    });
    if (random() < 0.3) {
      simulation.at(random() * 10 * MILLISECOND, () => {
        if (ended < operations.length) busy--;
        simulation.crash(id);
      });
    }
  }
  const reads = ACCOUNTS.map((object) => ({ object, method: 'read', argument: NO_ARGUMENT }));
  const moversEnded = simulation.runWhile(() => busy === 0, MOST_EVENTS);
  // The first reading may be what settles operations whose clients have vanished, between one account and the next.
  const calm = simulation.now() + SECOND;
  run(FIRST_CLIENT + clients, [...reads, ...reads], calm, (accounts) => atEnd.push(...accounts));
  const finished = moversEnded && simulation.runWhile(() => busy === 0, MOST_EVENTS);
  const counters = new Map<string, number>();
  for (const host of hosts) {
    for (const [name, amount] of host.counters) counters.set(name, (counters.get(name) ?? 0) + amount);
  }
  return { unfinished: !finished, moved, atEnd: atEnd.slice(ACCOUNTS.length), counters };
}

function anyMove(random: RandomStream): Operation {
  const left = [...ACCOUNTS];
  const count = 1 + Math.floor(random() * 3);
  const objects = Array.from({ length: count }, () => left.splice(Math.floor(random() * left.length), 1)[0] ?? '');
  const [object = '', ...others] = objects;
  return { object, others, method: 'move', argument: NO_ARGUMENT };
}

describe.each(protocols)('$name', (protocol) => {
  const reached = new Map<string, number>();

  test('money neither comes nor goes, and no version of an account is made twice', () => {
    for (const seed of seedsUpTo(150)) {
      const faults = Math.max(protocol.leastFaults, 1);
      const { unfinished, moved, atEnd, counters } = runLedger(protocol, faults, seed);
      const replay = `seed ${seed}; ${replayCommand(seed, protocol.name)}`;
      expect(unfinished, replay).toBe(false);
      expect(
        atEnd.reduce((sum, { balance }) => sum + balance, 0),
        replay,
      ).toBe(0);
      const versions = moved.flatMap(({ objects, accounts }) =>
        accounts.map(({ version }, index) => `${objects[index]} ${version}`),
      );
      expect(new Set(versions).size, replay).toBe(versions.length);
      for (const [name, amount] of counters) reached.set(name, (reached.get(name) ?? 0) + amount);
    }
  }, 120_000);

  test('counters', () => console.log(protocol.name, [...reached].filter(([name]) => /joint|open|repair|attempt|doubt/.test(name)).sort()));
});
