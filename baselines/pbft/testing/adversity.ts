import type { ParticipantId, ReplicaId } from '../../../src/kernel/identifiers.ts';
import type { Service } from '../../../src/kernel/service.ts';
import { counterService, counterValue } from '../../../src/services/counter.ts';
import { messageCodec } from '../codec.ts';
import { amnesiac, authorForPrimaryOnly, authorOfTwoMinds, onService, repeatingPrimary } from './byzantine.ts';
import { Cluster, type ClusterOptions } from './cluster.ts';
import { FAST_OPTIONS } from './fast.ts';

const CALM = { leastDelayUs: 50, mostDelayUs: 300, loss: 0, duplication: 0 };
/** With clients that are content with f+1 answers: those who wait for 2f+1, for the sake of other things, would hide mistakes. */
const OPTIONS = { ...FAST_OPTIONS, tentative: false, readOnly: false };
const FAULTS = 1;
const REPLICAS = 4;
const codec = messageCodec(REPLICAS);

/** What went wrong in one schedule: an operation that did not end, or not in time, or a history that is not linearizable. */
export interface Harm {
  readonly breaks: 'history' | 'progress';
  readonly reason: string;
}

/** Undefined if nothing went wrong. */
export type Adversity = (seed: number) => Harm | undefined;

function outcome(cluster: Cluster, each: number, faulty: ReplicaId | undefined = undefined): Harm | undefined {
  const unfinished = cluster.run(each);
  if (unfinished !== undefined) return { breaks: 'progress', reason: unfinished };
  const violation = cluster.violation(faulty);
  return violation === undefined ? undefined : { breaks: 'history', reason: violation };
}

const honestCounter = counterService.create({});

/** Once, at the 20th increment, it leaps. */
const leapingCounter: Service = {
  ...honestCounter,
  execute(state, method, argument) {
    let execution = honestCounter.execute(state, method, argument);
    for (let more = counterValue(execution.result) === 20 ? 100 : 0; more > 0; more--) {
      execution = honestCounter.execute(execution.state, method, argument);
    }
    return execution;
  },
};

function clusterOf(
  seed: number,
  cast: NonNullable<ClusterOptions['cast']>,
  protocol: Readonly<Record<string, unknown>> = OPTIONS,
): Cluster {
  return new Cluster({ seed, faults: FAULTS, clients: 4, network: CALM, protocol, cast });
}

/** A replica of another state, and one that is cut off until it must fetch the state. */
export function strangeState(seed: number): Harm | undefined {
  const liar = seed % REPLICAS;
  const behind = (liar + 1 + (seed % 3)) % REPLICAS;
  const cluster = clusterOf(seed, (replica) => onService(replica === liar ? leapingCounter : honestCounter));
  const { simulation } = cluster;
  const cutOff = (from: ParticipantId, to: ParticipantId) => from !== behind && to !== behind;
  simulation.at(2_000, () => {
    simulation.admit = cutOff;
  });
  simulation.at(20_000 + 1_000 * (seed % 20), () => {
    simulation.admit = () => true;
  });
  return outcome(cluster, 200);
}

/** The view changes while one replica authenticates its VIEW-CHANGE to the new primary only, and every correct one is needed. */
export function halfAuthenticated(seed: number): Harm | undefined {
  const cluster = clusterOf(seed, (replica) =>
    replica === 3 ? authorForPrimaryOnly(REPLICAS) : onService(honestCounter),
  );
  loseProposals(cluster, seed);
  return promptOutcome(cluster, 40);
}

/** The same with a replica that tells one backup another story and is silent afterwards: that backup is needed, and must be convinced. */
export function equivocation(seed: number): Harm | undefined {
  const cluster = clusterOf(seed, (replica) =>
    replica === 3 ? authorOfTwoMinds(REPLICAS, 2) : onService(honestCounter),
  );
  loseProposals(cluster, seed);
  return promptOutcome(cluster, 40);
}

/** The view fails, though all replicas are up: what its primary proposes does not arrive for a while. */
function loseProposals({ simulation }: Cluster, seed: number): void {
  simulation.at(3_000 + 200 * (seed % 10), () => {
    simulation.admit = (from, _, bytes) => from !== 0 || codec.decode(bytes)?.type !== 'prePrepare';
  });
  simulation.at(400_000, () => {
    simulation.admit = () => true;
  });
}

