import { setTimeout as delay } from 'node:timers/promises';
import type { Microseconds } from '../../src/kernel/time.ts';
import type { DriverHistory } from '../workload/history.ts';
import { interrupted } from './failures.ts';
import type { RemoteNode } from './remote-node.ts';
import { type NodeSample, type RunningDeployment, RuntimeFailure } from './runtime.ts';

/** Nodes that were asked to end and did not within this time are killed. */
const CLOSE_TIMEOUT_MS = 3_000;

/** Nodes in real time that are controlled by messages: what the process and the thread runtime have in common. */
export class Deployment implements RunningDeployment {
  readonly #nodes: RemoteNode[] = [];
  readonly #signal: AbortSignal;
  /** Releases what the runtime set up beside the nodes. Called once, when they are gone. */
  readonly #release: () => Promise<void>;
  readonly #failed: Promise<never>;
  #fail: (failure: RuntimeFailure) => void = () => {};
  #closing: Promise<void> | undefined;
  readonly #onAbort = (): void => {
    this.fail(interrupted());
    // Whoever closes the deployment hears what goes wrong with it.
    this.close().catch(() => {});
  };

  constructor(signal: AbortSignal, release: () => Promise<void>) {
    this.#signal = signal;
    this.#release = release;
    this.#failed = new Promise((_, reject) => {
      this.#fail = reject;
    });
    // Whoever waits for something races it with the failure; nobody may be waiting at the moment.
    this.#failed.catch(() => {});
    if (signal.aborted) this.#onAbort();
    else signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  get nodes(): readonly RemoteNode[] {
    return this.#nodes;
  }

  add(node: RemoteNode): void {
    this.#nodes.push(node);
  }

  /** `node` takes the place of one that is gone. */
  replace(gone: RemoteNode, node: RemoteNode): void {
    this.#nodes[this.#nodes.indexOf(gone)] = node;
  }

  /** Everything under way, and everything asked for later, rejects with the first failure. */
  fail(failure: RuntimeFailure): void {
    this.#fail(failure);
  }

  /** What `work` resolves to, unless a node fails first. */
  guarded<Value>(work: Promise<Value>): Promise<Value> {
    return Promise.race([this.#failed, work]);
  }

  async startLoad(): Promise<void> {
    await this.guarded(Promise.all(this.#nodes.map((node) => node.ask({ type: 'start-load' }, 'done'))));
  }

  async advance(spanUs: Microseconds): Promise<void> {
    const over = new AbortController();
    try {
      await this.guarded(delay(spanUs / 1e3, undefined, { signal: over.signal }));
    } finally {
      over.abort();
    }
  }

  async sample(): Promise<readonly NodeSample[]> {
    const answers = await this.guarded(Promise.all(this.#nodes.map((node) => node.ask({ type: 'sample' }, 'sample'))));
    return answers.map(({ sample }) => sample);
  }

  async stopLoad(graceUs: Microseconds): Promise<readonly DriverHistory[]> {
    const answers = await this.guarded(
      Promise.all(this.#nodes.map((node) => node.ask({ type: 'stop-load', graceUs }, 'history'))),
    );
    return answers.flatMap(({ history }) => (history === undefined ? [] : [history]));
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#signal.removeEventListener('abort', this.#onAbort);
    this.fail(new RuntimeFailure('the deployment was closed'));
    const over = new AbortController();
    const gone = Promise.all(this.#nodes.map((node) => node.gone)).then(() => over.abort());
    // A node that fails on its way out is gone, too.
    for (const node of this.#nodes) node.ask({ type: 'close' }, 'done').catch(() => {});
    await delay(CLOSE_TIMEOUT_MS, undefined, { signal: over.signal }).catch(() => {});
    if (!over.signal.aborted) for (const node of this.#nodes) node.kill();
    await gone;
    await this.#release();
  }
}
