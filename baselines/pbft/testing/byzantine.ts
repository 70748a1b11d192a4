import type { ParticipantId, ReplicaId } from '../../../src/kernel/identifiers.ts';
import type { ReplicaContext } from '../../../src/kernel/participant.ts';
import type { ProtocolDefinition } from '../../../src/kernel/protocol.ts';
import type { Service } from '../../../src/kernel/service.ts';
import { alteredContext } from '../../../src/kernel/testing/altered-context.ts';
import { agreementInput, digestInput } from '../authenticator.ts';
import { parseBatch } from '../batch.ts';
import { type Message, type PrePrepare, primaryOf, type ViewChange } from '../message.ts';
import type { ViewChangeClaim } from '../new-view.ts';
import type { Options } from '../options.ts';
import { pbft } from '../protocol.ts';
import { decodeClaim, encodeClaim } from '../view-change.ts';

/** What a replica sends to one receiver in place of a message of PBFT's; undefined: nothing. */
export type Rewrite = (message: Message, to: ParticipantId, context: ReplicaContext<Message>) => Message | undefined;

/** PBFT, but for what its replicas send. */
export function rewriting(rewrite: Rewrite): ProtocolDefinition<Message, Options> {
  return {
    ...pbft,
    createReplica(deployment, context) {
      const send = (to: ParticipantId | readonly ParticipantId[], message: Message): void => {
        for (const receiver of typeof to === 'number' ? [to] : to) {
          const said = rewrite(message, receiver, context);
          if (said !== undefined) context.send(receiver, said);
        }
      };
      return pbft.createReplica(deployment, alteredContext(context, { send }));
    },
  };
}

/** A VIEW-CHANGE that its author authenticates to these receivers only. */
export function viewChangeFor(
  context: ReplicaContext<Message>,
  claim: ViewChangeClaim,
  replicas: number,
  receivers: readonly ReplicaId[],
): ViewChange {
  const { authentication } = context;
  const body = encodeClaim(claim);
  const authenticator = new Uint8Array(replicas * authentication.tagBytes);
  const input = digestInput('viewChange', authentication.digest(body));
  for (const receiver of receivers) {
    authentication.generate(receiver, input, authenticator, receiver * authentication.tagBytes);
  }
  return { type: 'viewChange', body, authenticator };
}

function ownClaim(message: Message, { self }: ReplicaContext<Message>): ViewChangeClaim | undefined {
  const claim = message.type === 'viewChange' ? decodeClaim(message.body) : undefined;
  return claim?.replica === self ? claim : undefined;
}

/** As soon as `forgets()`, it forgets everything, and goes on as if it were new. */
export function amnesiac(forgets: () => boolean): ProtocolDefinition<Message, Options> {
  return {
    ...pbft,
    createReplica(deployment, context) {
      let current = pbft.createReplica(deployment, context);
      let hasForgotten = false;
      return {
        start: () => current.start(),
        receive(from, message) {
          if (forgets() && !hasForgotten) {
            hasForgotten = true;
            current = pbft.createReplica(deployment, context);
          }
          current.receive(from, message);
        },
        expire: (timer) => current.expire(timer),
      };
    },
  };
}

/** It authenticates its VIEW-CHANGEs to the new primary only, and says nothing else in view changes. */
export function authorForPrimaryOnly(replicas: number): ProtocolDefinition<Message, Options> {
  return rewriting((message, to, context) => {
    if (message.type === 'viewChangeAck' || message.type === 'newView') return undefined;
    const claim = ownClaim(message, context);
    if (claim === undefined) return message;
    const primary = primaryOf(claim.view, replicas);
    return to === primary ? viewChangeFor(context, claim, replicas, [primary]) : undefined;
  });
}

/** It authenticates its VIEW-CHANGEs to all but one receiver, to whom it sends another one; and falls silent then. */
export function authorOfTwoMinds(replicas: number, other: ReplicaId): ProtocolDefinition<Message, Options> {
  let asked = false;
  return rewriting((message, to, context) => {
    const claim = ownClaim(message, context);
    if (claim === undefined) return asked ? undefined : message;
    asked = true;
    if (to === other) return viewChangeFor(context, { ...claim, prepared: [], prePrepared: [] }, replicas, [other]);
    const receivers = Array.from({ length: replicas }, (_, replica) => replica).filter((replica) => replica !== other);
    return viewChangeFor(context, claim, replicas, receivers);
  });
}

/** A replica whose state goes its own way, with right MACs and digests. */
export function onService(service: Service): ProtocolDefinition<Message, Options> {
  return { ...pbft, createReplica: (deployment, context) => pbft.createReplica({ ...deployment, service }, context) };
}

/** A primary that proposes to `misled`, in place of its `nth` batch, the one before once more; and says nothing any more if `falls` silent. */
export function repeatingPrimary(
  nth: number,
  misled: readonly ReplicaId[],
  fallsSilent: boolean,
): ProtocolDefinition<Message, Options> {
  let earlier: PrePrepare | undefined;
  let proposed = 0;
  return rewriting((message, to, context) => {
    // The batch goes out to all backups before anything else is said.
    if (fallsSilent && proposed >= nth && !(message.type === 'prePrepare' && message.sequence === nth))
      return undefined;
    if (message.type !== 'prePrepare') return message;
    proposed = Math.max(proposed, message.sequence);
    if (message.sequence === nth - 1) earlier = message;
    if (message.sequence !== nth || earlier === undefined || !misled.includes(to)) return message;
    return proposalOf(context, message, earlier.batch, to) ?? message;
  });
}

function proposalOf(
  { authentication }: ReplicaContext<Message>,
  { view, sequence, authenticator }: PrePrepare,
  bytes: Uint8Array,
  to: ReplicaId,
): PrePrepare | undefined {
  const batch = parseBatch(authentication, bytes, { authenticatorBytes: authenticator.length, batchLimit: 4096 });
  if (batch === undefined) return undefined;
  const tags = new Uint8Array(authenticator.length);
  const input = agreementInput('prePrepare', view, sequence, batch.digest);
  authentication.generate(to, input, tags, to * authentication.tagBytes);
  return { type: 'prePrepare', view, sequence, batch: bytes, authenticator: tags };
}
