import { fork } from 'node:child_process';
import { protocolNamed } from '../../baselines/registry.ts';
import { compiledEntry } from '../node/entry.ts';
import { interrupted } from '../runtimes/failures.ts';
import { NODE_OPTIONS } from '../runtimes/process/spawn-node.ts';
import { RuntimeFailure } from '../runtimes/runtime.ts';
import { isResultOf, type Task, type TaskResults } from './task.ts';

/**
 * Measures in a process with the V8 options of a node's. Rejects with a RuntimeFailure if that ends without a result; an abort kills it.
 */
export function runTask<T extends Task>(task: T, signal: AbortSignal): Promise<TaskResults[T['part']]> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(interrupted());
    const child = fork(compiledEntry('calibration', 'calibration-entry'), [task.part], {
      serialization: 'advanced',
      execArgv: [...process.execArgv, ...NODE_OPTIONS, ...nurseryOptions(task)],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const onAbort = () => {
      child.kill('SIGKILL');
      reject(interrupted());
    };
    signal.addEventListener('abort', onAbort, { once: true });
    child.on('message', (message) => {
      if (isResultOf(message, task)) resolve(message.value);
    });
    child.once('error', (error) =>
      reject(new RuntimeFailure(`measuring ${task.part} could not begin: ${error.message}`)),
    );
    child.once('exit', (code, killed) => {
      signal.removeEventListener('abort', onAbort);
      // Too late to matter where there was a result.
      reject(new RuntimeFailure(`measuring ${task.part} ended without a result (${killed ?? `exit code ${code}`})`));
    });
    child.send(task, () => {});
  });
}

/** Of a process; V8's default for 64 bits. */
const NURSERY_MIB = 16;

/**
 * Nodes that share a heap fill its nursery the sooner the more they are, and each collection finds what is alive of all of them: per operation
 * that would cost by the square of their number. With room for each as in a process of its own it costs what it costs there.
 */
function nurseryOptions(task: Task): readonly string[] {
  if (task.part !== 'steps') return [];
  const nodes = protocolNamed(task.protocol).replicas(task.configuration.faults) + 1;
  return [`--min-semi-space-size=${NURSERY_MIB * nodes}`, `--max-semi-space-size=${NURSERY_MIB * nodes}`];
}
