import type { Protocol } from '../../../src/kernel/erased-protocol.ts';
import { type Schedule, scheduleOf, withRestart } from './schedule.ts';

/** What the suite knows about a protocol beyond its registration. One without a profile gets the same trials, under its defaults. */
export interface Profile {
  /** Option sets among which a schedule chooses, so that rare states become common. */
  readonly variants: readonly Readonly<Record<string, unknown>>[];
  /** Counters that the trials together must have raised: else they did not reach what they are there to test. */
  readonly sometimes: readonly string[];
  /** Whether the protocol has a way back for a replica that crashed and has lost its memory. */
  readonly restarts: boolean;
}

const EVERY_PROTOCOL = ['replica.handled', 'client.retries', 'ignored.malformed', 'ignored.authentication'];

/** What Q/U and Read/Conditional-Write go through alike, under their own names. */
function objectProfile(name: string, ownQuery: string, ownVariants: Profile['variants'] = []): Profile {
  const events = [
    'operation.method',
    'operation.inlineMethod',
    'operation.copy',
    'operation.barrier',
    'operation.inlineBarrier',
    ownQuery,
    'repeated',
    'refused.stale',
    'sync.started',
    'sync.completed',
  ];
  return {
    variants: [
      {},
      { leastBackoffUs: 100 },
      { probeUs: 5_000, suspicionUs: 50_000 },
      { syncRetryUs: 1_000 },
      ...ownVariants,
    ],
    sometimes: [...EVERY_PROTOCOL, 'client.backoffs', ...events.map((event) => `${name}.${event}`)],
    restarts: false,
  };
}

const profiles: ReadonlyMap<string, Profile> = new Map([
  ['qu', objectProfile('qu', 'operation.query')],
  [
    'rcw',
    objectProfile('rcw', 'operation.read', [{ writeFromCache: true }, { writeFromCache: true, leastBackoffUs: 100 }]),
  ],
  [
    'pbft',
    {
      variants: [
        {},
        { batchLimit: 1, window: 8 },
        { checkpointInterval: 4, logIntervals: 2, window: 4 },
        { checkpointInterval: 2, logIntervals: 2, viewChangeUs: 20_000, statusUs: 5_000, retransmitUs: 10_000 },
        { viewChangeUs: 8_000, statusUs: 3_000, retransmitUs: 10_000 },
        { tentative: false },
        { batchDelayUs: 400, batchLimit: 3 },
        { readOnly: false, batchLimit: 2 },
        { tentative: false, readOnly: false, digestReplies: false },
      ],
      sometimes: [
        ...EVERY_PROTOCOL,
        'pbft.batches',
        'pbft.checkpoints',
        'pbft.stableCheckpoints',
        'pbft.stateTransfers',
        'pbft.viewChanges',
        'pbft.newViews',
        'pbft.forwarded',
        'pbft.retransmissions',
        'pbft.repeatedReplies',
        'pbft.fetchedBatches',
        'pbft.undone',
        'pbft.queries',
        'pbft.heldQueries',
        'pbft.orderedQueries',
        'pbft.followed',
        'pbft.restarts',
        'pbft.rejoined',
      ],
      restarts: true,
    },
  ],
]);

export function profileOf(protocol: string): Profile {
  return profiles.get(protocol) ?? { variants: [{}], sometimes: EVERY_PROTOCOL, restarts: false };
}

/** The schedule of a seed under one of the protocol's variants, with restarts if it knows them. */
export function profiledSchedule(protocol: Protocol, faults: number, seed: number): Schedule {
  const { variants, restarts } = profileOf(protocol.name);
  const schedule = scheduleOf(protocol, faults, seed, variants);
  return restarts ? withRestart(schedule) : schedule;
}
