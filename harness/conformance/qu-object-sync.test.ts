import { describe, expect, test } from 'vitest';
import type { ParticipantId, ReplicaId } from '../../src/kernel/identifiers.ts';
import type { Replica, ReplicaContext } from '../../src/kernel/participant.ts';
import type { Deployment } from '../../src/kernel/protocol.ts';
import { alteredContext } from '../../src/kernel/testing/altered-context.ts';
import { MILLISECOND } from '../../src/kernel/time.ts';
import { syncBytes } from '../../src/qu/authenticated-bytes.ts';
import type { QuMessage } from '../../src/qu/message.ts';
import type { QuOptions } from '../../src/qu/options.ts';
import { qu } from '../../src/qu/protocol.ts';
import { decodeVersion, encodeVersion } from '../../src/qu/version.ts';
import { replayCommand, seedsUpTo } from './testing/seeds.ts';
import { SHARED, SharedCounter } from './testing/shared-counter.ts';
import { VersionWatch } from './testing/version-watch.ts';

/**
 * A replica that was cut off comes back under load and is needed for every quorum, as another is cut off then. It catches up by
 * fetching versions [QU §3.5], and b of those whom it asks give it wrong ones, under right tags.
 */
const SEEDS = 10;
const TITLE = 'a replica that comes back under load';
const RETURNS_US = 20 * MILLISECOND;
const ENDS_US = 60 * MILLISECOND;
const TIMEOUT_MS = 120_000;
const OPTIONS = { probeUs: 3_000, suspicionUs: 10_000, syncRetryUs: 2_000 };

type Deployed = Deployment<QuOptions>;
type Context = ReplicaContext<QuMessage>;

/** Honest but for the versions that it gives to others: their state is not what the operations made. */
function lyingHost(deployment: Deployed, context: Context): Replica<QuMessage> {
  const { authentication } = context;
  const send = (to: ParticipantId | readonly ParticipantId[], message: QuMessage): void => {
    const version = message.type === 'syncReply' ? decodeVersion(message.version) : undefined;
    if (message.type !== 'syncReply' || version === undefined || typeof to !== 'number') {
      return context.send(to, message);
    }
    const wrong = encodeVersion({ ...version, state: version.state.map((byte) => byte ^ 1) });
    const { object, timestamp } = message;
    const tag = new Uint8Array(authentication.tagBytes);
    authentication.generate(to, syncBytes('syncReply', new TextEncoder().encode(object), timestamp, wrong), tag, 0);
    context.send(to, { type: 'syncReply', object, timestamp, version: wrong, tag });
  };
  return qu.createReplica(deployment, alteredContext(context, { send }));
}

interface Outcome {
  readonly fetched: number;
  readonly conflicts: readonly string[];
  /** Increments that the clients were told of, and how many different values they were told. */
  readonly told: number;
  readonly different: number;
}

function comeBack(seed: number, faults: number, create: (watch: VersionWatch) => typeof qu.createReplica): Outcome {
  const watch = new VersionWatch(SHARED);
  const honest = create(watch);
  const replicas = 5 * faults + 1;
  const role = (step: number): ReplicaId => (seed + step) % replicas;
  const absent = role(0);
  const later = role(1);
  const liars = Array.from({ length: faults }, (_, index) => role(2 + index));
  const run = new SharedCounter({
    seed,
    faults,
    clients: 4,
    options: OPTIONS,
    createReplica: (deployment, context) =>
      liars.includes(context.self) ? lyingHost(deployment, context) : honest(deployment, context),
  });
  // Beyond the liars, which answer, b replicas may be silent: at first the absent one among them, then not.
  const others = Array.from({ length: faults - 1 }, (_, index) => role(2 + faults + index));
  run.simulation.admit = (from, to) => {
    const silent = [...others, run.simulation.now() < RETURNS_US ? absent : later];
    return !silent.includes(from) && !silent.includes(to);
  };
  run.runFor(ENDS_US);
  return {
    fetched: run.replicas[absent]?.counters.get('qu.sync.completed') ?? 0,
    conflicts: watch.conflicts,
    told: run.values.length,
    different: new Set(run.values).size,
  };
}

const watched = (watch: VersionWatch) => (deployment: Deployed, context: Context) =>
  watch.createReplica(qu, deployment, context);

/** Content with the first answer: the number of equal ones is read off the deployment whenever one comes, the thresholds only at the start. */
const credulous = (watch: VersionWatch) => (deployment: Deployed, context: Context) => {
  const told = { ...deployment };
  const replica = watch.createReplica(qu, told, context);
  Object.assign(told, { faults: 0 });
  return replica;
};

describe.each([1, 2])('f = %i', (faults) => {
  test(
    `${TITLE}, f = ${faults}: fetches what it missed, and only what is right`,
    () => {
      for (const seed of seedsUpTo(SEEDS)) {
        const { fetched, conflicts, told, different } = comeBack(seed, faults, watched);
        const replay = `seed ${seed}; ${replayCommand(seed, `${TITLE}, f = ${faults}`)}`;
        expect(fetched, replay).toBeGreaterThan(0);
        expect(conflicts, replay).toEqual([]);
        expect(told, replay).toBeGreaterThan(20);
        expect(different, replay).toBe(told);
      }
    },
    TIMEOUT_MS,
  );

  test(
    'it takes the first version that it is given (planted mistake)',
    () => {
      const seeds = Array.from({ length: SEEDS }, (_, index) => index + 1);
      expect(seeds.some((seed) => comeBack(seed, faults, credulous).conflicts.length > 0)).toBe(true);
    },
    TIMEOUT_MS,
  );
});
