import { pbft } from '../../../baselines/pbft/protocol.ts';
import { protocols } from '../../../baselines/registry.ts';
import { type Protocol, registerable } from '../../../src/kernel/erased-protocol.ts';
import type { Service } from '../../../src/kernel/service.ts';
import { MILLISECOND } from '../../../src/kernel/time.ts';
import { qu } from '../../../src/qu/protocol.ts';
import { rcw } from '../../../src/rcw/protocol.ts';
import { replicaWithAuthentication, uncheckedAuthentication } from './altered-authentication.ts';
import { TableBlindQuReplica } from './broken-qu.ts';
import { ForgetfulRcwClient, TableBlindReplica } from './broken-rcw.ts';
import { type Cast, castOf } from './cast.ts';
import { denyingPrepared } from './denying-replica.ts';
import { forgetful, halving } from './faulty-services.ts';
import { OutdatedReplica } from './outdated-replica.ts';
import { type Schedule, withTransfers } from './schedule.ts';
import { serviceOf } from './trial-workload.ts';

/** A protocol with one mistake in it, which a trial must find on some seed. */
export interface PlantedDefect {
  readonly name: string;
  readonly protocol: Protocol;
  readonly faults: number;
  /** Whether the mistake shows in the history or keeps operations from ending. */
  readonly breaks: 'history' | 'progress';
  /** What the seed's schedule is changed to, so that the mistake has its occasion. */
  readonly alter: (schedule: Schedule) => Schedule;
  readonly cast: (schedule: Schedule) => Cast;
}

const calm = (schedule: Schedule): Schedule => ({ ...schedule, crashes: [], liars: [], cutOffs: [] });

function onService(protocol: Protocol, schedule: Schedule, alter: (service: Service) => Service): Cast {
  const deployed = protocol.deploy(schedule.faults, alter(serviceOf(schedule)), schedule.options);
  return {
    replicas: deployed.replicas,
    createReplica: (_replica, context) => deployed.createReplica(context),
    createClient: (context) => deployed.createClient(context),
  };
}

/** The replicas of one protocol, the clients of another. */
function mixed(protocol: Protocol, clientsOf: Protocol, schedule: Schedule): Cast {
  const clients = clientsOf.deploy(schedule.faults, serviceOf(schedule), schedule.options);
  return { ...castOf(protocol, schedule), createClient: (context) => clients.createClient(context) };
}

const honestQu = registerable(qu);

/** Defects that any protocol can have. */
const ofEveryProtocol: readonly PlantedDefect[] = protocols.flatMap((protocol) => {
  const faults = protocol.leastFaults;
  return [
    {
      name: `${protocol.name}: replicas answer without executing`,
      protocol,
      faults,
      breaks: 'history' as const,
      alter: calm,
      cast: (schedule: Schedule) => onService(protocol, schedule, forgetful),
    },
    {
      name: `${protocol.name}: replicas take every tag for right`,
      protocol,
      faults,
      breaks: 'history' as const,
      alter: (schedule: Schedule): Schedule => ({ ...calm(schedule), sharedShare: 1, stranger: true }),
      cast: (schedule: Schedule): Cast => {
        const honest = castOf(protocol, schedule);
        return {
          ...honest,
          createReplica: (replica, context) => {
            const unchecked = uncheckedAuthentication(context.authentication);
            return honest.createReplica(replica, replicaWithAuthentication(context, unchecked));
          },
        };
      },
    },
  ];
});

/** Defects that only operations of several objects show. */
const ofSeveralObjects: readonly PlantedDefect[] = protocols.map((protocol) => ({
  name: `${protocol.name}: of several objects replicas change the first only`,
  protocol,
  faults: protocol.leastFaults,
  breaks: 'history',
  alter: (schedule) => withTransfers(calm(schedule)),
  cast: (schedule) => onService(protocol, schedule, halving),
}));

function quWithQuorum(quorum: (faults: number) => number): Protocol {
  return registerable({ ...qu, quorum });
}

const smallQuorum = quWithQuorum((faults) => qu.quorum(faults) - 1);
/** Enough replicas that one of them is correct. */
const barelyCorrectQuorum = quWithQuorum((faults) => faults + 1);

/**
 * Every other client takes the newest candidate for complete if a single replica shows it. A client reads the thresholds of classification off
 * its deployment when it is made, and the size of its rounds when it sends one; so rounds still end with a quorum. Replicas refuse
 * its updates as long as they see that the candidate is not complete, but what it reads it believes. The correct clients
 * among them do the repairs, without which nothing would go on.
 */
