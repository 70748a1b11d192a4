import { processRuntime } from '../process/process-runtime.ts';
import type { Runtime } from '../runtime.ts';
import { runtimes } from '../runtimes.ts';

/** Ports that the runtime under test listens on; outside the range that the system hands out by itself. */
export const FIRST_TEST_PORT = 21_730;

/** A runtime and what the conformance suite may expect of it. Where something does not apply, the reason stands instead. */
export interface Subject {
  readonly name: string;
  readonly runtime: Runtime;
  /** How to end one node from outside, by process number; or why there is no such way. */
  readonly killable: true | string;
  /** Whether it can put an empty replica in the place of one; or why not. */
  readonly restartable: true | string;
  /** How strangers reach replica 0, or why they cannot. */
  readonly door: 'socket file' | 'port' | { readonly none: string };
}

const inOneProcess = 'nodes have no process of their own';
const subjects: Readonly<Record<string, Omit<Subject, 'name' | 'runtime'>>> = {
  thread: {
    killable: inOneProcess,
    restartable: 'threads of one pool end together',
    door: { none: 'shared memory is not open to strangers' },
  },
  process: { killable: true, restartable: true, door: 'socket file' },
  'process-tcp': { killable: true, restartable: true, door: 'port' },
  sim: {
    killable: inOneProcess,
    restartable: true,
    door: { none: 'messages never leave the simulation' },
  },
};

/** Every registered runtime: a new one that is not described here fails its tests. */
export const subjectsUnderTest: readonly Subject[] = runtimes.map((registered) => {
  const subject = subjects[registered.name];
  if (subject === undefined) throw new Error(`describe runtime '${registered.name}' in testing/subjects.ts`);
  const runtime =
    subject.door === 'port'
      ? processRuntime({ name: registered.name, transport: 'tcp', firstPort: FIRST_TEST_PORT })
      : registered;
  return { name: registered.name, runtime, ...subject };
});
