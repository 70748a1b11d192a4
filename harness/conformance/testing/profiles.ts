/** What the suite knows about a protocol beyond its registration. One without a profile gets the same trials, under its defaults. */
export interface Profile {
  /** Option sets among which a schedule chooses, so that rare states become common. */
  readonly variants: readonly Readonly<Record<string, unknown>>[];
  /** Counters that the trials together must have raised: else they did not reach what they are there to test. */
  readonly sometimes: readonly string[];
}

const EVERY_PROTOCOL = ['replica.handled', 'client.retries', 'ignored.malformed', 'ignored.authentication'];

const profiles: ReadonlyMap<string, Profile> = new Map([
  [
    'qu',
    {
      variants: [{}, { leastBackoffUs: 100 }, { probeUs: 5_000, suspicionUs: 50_000 }, { syncRetryUs: 1_000 }],
      sometimes: [
        ...EVERY_PROTOCOL,
        'client.backoffs',
        'qu.operation.method',
        'qu.operation.inlineMethod',
        'qu.operation.copy',
        'qu.operation.barrier',
        'qu.operation.inlineBarrier',
        'qu.operation.query',
        'qu.repeated',
        'qu.refused.stale',
        'qu.sync.started',
        'qu.sync.completed',
      ],
    },
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
      ],
    },
  ],
]);

export function profileOf(protocol: string): Profile {
  return profiles.get(protocol) ?? { variants: [{}], sometimes: EVERY_PROTOCOL };
}