const orderIgnored = registerable({
  ...qu,
  createClient(deployment, context) {
    if (context.self % 2 === 0) return qu.createClient(deployment, context);
    const told = { ...deployment, quorum: 1, faults: 0 };
    const client = qu.createClient(told, context);
    Object.assign(told, deployment);
    return client;
  },
});

/** Many candidates that few replicas hold, and many that read them: clients in plenty whose messages overtake each other. */
const crowded = (schedule: Schedule): Schedule => ({
  ...calm(schedule),
  options: { leastBackoffUs: 100 },
  network: { leastDelayUs: 100, mostDelayUs: 3_000, loss: 0, duplication: 0 },
  clients: Array.from({ length: 8 }, () => ({ operations: 20, vanishesAtUs: undefined })),
  sharedShare: 1,
  queryShare: 0.8,
});

function withoutCurrencyBound(protocol: Protocol, schedule: Schedule): Cast {
  const honest = castOf(protocol, schedule);
  return {
    ...honest,
    createReplica: (replica, context) => new OutdatedReplica((inner) => honest.createReplica(replica, inner), context),
  };
}

const onOneObject = (schedule: Schedule): Schedule => ({ ...schedule, sharedShare: 1, liars: [] });

/** Replicas that are cut off at the start, and one that lies: versions must be fetched, and one of their holders gives wrong ones. */
const fetchingAmongLiars = (schedule: Schedule): Schedule => ({
  ...schedule,
  crashes: [],
  liars: [schedule.seed % 6],
  cutOffs: [1, 2].map((step) => ({
    replica: (schedule.seed + step) % 6,
    fromUs: 0,
    untilUs: 20 * MILLISECOND,
  })),
  clients: Array.from({ length: 4 }, () => ({ operations: 8, vanishesAtUs: undefined })),
  options: { probeUs: 2_000, suspicionUs: 10_000, syncRetryUs: 1_000 },
  sharedShare: 1,
});

/**
 * Replicas that take the first version they are given for right. A replica reads the thresholds of classification when it is made, and how many
 * equal answers it waits for whenever one comes.
 */
const credulousOfVersions = registerable({
  ...qu,
  createReplica(deployment, context) {
    const told = { ...deployment };
    const replica = qu.createReplica(told, context);
    Object.assign(told, { faults: 0 });
    return replica;
  },
});

const tableBlind = registerable({
  ...qu,
  createReplica: (deployment, context) => new TableBlindQuReplica(deployment, context),
});

const quDefects: readonly PlantedDefect[] = [
  {
    name: 'qu: replicas do not look at the table of applied operations',
    protocol: honestQu,
    faults: 1,
    breaks: 'history',
    alter: onOneObject,
    cast: (schedule) => castOf(tableBlind, schedule),
  },
  {
    name: 'qu: replicas repair inline, clients do not',
    protocol: honestQu,
    faults: 1,
    breaks: 'progress',
    alter: (schedule) => ({ ...onOneObject(schedule), options: { inlineRepair: false } }),
    cast: (schedule) => ({
      ...castOf(honestQu, { ...schedule, options: { inlineRepair: true } }),
      createClient: castOf(honestQu, schedule).createClient,
    }),
  },
  {
    name: 'qu: replicas take the first version that they are given',
    protocol: honestQu,
    faults: 1,
    breaks: 'history',
    alter: fetchingAmongLiars,
    cast: (schedule) => castOf(credulousOfVersions, schedule),
  },
  {
    name: 'qu: quorum one too small',
    protocol: honestQu,
    faults: 1,
    breaks: 'history',
    alter: onOneObject,
    cast: (schedule) => castOf(smallQuorum, schedule),
  },
  {
    name: 'qu: clients take b+1 replicas for a quorum',
    protocol: honestQu,
    faults: 1,
    breaks: 'history',
    alter: onOneObject,
    cast: (schedule) => mixed(honestQu, barelyCorrectQuorum, schedule),
  },
  {
    name: 'qu: clients ignore the order of the newest candidate',
    protocol: honestQu,
    faults: 1,
    breaks: 'history',
    alter: crowded,
    cast: (schedule) => mixed(honestQu, orderIgnored, schedule),
  },
  {
    name: 'qu: replicas without the currency bound',
    protocol: honestQu,
    faults: 1,
    breaks: 'history',
    alter: onOneObject,
    cast: (schedule) => withoutCurrencyBound(honestQu, schedule),
  },
];

