import { digestInput, ReplicaAuthenticator } from '../../../baselines/pbft/authenticator.ts';
import type { Message } from '../../../baselines/pbft/message.ts';
import type { Options } from '../../../baselines/pbft/options.ts';
import { decodeClaim, encodeClaim } from '../../../baselines/pbft/view-change.ts';
import type { ReplicaContext } from '../../../src/kernel/participant.ts';
import type { Deployment } from '../../../src/kernel/protocol.ts';
import { alteredContext } from '../../../src/kernel/testing/altered-context.ts';

/** The context of a Byzantine PBFT replica that does its part in every view, and at each view change denies that it has prepared anything. */
export function denyingPrepared(
  { replicas }: Deployment<Options>,
  context: ReplicaContext<Message>,
): ReplicaContext<Message> {
  const { self, authentication } = context;
  const authenticator = new ReplicaAuthenticator(authentication, self, replicas);
  const denied = (message: Message): Message => {
    const claim = message.type === 'viewChange' ? decodeClaim(message.body) : undefined;
    if (claim?.replica !== self) return message;
    const body = encodeClaim({ ...claim, prepared: [] });
    const tags = authenticator.make(digestInput('viewChange', authentication.digest(body)));
    return { type: 'viewChange', body, authenticator: tags };
  };
  return alteredContext(context, { send: (to, message) => context.send(to, denied(message)) });
}
