import { CountedAuthentication } from '../../crypto/counted-authentication.ts';
import { hmacSha256 } from '../../crypto/hmac-sha256.ts';
import type { ParticipantId } from '../../kernel/identifiers.ts';
import type { Replica } from '../../kernel/participant.ts';
import type { ProtocolDefinition } from '../../kernel/protocol.ts';
import type { Service } from '../../kernel/service.ts';
import type { CachedHistorySet } from '../cached-history-set.ts';
import type { Reply } from '../message.ts';
import { isReply } from './replies.ts';

export const SIZE = { faults: 1, replicas: 6, quorum: 5 } as const;
export const THRESHOLDS = { quorum: SIZE.quorum, repairable: 3 };
export const secret = new Uint8Array(32);

/** Replica 0 alone, with the keys of everybody else in the test's hands. */
export class ReplicaBench<Message extends { readonly type: string }> {
  readonly sent: { readonly to: ParticipantId; readonly message: Message | Reply }[] = [];
  readonly counters = new Map<string, number>();
  /** Those that were set. */
  readonly timers = new Set<number>();
  readonly replica: Replica<Message>;

  constructor(
    definition: ProtocolDefinition<Message, unknown>,
    service: Service,
    options: Readonly<Record<string, unknown>> = {},
  ) {
    const deployment = { ...SIZE, options: definition.options.parse(options), service };
    this.replica = definition.createReplica(deployment, {
      self: 0,
      incarnation: 0,
      authentication: new CountedAuthentication(hmacSha256, secret, 0),
      now: () => 0,
      random: () => 0,
      // The replica reuses the arrays of what it sends, as runtimes encode at once.
      send: (to, message) => {
        for (const receiver of typeof to === 'number' ? [to] : to)
          this.sent.push({ to: receiver, message: structuredClone(message) });
      },
      setTimer: (timer) => this.timers.add(timer),
      cancelTimer: () => {},
      count: (counter, amount = 1) => this.counters.set(counter, (this.counters.get(counter) ?? 0) + amount),
    });
  }

  lastReply(): Reply {
    const message = this.sent.at(-1)?.message;
    if (message === undefined || !isReply(message)) throw new Error('no reply was sent');
    return message;
  }
}

/** What the client learns when these replicas answer as replica 0 did. */
export function learn(cache: CachedHistorySet, reply: Reply, replicas: readonly number[] = [0, 1, 2, 3, 4]): void {
  const history = cache.digested(reply.history, undefined);
  for (const replica of replicas) {
    const authentication = new CountedAuthentication(hmacSha256, secret, replica);
    const authenticator = new Uint8Array(SIZE.replicas * authentication.tagBytes);
    for (let peer = 0; peer < SIZE.replicas; peer++) {
      if (peer !== replica)
        authentication.generate(peer, history.digest, authenticator, peer * authentication.tagBytes);
    }
    cache.update(replica, history, authenticator);
  }
}
