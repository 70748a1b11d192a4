import type { NodeMessage } from './control.ts';
import { failureReason } from './failure-reason.ts';

/** Says something to the parent process; `then` is called when it is on its way, or if there is no parent any more. */
export function sayToParent(message: NodeMessage, then: () => void = () => {}): void {
  if (process.send === undefined || !process.connected) then();
  else process.send(message, undefined, undefined, then);
}

/** Ends this process with a reason that reaches the parent. */
export function endWith(error: unknown): void {
  sayToParent({ type: 'failed', reason: failureReason(error) }, () => process.exit(1));
}
