import { expect, test } from 'vitest';
import { registerable } from '../../src/kernel/erased-protocol.ts';
import { FIRST_CLIENT } from '../../src/kernel/identifiers.ts';
import { type Operation, objectsOf } from '../../src/kernel/operation.ts';
import type { Client, ClientContext, Replica, ReplicaContext } from '../../src/kernel/participant.ts';
import { SECOND } from '../../src/kernel/time.ts';
import type { QuMessage } from '../../src/qu/message.ts';
import { qu } from '../../src/qu/protocol.ts';
import { randomStream } from '../node/random.ts';
import { Simulation } from '../runtimes/sim/simulation.ts';
import { twoFaced } from './testing/joint-adversaries.ts';
import { JointIntruder } from './testing/joint-intruder.ts';
import { type Account, accountsIn, ledger } from './testing/ledger.ts';
import { seedsUpTo } from './testing/seeds.ts';
import { trialSuite } from './testing/trial.ts';

/** Clients that move money between few accounts, with a Byzantine client or two that make requests of their own, and a two-faced replica. */
const ACCOUNTS = ['a', 'b', 'c', 'd'];
const NO_ARGUMENT = new Uint8Array(0);
const TRIALS = Number(process.env['ROAMING_TRIALS'] ?? 12);
const MOST_EVENTS = 300_000;

function runRoaming(seed: number, options: Readonly<Record<string, unknown>>, lies: boolean) {
  const random = randomStream(seed, -7);
  const most = random() < 0.5 ? 150 : 1500;
  const network = { leastDelayUs: 50, mostDelayUs: most, loss: 0, duplication: 0 };
  const simulation = new Simulation({ seed, suite: trialSuite, network });
  const honest = registerable(qu).deploy(1, ledger, options);
  const lying = registerable({
    ...qu,
    createReplica: (deployment, context: ReplicaContext<QuMessage>): Replica<QuMessage> =>
      twoFaced(random)((given) => qu.createReplica(deployment, given), context, 6),
  } as typeof qu).deploy(1, ledger, options);
  const hosts: { readonly counters: ReadonlyMap<string, number> }[] = [];
  for (let replica = 0; replica < 6; replica++) {
    const deployed = lies && replica === 5 ? lying : honest;
    hosts.push(simulation.addReplica(replica, (context) => deployed.createReplica(context)));
  }
  const intruders: JointIntruder[] = [];
  const intruding = registerable({
    ...qu,
    createClient: (deployment, context: ClientContext<QuMessage>): Client<QuMessage> => {
      const intruder = new JointIntruder(deployment, context);
      intruders.push(intruder);
      return intruder;
    },
  } as typeof qu).deploy(1, ledger, options);
  let id = FIRST_CLIENT;
  const roamers = 1 + Math.floor(random() * 2);
  const pauseUs = 100 + random() * 2000;
  for (let count = 0; count < roamers; count++) {
    const own = id++;
    simulation.addClient(own, (context) => intruding.createClient(context));
    const intruder = intruders[count];
    const end = 400;
    let acts = 0;
    const act = () => {
      if (acts++ >= end) return simulation.crash(own);
      intruder?.roam(ACCOUNTS, random);
      simulation.at(simulation.now() + 2 * random() * pauseUs, act);
    };
    simulation.at(0, act);
  }
  let busy = 0;
  const made: string[] = [];
  const add = (operations: Operation[], ended: (accounts: Account[], operation: Operation) => void) => {
    const { host, client } = simulation.addClient(id++, (context) => honest.createClient(context));
    hosts.push(host);
    busy++;
    const next = () => {
      const operation = operations.shift();
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
    simulation.at(simulation.now(), next);
  };
  for (let count = 0; count < 2; count++) {
    const moves = Array.from({ length: 5 }, () => {
      const left = [...ACCOUNTS];
      const size = 1 + Math.floor(random() * 3);
      const [object = '', ...others] = Array.from({ length: size }, () =>
        left.splice(Math.floor(random() * left.length), 1),
      ).flat();
      return { object, others, method: 'move', argument: NO_ARGUMENT };
    });
    add(moves, (accounts, operation) => {
      made.push(...accounts.map(({ version }, index) => `${objectsOf(operation)[index]} ${version}`));
    });
  }
  simulation.runUntil(2 * SECOND);
  const moved = simulation.runWhile(() => busy === 0, MOST_EVENTS);
  simulation.runUntil(simulation.now() + SECOND);
  const seen: Account[] = [];
  const reads = ACCOUNTS.map((object) => ({ object, method: 'read', argument: NO_ARGUMENT }));
  busy = 0;
  add([...reads, ...reads], (accounts) => seen.push(...accounts));
  const finished = moved && simulation.runWhile(() => busy === 0, MOST_EVENTS);
  const counters = new Map<string, number>();
  for (const host of hosts)
    for (const [name, amount] of host.counters) counters.set(name, (counters.get(name) ?? 0) + amount);
  for (const { reached } of intruders)
    for (const [name, amount] of reached)
      counters.set(`intruder.${name}`, (counters.get(`intruder.${name}`) ?? 0) + amount);
  return {
    finished,
    sum: seen.slice(ACCOUNTS.length).reduce((sum, { balance }) => sum + balance, 0),
    madeTwice: made.filter((version, index) => made.indexOf(version) !== index),
    counters,
    now: simulation.now(),
  };
}

const cases: [string, Record<string, unknown>, boolean][] = [
  ['alone', {}, false],
  ['with a two-faced replica', {}, true],
  ['without inline repair', { inlineRepair: false }, true],
];
test.each(cases)(
  'Byzantine clients with requests of their own, %s',
  (_, options, lies) => {
    const reached = new Map<string, number>();
    const stuck: number[] = [];
    for (const seed of seedsUpTo(TRIALS)) {
      const { finished, sum, madeTwice, counters, now } = runRoaming(seed, options, lies);
      if (process.env['VERBOSE']) console.log(seed, finished, sum, now / SECOND);
      if (!finished) stuck.push(seed);
      else expect({ sum, madeTwice }, `seed ${seed}`).toEqual({ sum: 0, madeTwice: [] });
      for (const [name, amount] of counters) reached.set(name, (reached.get(name) ?? 0) + amount);
    }
    if (process.env['VERBOSE'])
      console.log(JSON.stringify([...reached].filter(([name]) => /intruder|joint|refused/.test(name))));
    expect(stuck).toEqual([]);
  },
  240_000,
);
