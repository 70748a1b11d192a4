import type { ThreadTask } from './thread-node.ts';

/** The task of a worker thread. What a node is made of is loaded here, so that an error in loading comes out as it is. */
export async function runNode(task: ThreadTask): Promise<void> {
  const { hostNode } = await import('./thread-node.ts');
  await hostNode(task);
}