/** One view change must do: a second one takes two time-outs at least. */
function promptOutcome(cluster: Cluster, each: number): Harm | undefined {
  const wrong = outcome(cluster, each);
  const gapUs = cluster.longestGapUs();
  if (wrong !== undefined || gapUs <= 2 * FAST_OPTIONS.viewChangeUs) return wrong;
  return { breaks: 'progress', reason: `no operation ended for ${gapUs} µs` };
}

/**
 * A replica is started again, empty; once it takes part again another one turns faulty and forgets what it prepared, and the primary is cut
 * off for a while. Before, the fourth heard nothing: what was committed rests on the memory of the one that was started again.
 */
export function amnesia(seed: number): Harm | undefined {
  let lies = false;
  const restarts: ReplicaId = 2;
  const cluster = clusterOf(seed, (replica) => amnesiac(() => lies && replica === 1), {
    ...OPTIONS,
    checkpointInterval: 16,
  });
  const { simulation } = cluster;
  simulation.at(1_000, () => {
    simulation.admit = (_, to) => to !== 3;
  });
  simulation.at(5_000 + 250 * (seed % 10), () => {
    cluster.restart(restarts);
    simulation.admit = () => true;
    turn();
  });
  const turn = () => {
    if (cluster.isRejoining(restarts)) return simulation.at(simulation.now() + 500, turn);
    lies = true;
    simulation.admit = (from, to) => from !== 0 && to !== 0;
    simulation.at(simulation.now() + 200_000, () => {
      simulation.admit = () => true;
    });
  };
  return outcome(cluster, 60, 1);
}

/** Votes reach so few that only f+1 replicas prepare; then one of these forgets it. Its votes of view 0 stay away from the others. */
export function fewPrepare(seed: number): Harm | undefined {
  return forgottenBy(
    1,
    seed,
    (from, to) => to !== 3 && !(from === 1 && to === 2),
    (from, bytes) => {
      const message = from === 1 ? codec.decode(bytes) : undefined;
      return !(message?.type === 'prepare' && message.view === 0);
    },
  );
}

/** One replica hears nothing; then one that voted forgets it, and the VIEW-CHANGE of another that did does not arrive. */
export function fewAsk(seed: number): Harm | undefined {
  return forgottenBy(
    1,
    seed,
    (_, to) => to !== 3,
    (from, bytes) => !(from === 2 && codec.decode(bytes)?.type === 'viewChange'),
  );
}

/** Links are as `first` says for a while; then the primary is cut off, replica `liar` forgets its votes, and links are as `second` says. */
function forgottenBy(
  liar: ReplicaId,
  seed: number,
  first: (from: ParticipantId, to: ParticipantId) => boolean,
  second: (from: ParticipantId, bytes: Uint8Array) => boolean,
): Harm | undefined {
  let lies = false;
  const cluster = clusterOf(seed, (replica) => amnesiac(() => lies && replica === liar), {
    ...OPTIONS,
    checkpointInterval: 16,
  });
  const { simulation } = cluster;
  const firstUs = 1_000 + 200 * (seed % 10);
  simulation.at(firstUs, () => {
    simulation.admit = first;
  });
  simulation.at(firstUs + 4_000, () => {
    lies = true;
    simulation.admit = (from, to, bytes) => from !== 0 && to !== 0 && second(from, bytes);
  });
  simulation.at(firstUs + 500_000, () => {
    simulation.admit = () => true;
  });
  return outcome(cluster, 40, liar);
}

/** A primary that proposes one thing to two backups and another to the third, and falls silent. */
export function twoProposals(seed: number): Harm | undefined {
  return withPrimary(seed, 3 + (seed % 5), [1], true);
}

/** A primary that has one batch executed twice. */
export function repeatedBatch(seed: number): Harm | undefined {
  return withPrimary(seed, 3 + (seed % 5), [1, 2, 3], false);
}

function withPrimary(seed: number, nth: number, misled: readonly ReplicaId[], fallsSilent: boolean): Harm | undefined {
  const cluster = clusterOf(seed, (replica) =>
    replica === 0 ? repeatingPrimary(nth, misled, fallsSilent) : onService(honestCounter),
  );
  return outcome(cluster, 20);
}
