import { Counter } from '../../../src/kernel/counters.ts';
import { historyOf, type TestOperation } from '../../checkers/testing/histories.ts';
import { driver, replica } from '../../metrics/testing/samples.ts';
import { type RunningDeployment, type RunSpec, type Runtime, RuntimeFailure } from '../../runtimes/runtime.ts';
import type { DriverHistory } from '../../workload/history.ts';

/** How a fake deployment behaves. */
export interface FakeBehaviour {
  readonly name?: string;
  /** Fails at this call, with this message. */
  readonly failAt?: 'launch' | 'startLoad' | 'advance' | 'sample' | 'stopLoad';
  /** Only in launches for which this is true; always by default. */
  readonly failsFor?: (launch: number, spec: RunSpec) => boolean;
  readonly failure?: Error;
  /** Changes the history that a driver hands over. */
  readonly history?: (operations: readonly TestOperation[]) => readonly TestOperation[];
  /** Called at every advance, before time passes. */
  readonly onAdvance?: (nowUs: number) => void;
  /** CPU time of a driver per µs of time. */
  readonly driverShare?: number;
  /** Requests that a driver has sent again for each that was handled. */
  readonly retries?: number;
  /** Requests handled up to a time; one every 100 µs by default. */
  readonly handledBy?: (nowUs: number) => number;
}

/** A runtime without nodes, in virtual time: one client, one counter, one operation of 100 µs after the other. */
export class FakeRuntime implements Runtime {
  readonly name: string;
  readonly summary = 'for tests';
  /** What was called, in order. */
  readonly calls: string[] = [];
  readonly specs: RunSpec[] = [];
  readonly #behaviour: FakeBehaviour;

  constructor(behaviour: FakeBehaviour = {}) {
    this.name = behaviour.name ?? 'fake';
    this.#behaviour = behaviour;
  }

  launch(spec: RunSpec, signal: AbortSignal): Promise<RunningDeployment> {
    this.specs.push(spec);
    const { failsFor = () => true } = this.#behaviour;
    const fails = failsFor(this.specs.length, spec);
    const step = async (call: string): Promise<void> => {
      this.calls.push(call);
      await Promise.resolve();
      if (signal.aborted) throw new RuntimeFailure('the run was interrupted');
      if (fails && call.startsWith(this.#behaviour.failAt ?? '-')) {
        throw this.#behaviour.failure ?? new RuntimeFailure(`replica 0 died at ${call}`);
      }
    };
    return step('launch').then(() => this.#deployment(step));
  }

  #deployment(step: (call: string) => Promise<void>): RunningDeployment {
    const { history = (operations) => operations, onAdvance, driverShare = 0.1, retries = 0 } = this.#behaviour;
    const { handledBy = (atUs: number) => Math.floor(atUs / 100) } = this.#behaviour;
    let nowUs = 0;
    return {
      startLoad: () => step('startLoad'),
      advance: async (spanUs) => {
        onAdvance?.(nowUs);
        await step(`advance ${spanUs}`);
        nowUs += spanUs;
      },
      sample: async () => {
        await step('sample');
        const handled = handledBy(nowUs);
        return [
          replica(0, {
            atUs: nowUs,
            cpuUs: handled * 20,
            residentBytes: 2 ** 20,
            traffic: { messagesSent: handled, messagesReceived: handled },
            crypto: { macsGenerated: handled, macsVerified: handled },
            counters: { [Counter.handled]: handled },
          }),
          driver(0, {
            atUs: nowUs,
            cpuUs: nowUs * driverShare,
            residentBytes: 0,
            traffic: { messagesSent: handled },
            counters: { [Counter.retries]: handled * retries },
          }),
        ];
      },
      stopLoad: async (graceUs): Promise<readonly DriverHistory[]> => {
        await step(`stopLoad ${graceUs}`);
        const operations = Array.from({ length: handledBy(nowUs) }, (_, index) => ({
          invokedUs: 100 * index,
          completedUs: 100 * index + 100,
          value: index + 1,
          client: 0x1000,
        }));
        return [historyOf(history(operations))];
      },
      close: async () => {
        this.calls.push('close');
        await Promise.resolve();
      },
    };
  }
}
