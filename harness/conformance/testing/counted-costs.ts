import { Counter } from '../../../src/kernel/counters.ts';
import type { Protocol } from '../../../src/kernel/erased-protocol.ts';
import { FIRST_CLIENT } from '../../../src/kernel/identifiers.ts';
import type { MethodKind } from '../../../src/kernel/operation.ts';
import type { CostModel } from '../../../src/kernel/protocol.ts';
import { MILLISECOND } from '../../../src/kernel/time.ts';
import { counterService } from '../../../src/services/counter.ts';
import { sampleOperation } from '../../../src/services/testing/sample-operation.ts';
import type { ParticipantHost } from '../../node/participant-host.ts';
import { PERFECT_NETWORK, Simulation } from './simulation.ts';
import { trialSuite } from './trial.ts';

/** What a failure-free run without contention cost. */
interface CountedCosts {
  /** What the protocol says that it costs under these options. */
  readonly costModel: CostModel;
  readonly operations: number;
  /** Requests an agreement instance carried on average. */
  readonly batch: number;
  readonly macsPerHandledBusiest: number;
  readonly messagesPerHandledBusiest: number;
  readonly messagesPerOperation: number;
  /** Counters that say that the run was not what it should have been: retries, back-offs, repairs. */
  readonly disturbances: readonly string[];
}

interface Totals {
  readonly macs: number;
  readonly handled: number;
  /** Requests that were carried out of batches. */
  readonly ordered: number;
  readonly batches: number;
  readonly messagesSent: number;
  readonly messagesReceived: number;
}

const DISTURBANCE =
  /^client\.|\.repair\.|\.sync\.|\.refused\.|viewChanges|retransmissions|ignored\.(authentication|malformed)/;
/** Batches before and within the counted part: multiples of every checkpoint interval tried with PBFT. */
const WARM_UP_ROUNDS = 128;
const COUNTED_ROUNDS = 256;
const MOST_EVENTS = 2_000_000;

const service = counterService.create({});

/**
 * Clients invoke in rounds, all at the same instant and each on its own object, so that a round's requests can share batches. The counted rounds
 * are of the kinds given, one after the other, over and over; updates precede them.
 */
export function countCosts(
  protocol: Protocol,
  faults: number,
  clients: number,
  options: Readonly<Record<string, unknown>>,
  kinds: readonly MethodKind[] = ['update'],
): CountedCosts {
  const simulation = new Simulation({ seed: 1, suite: trialSuite, network: PERFECT_NETWORK });
  const deployed = protocol.deploy(faults, service, options);
  const replicas: ParticipantHost[] = [];
  for (let replica = 0; replica < deployed.replicas; replica++) {
    replicas.push(simulation.addReplica(replica, (context) => deployed.createReplica(context)));
  }
  const members = Array.from({ length: clients }, (_, index) =>
    simulation.addClient(FIRST_CLIENT + index, (context) => deployed.createClient(context)),
  );
  const hosts = [...replicas, ...members.map(({ host }) => host)];

  const round = (kind: MethodKind) => {
    let open = members.length;
    for (const [index, { host, client }] of members.entries()) {
      host.onComplete = () => open--;
      client.invoke(sampleOperation(service, kind, `counter-${index}`));
    }
    if (!simulation.runWhile(() => open === 0, MOST_EVENTS)) throw new Error('an operation did not end');
    // What is still on its way when the clients are content belongs to the round as well.
    simulation.runUntil(simulation.now() + MILLISECOND);
  };
  const totals = (): Totals[] =>
    hosts.map(({ authentication: { counts }, counters, traffic }) => ({
      macs: counts.macsGenerated + counts.macsVerified,
      handled: counters.get(Counter.handled) ?? 0,
      ordered: counters.get(`${protocol.name}.requests`) ?? 0,
      batches: counters.get(`${protocol.name}.batches`) ?? 0,
      messagesSent: traffic.messagesSent,
      messagesReceived: traffic.messagesReceived,
    }));

  for (let count = 0; count < WARM_UP_ROUNDS; count++) round('update');
  const before = totals();
  for (let count = 0; count < COUNTED_ROUNDS; count++) round(kinds[count % kinds.length] ?? 'update');
  const spent = totals().map((after, index) => difference(after, before[index]));

  const operations = COUNTED_ROUNDS * clients;
  const byMacs = busiest(spent.slice(0, replicas.length), ({ macs }) => macs);
  const byMessages = busiest(spent.slice(0, replicas.length), messagesAt);
  return {
    costModel: deployed.costModel,
    operations,
    batch: byMacs.batches > 0 ? byMacs.ordered / byMacs.batches : 1,
    macsPerHandledBusiest: byMacs.macs / byMacs.handled,
    messagesPerHandledBusiest: messagesAt(byMessages) / byMessages.handled,
    messagesPerOperation: spent.reduce((sum, { messagesSent }) => sum + messagesSent, 0) / operations,
    disturbances: [...new Set(hosts.flatMap(({ counters }) => [...counters.keys()]))].filter((name) =>
      DISTURBANCE.test(name),
    ),
  };
}

function difference(after: Totals, before: Totals | undefined): Totals {
  return {
    macs: after.macs - (before?.macs ?? 0),
    handled: after.handled - (before?.handled ?? 0),
    ordered: after.ordered - (before?.ordered ?? 0),
    batches: after.batches - (before?.batches ?? 0),
    messagesSent: after.messagesSent - (before?.messagesSent ?? 0),
    messagesReceived: after.messagesReceived - (before?.messagesReceived ?? 0),
  };
}

function busiest(replicas: readonly Totals[], count: (totals: Totals) => number): Totals {
  return replicas.reduce((most, each) => (count(each) > count(most) ? each : most));
}

function messagesAt({ messagesSent, messagesReceived }: Totals): number {
  return messagesSent + messagesReceived;
}
