import { FIRST_CLIENT, type ParticipantId } from '../../../src/kernel/identifiers.ts';
import { SECOND } from '../../../src/kernel/time.ts';
import { type RandomStream, randomStream } from '../../node/random.ts';
import { IntrudedCluster } from './intruded-cluster.ts';
import { twoFaced } from './joint-adversaries.ts';
import type { JointIntruder } from './joint-intruder.ts';
import { JointRoamer } from './joint-roamer.ts';
import { ACCOUNTS, addCounts, anyMove, LedgerClients } from './ledger-clients.ts';
import { Simulation } from './simulation.ts';
import { trialSuite } from './trial.ts';

const WORKLOAD_STREAM = -7;
const MOST_EVENTS = 300_000;
const MOVERS = 2;
const MOVES = 5;
const STEPS = 160;

export interface RoamingOutcome {
  /** Whether all moves and readings of the correct clients have ended. */
  readonly finished: boolean;
  /** What the accounts came to when all was quiet: nothing, if every move was done whole or not at all. */
  readonly sum: number;
  /** Versions of accounts that two moves were answered to have made. */
  readonly madeTwice: readonly string[];
  /** Joint requests of the intruders that were accepted, by what the group called for. */
  readonly reached: ReadonlyMap<string, number>;
}

/** Clients that move money between few accounts, with a Byzantine client or two that make requests of their own, and perhaps a two-faced replica. */
export function runRoaming(seed: number, options: Readonly<Record<string, unknown>>, hasLiar: boolean): RoamingOutcome {
  const random = randomStream(seed, WORKLOAD_STREAM);
  const mostDelayUs = random() < 0.5 ? 150 : 1500;
  const network = { leastDelayUs: 50, mostDelayUs, loss: 0, duplication: 0 };
  const simulation = new Simulation({ seed, suite: trialSuite, network });
  const cluster = new IntrudedCluster(simulation, options, hasLiar ? twoFaced(random) : undefined);
  const clients = new LedgerClients(simulation, cluster.deployed);
  const roamers = 1 + Math.floor(random() * 2);
  const pauseUs = 100 + random() * 2000;
  let id = FIRST_CLIENT;
  const intruders: JointIntruder[] = [];
  for (let count = 0; count < roamers; count++) {
    const intruder = cluster.addIntruder(id);
    intruders.push(intruder);
    letRoam(simulation, id++, new JointRoamer(intruder, ACCOUNTS, random), () => 2 * random() * pauseUs);
  }
  for (let count = 0; count < MOVERS; count++) clients.addMover(id++, movesDrawn(random));
  simulation.runUntil(2 * SECOND);
  const moved = clients.end(MOST_EVENTS);
  simulation.runUntil(simulation.now() + SECOND);
  clients.addReader(id);
  const finished = clients.end(MOST_EVENTS) && moved;
  const reached = new Map<string, number>();
  for (const intruder of intruders) addCounts(reached, intruder.reached);
  return { finished, sum: clients.sum, madeTwice: clients.madeTwice, reached };
}

/** So many steps with pauses between them; then it is silent. */
function letRoam(simulation: Simulation, id: ParticipantId, roamer: JointRoamer, pauseUs: () => number): void {
  let steps = 0;
  const step = () => {
    if (steps++ >= STEPS) return simulation.crash(id);
    roamer.step();
    simulation.at(simulation.now() + pauseUs(), step);
  };
  simulation.at(0, step);
}

function movesDrawn(random: RandomStream) {
  return Array.from({ length: MOVES }, () => anyMove(random));
}
