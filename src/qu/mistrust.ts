import type { ReplicaId } from '../kernel/identifiers.ts';
import type { Context } from '../kernel/participant.ts';
import type { Deployment } from '../kernel/protocol.ts';
import type { Microseconds } from '../kernel/time.ts';
import type { CachedHistorySet } from './cached-history-set.ts';
import type { ObjectOptions } from './options.ts';
import { includesReplica, type ReplicaSet, replicaSet } from './replica-set.ts';

/** Whom a client passes over: replicas that were silent, for all objects, and those that it doubts, for one. Both only for a while. */
export class Mistrust {
  readonly #deployment: Deployment<ObjectOptions>;
  readonly #context: Pick<Context<never>, 'now' | 'random'>;
  readonly #everyone: readonly ReplicaId[];
  readonly #suspectedUntil: Microseconds[];
  /** When the last suspicion ends; until then quorums are chosen around the suspected. */
  #suspicionEndsUs: Microseconds = 0;

  constructor(deployment: Deployment<ObjectOptions>, context: Pick<Context<never>, 'now' | 'random'>) {
    this.#deployment = deployment;
    this.#context = context;
    this.#everyone = Array.from({ length: deployment.replicas }, (_, replica) => replica);
    this.#suspectedUntil = new Array<Microseconds>(deployment.replicas).fill(0);
  }

  heardFrom(replica: ReplicaId): void {
    this.#suspectedUntil[replica] = 0;
  }

  suspect(silent: readonly ReplicaId[]): void {
    const until = this.#context.now() + this.#deployment.options.suspicionUs;
    for (const replica of silent) {
      this.#suspectedUntil[replica] = until;
      this.#suspicionEndsUs = until;
    }
  }

  /**
   * Replicas that are asked last and whose histories are left out of the set: those that were silent, and those that were doubted for this
   * object. Undefined, most of the time, if there are none.
   */
  passedOver(object: CachedHistorySet): ReplicaSet | undefined {
    const now = this.#context.now();
    const doubted = object.doubtedAt(now);
    if (now >= this.#suspicionEndsUs) return doubted;
    const { replicas, faults } = this.#deployment;
    const silent = this.#everyone.filter((replica) => (this.#suspectedUntil[replica] ?? 0) > now);
    if (doubted === undefined) return replicaSet(silent, replicas);
    const both = this.#everyone.filter((replica) => includesReplica(doubted, replica) || silent.includes(replica));
    // Without more than b histories no set shows a complete candidate.
    return both.length > faults ? doubted : replicaSet(both, replicas);
  }

  /**
   * Up to b liars can keep an operation from ending, with candidates that nobody else has or with authenticators that others find wrong.
   * Who they are can't be told for sure, so an operation that has taken many attempts goes on without b others each time: those
   * whose newest candidate too few share, as far as there are such, and any others. Whoever is wronged is passed over for a while, which is safe. The doubt is the first
   * object's, and holds for the whole operation.
   */
  doubt(objects: readonly CachedHistorySet[]): void {
    const { faults, options, replicas } = this.#deployment;
    const context = this.#context;
    const now = context.now();
    const [first] = objects;
    const doubted = first?.doubtedAt(now);
    // Those that are doubted now have not been asked for a while: of course nobody shares what they showed then.
    const isTrusted = (replica: ReplicaId) => doubted === undefined || !includesReplica(doubted, replica);
    const unsupported = new Set(objects.flatMap((object) => object.unsupported(faults)).filter(isTrusted));
    const drawn: ReplicaId[] = [];
    const drawFrom = (candidates: ReplicaId[]) => {
      while (drawn.length < faults && candidates.length > 0) {
        drawn.push(...candidates.splice(Math.floor(context.random() * candidates.length), 1));
      }
    };
    drawFrom([...unsupported]);
    drawFrom(this.#everyone.filter((replica) => !drawn.includes(replica)));
    first?.doubt(replicaSet(drawn, replicas), now + options.suspicionUs);
  }
}