const honestRcw = registerable(rcw);

const tableSkipped = registerable({
  ...rcw,
  createReplica: (deployment, context) => new TableBlindReplica(deployment, context),
  createClient: (deployment, context) => new ForgetfulRcwClient(deployment, context),
});

const rcwDefects: readonly PlantedDefect[] = [
  {
    name: 'rcw: replicas without the currency bound',
    protocol: honestRcw,
    faults: 1,
    breaks: 'history',
    alter: onOneObject,
    cast: (schedule) => withoutCurrencyBound(honestRcw, schedule),
  },
  {
    name: 'rcw: nobody looks at the table of applied operations',
    protocol: honestRcw,
    faults: 1,
    breaks: 'history',
    alter: onOneObject,
    cast: (schedule) => castOf(tableSkipped, schedule),
  },
];

const honestPbft = registerable(pbft);

/** Deployed for no faults at all, a client is content with one answer. */
const credulousPbft = registerable({
  ...pbft,
  createClient: (deployment, context) => pbft.createClient({ ...deployment, faults: 0, quorum: 1 }, context),
});

/** Replicas that believe in f−1 faults prepare and commit with two votes fewer; n stays 3f+1. */
const hastyPbft = registerable({
  ...pbft,
  createReplica: (deployment, context) => pbft.createReplica({ ...deployment, faults: deployment.faults - 1 }, context),
});

/** Clients that take the answers of f+1 replicas where 2f+1 are needed. */
const contentPbft = registerable({
  ...pbft,
  createClient: (deployment, context) => pbft.createClient({ ...deployment, quorum: deployment.faults + 1 }, context),
});

/** Replica 3 denies what it prepared. That is within f, so that alone it must do no harm. */
const withDenyingReplica: Pick<typeof pbft, 'createReplica'> = {
  createReplica: (deployment, context) =>
    pbft.createReplica(deployment, context.self === 3 ? denyingPrepared(deployment, context) : context),
};

/** Views that are left at the least delay, with all clients on one object: what is executed tentatively often has to be undone. */
const restless = (schedule: Schedule): Schedule => ({
  ...calm(schedule),
  options: { readOnly: false, batchLimit: 2, viewChangeUs: 4_000, statusUs: 1_500, retransmitUs: 6_000 },
  network: { leastDelayUs: 100, mostDelayUs: 1_500, loss: 0.1, duplication: 0 },
  clients: Array.from({ length: 4 }, () => ({ operations: 12, vanishesAtUs: undefined })),
  sharedShare: 1,
  queryShare: 0,
});

const pbftDefects: readonly PlantedDefect[] = [
  {
    name: 'pbft: clients take f+1 tentative answers',
    protocol: registerable({ ...pbft, ...withDenyingReplica }),
    faults: 1,
    breaks: 'history',
    alter: restless,
    cast: (schedule) => mixed(registerable({ ...pbft, ...withDenyingReplica }), contentPbft, schedule),
  },
  {
    name: 'pbft: clients take f+1 answers to a query',
    protocol: honestPbft,
    faults: 1,
    breaks: 'history',
    alter: (schedule) => ({
      ...restless(schedule),
      options: { tentative: false, readOnly: true },
      queryShare: 0.5,
    }),
    cast: (schedule) => mixed(honestPbft, contentPbft, schedule),
  },
  {
    name: 'pbft: clients take the first answer',
    protocol: honestPbft,
    faults: 1,
    breaks: 'history',
    alter: (schedule) => ({ ...schedule, crashes: [], cutOffs: [], liars: [1] }),
    cast: (schedule) => mixed(honestPbft, credulousPbft, schedule),
  },
  {
    name: 'pbft: certificates of too few votes',
    protocol: honestPbft,
    faults: 1,
    breaks: 'history',
    // Clients that wait for 2f+1 answers, for the sake of other things, would hide it.
    alter: (schedule) => ({
      ...schedule,
      options: { ...schedule.options, tentative: false, readOnly: false },
      liars: [],
      sharedShare: 1,
    }),
    cast: (schedule) => castOf(hastyPbft, schedule),
  },
];

export const plantedDefects: readonly PlantedDefect[] = [
  ...ofEveryProtocol,
  ...ofSeveralObjects,
  ...quDefects,
  ...rcwDefects,
  ...pbftDefects,
];
