import type { Outcome } from './campaign.ts';
import type { SweepTask } from './sweep-task.ts';

/** The task of a worker thread. What it needs is loaded here, so that an error in loading comes out as it is. */
export async function measureTask(task: SweepTask): Promise<Outcome> {
  const { measureSimulated } = await import('./sweep-worker.ts');
  return measureSimulated(task);
}
