import { fork } from 'node:child_process';
import { compiledEntry } from '../node/entry.ts';
import { interrupted } from '../runtimes/failures.ts';
import { NODE_OPTIONS } from '../runtimes/process/spawn-node.ts';
import { RuntimeFailure } from '../runtimes/runtime.ts';
import { isTaskResult, type Task, type TaskResults } from './task.ts';

/**
 * Measures in a process with the V8 options of a node's. Rejects with a RuntimeFailure if that ends without a result; an abort kills it.
 */
export function runTask<Part extends Task['part']>(
  task: Task & { readonly part: Part },
  signal: AbortSignal,
): Promise<TaskResults[Part]> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(interrupted());
    const child = fork(compiledEntry('calibration', 'calibration-entry'), [task.part], {
      serialization: 'advanced',
      execArgv: [...process.execArgv, ...NODE_OPTIONS],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const onAbort = () => {
      child.kill('SIGKILL');
      reject(interrupted());
    };
    signal.addEventListener('abort', onAbort, { once: true });
    child.on('message', (message) => {
      if (isTaskResult(message, task.part)) resolve(message.value);
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
