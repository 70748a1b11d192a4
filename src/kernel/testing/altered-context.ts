import type { Context } from '../participant.ts';

/** A participant's context with other keys, or another way of sending. */
export function alteredContext<Message>(
  context: Context<Message>,
  changes: Partial<Pick<Context<Message>, 'authentication' | 'send'>>,
): Context<Message> {
  return {
    self: context.self,
    incarnation: context.incarnation,
    authentication: context.authentication,
    now: () => context.now(),
    random: () => context.random(),
    send: (to, message) => context.send(to, message),
    setTimer: (timer, delayUs) => context.setTimer(timer, delayUs),
    cancelTimer: (timer) => context.cancelTimer(timer),
    count: (counter, amount) => context.count(counter, amount),
    ...changes,
  };
}
