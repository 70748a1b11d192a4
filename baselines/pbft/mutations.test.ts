import { afterEach, describe, expect, test, vi } from 'vitest';
import { seeds } from './testing/fast.ts';
import { mistakes } from './testing/mistakes.ts';

/**
 * One mistake at a time is planted in a rule of the protocol: the adversity that the rule is there for must find it out on some seed, and
 * must find nothing in the protocol without it on any of them.
 */
const mistake = vi.hoisted(() => ({ now: 'none' }));

vi.mock('./certificates.ts', async (original) => {
  const right = await original<typeof import('./certificates.ts')>();
  const { votesFor } = right;
  const fewer = (name: string, rule: (faults: number) => number) => (faults: number) =>
    rule(faults) - (mistake.now === name ? 1 : 0);
  const prepared: typeof right.prepared = (ballot, faults) =>
    mistake.now === 'prepared with 2f − 1'
      ? ballot.digest !== undefined && votesFor(ballot.prepares, ballot.digest) >= 2 * faults - 1
      : right.prepared(ballot, faults);
  const committed: typeof right.committed = (ballot, faults) =>
    mistake.now === 'committed with 2f'
      ? ballot.digest !== undefined && prepared(ballot, faults) && votesFor(ballot.commits, ballot.digest) >= 2 * faults
      : right.committed(ballot, faults);
  return {
    ...right,
    prepared,
    committed,
    viewChangesNeeded: fewer('new view with 2f', right.viewChangesNeeded),
    checkpointsNeededFromOthers: (faults: number) =>
      mistake.now === 'checkpoint of f others' ? faults : right.checkpointsNeededFromOthers(faults),
  };
});

vi.mock('./acknowledgements.ts', async (original) => {
  const right = await original<typeof import('./acknowledgements.ts')>();
  return {
    ...right,
    acksToInclude: (faults: number) => (mistake.now === 'S without acks' ? 0 : right.acksToInclude(faults)),
    acksToAccept: (faults: number) =>
      mistake.now === 'no claim by others’ word' ? Number.POSITIVE_INFINITY : right.acksToAccept(faults),
  };
});

vi.mock('./log.ts', async (original) => {
  const right = await original<typeof import('./log.ts')>();
  class ForgetfulLog extends right.Log {
    override *instances(): ReturnType<InstanceType<typeof right.Log>['instances']> {
      for (const instance of super.instances()) {
        // Called when a replica states its P, among others.
        if (mistake.now === 'prepared forgotten at a view change') instance.lastPrepared = undefined;
        yield instance;
      }
    }
  }
  return { ...right, Log: ForgetfulLog };
});

vi.mock('./execution.ts', async (original) => {
  const right = await original<typeof import('./execution.ts')>();
  class RepeatingExecution extends right.Execution {
    override execute(...given: Parameters<InstanceType<typeof right.Execution>['execute']>): void {
      this.#forget(given[0]);
      super.execute(...given);
    }

    override executeTentatively(
      ...given: Parameters<InstanceType<typeof right.Execution>['executeTentatively']>
    ): void {
      this.#forget(given[0]);
      super.executeTentatively(...given);
    }

    #forget({ requests }: Parameters<InstanceType<typeof right.Execution>['execute']>[0]): void {
      for (const { client, number } of mistake.now === 'no reply cache' ? requests : []) {
        const record = this.clients.find(client);
        if (record !== undefined) record.executed = Math.min(record.executed, number - 1);
      }
    }
  }
  return { ...right, Execution: RepeatingExecution };
});

vi.mock('./rejoining.ts', async (original) => {
  const right = await original<typeof import('./rejoining.ts')>();
  class HastyRejoining extends right.Rejoining {
    readonly #state: ConstructorParameters<typeof right.Rejoining>[0];

    constructor(...given: ConstructorParameters<typeof right.Rejoining>) {
      super(...given);
      this.#state = given[0];
    }

    override start(): void {
      if (mistake.now !== 'restarted, votes at once' || !this.#state.rejoining) return super.start();
      this.#state.rejoining = false;
      this.#state.context.count('pbft.rejoined');
    }
  }
  return { ...right, Rejoining: HastyRejoining };
});

/** A mistake that stops the service shows only when the events of a run are used up. */
const TIMEOUT_MS = 120_000;

afterEach(() => {
  mistake.now = 'none';
});

describe.each(mistakes)('$name', ({ name, adversity, breaks, mostSeeds }) => {
  const allSeeds = seeds(1, mostSeeds);

  test(
    `without the mistake nothing goes wrong on seeds 1 … ${mostSeeds}`,
    () => {
      for (const seed of allSeeds) expect(adversity(seed), `seed ${seed}`).toBeUndefined();
    },
    TIMEOUT_MS,
  );

  test(
    `with the mistake something does on one of seeds 1 … ${mostSeeds}`,
    () => {
      mistake.now = name;
      expect(allSeeds.some((seed) => adversity(seed)?.breaks === breaks)).toBe(true);
    },
    TIMEOUT_MS,
  );
});
