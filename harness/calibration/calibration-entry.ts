import { isTask, perform } from './task.ts';

/** A process that measures one thing and ends. */
process.on('disconnect', () => process.exit(0));
process.once('message', (task) => {
  if (!isTask(task)) throw new Error('not a task');
  perform(task).then(
    (result) => process.send?.(result, undefined, undefined, () => process.exit(0)),
    (error: unknown) => {
      throw error;
    },
  );
});
