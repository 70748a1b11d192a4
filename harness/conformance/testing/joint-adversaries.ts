import type { ParticipantId } from '../../../src/kernel/identifiers.ts';
import type { ClientContext, Replica, ReplicaContext } from '../../../src/kernel/participant.ts';
import { alteredContext } from '../../../src/kernel/testing/altered-context.ts';
import { jointReplyBytes } from '../../../src/qu/authenticated-bytes.ts';
import { historyDigest } from '../../../src/qu/history-set.ts';
import { historiesDigest } from '../../../src/qu/joint/digests.ts';
import type { JointReply } from '../../../src/qu/joint/message.ts';
import { INITIAL_HISTORY, type ReplicaHistory } from '../../../src/qu/replica-history.ts';
import { copyOf, sameBytes } from '../../../src/wire/bytes.ts';
import type { RandomStream } from '../../node/random.ts';

const MOST_KEPT = 32;

/**
 * The context of a client whose requests reach only some of the replicas they are meant for, with authenticator entries spoilt that stand for some
 * of the objects, and again when they are long out of date: it leaves behind operations done here and not there, and has replicas see different
 * parts of one history set.
 */
export function careless<Message extends { readonly type: string }>(
  context: ClientContext<Message>,
  random: RandomStream,
): ClientContext<Message> {
  const kept: { readonly to: ParticipantId | readonly ParticipantId[]; readonly message: Message }[] = [];
  const altered = alteredContext(context, {
    send(to, message) {
      if (random() < 0.15) {
        const past = kept[Math.floor(random() * kept.length)];
        if (past !== undefined) context.send(past.to, past.message);
      }
      if (random() < 0.3) return;
      const sent = random() < 0.3 ? withSpoiltEntries(message, random) : message;
      kept[Math.floor(random() * MOST_KEPT)] = { to, message: structuredClone(sent) };
      context.send(to, sent);
    },
  });
  return Object.assign(altered, { complete: (result: Uint8Array) => context.complete(result) });
}

function withSpoiltEntries<Message extends { readonly type: string }>(message: Message, random: RandomStream): Message {
  if (!('entries' in message) || !(message.entries instanceof Uint8Array)) return message;
  const entries = copyOf(message.entries);
  for (let spoilt = 0; spoilt < 3; spoilt++) {
    const at = Math.floor(random() * entries.length);
    entries[at] = (entries[at] ?? 0) ^ 1;
  }
  return { ...message, entries };
}

type MakeReplica<Message> = (
  create: (context: ReplicaContext<Message>) => Replica<Message>,
  context: ReplicaContext<Message>,
  replicas: number,
) => Replica<Message>;

/** What a lying replica makes of an answer: of each object in it the history that is shown, and the rest of the answer. */
interface Lie {
  historyOf(object: string, history: ReplicaHistory | undefined): ReplicaHistory;
  readonly answer?: Pick<JointReply, 'accepted' | 'bindings'>;
}

/** A replica that takes part in everything, and says of every object that it has never accepted anything. */
export function denying<Message extends { readonly type: string }>(
  ...given: Parameters<MakeReplica<Message>>
): Replica<Message> {
  return showing<Message>({ historyOf: () => INITIAL_HISTORY, answer: { accepted: false, bindings: [] } })(...given);
}

/** A replica that takes part in everything, and shows of each object what it has or, as often, what it had some time ago or never. */
export function twoFaced(random: RandomStream) {
  return <Message extends { readonly type: string }>(...given: Parameters<MakeReplica<Message>>): Replica<Message> => {
    const past = new Map<string, ReplicaHistory[]>();
    const historyOf = (object: string, history = INITIAL_HISTORY) => {
      const known = past.get(object) ?? [INITIAL_HISTORY];
      if (!known.some((other) => sameBytes(other, history))) known.push(copyOf(history));
      past.set(object, known.slice(-5));
      return random() < 0.5 ? history : (known[Math.floor(random() * known.length)] ?? history);
    };
    return showing<Message>({ historyOf })(...given);
  };
}

/** A replica whose answers over several objects show other histories than its own, with the right authenticators and tags. */
function showing<Message extends { readonly type: string }>({ historyOf, answer }: Lie): MakeReplica<Message> {
  return (create, context, replicas) => {
    const { authentication } = context;
    let objects: readonly string[] = [];
    const shownOf = (object: string, own: ReplicaHistory | undefined) => {
      const history = historyOf(object, own);
      const digest = historyDigest(authentication, new TextEncoder().encode(object), history);
      const authenticator = new Uint8Array(replicas * authentication.tagBytes);
      for (let peer = 0; peer < replicas; peer++) {
        authentication.generate(peer, digest, authenticator, peer * authentication.tagBytes);
      }
      return { history, authenticator, digest };
    };
    const altered = (message: Message, to: ParticipantId): Message => {
      if (!isJointReply(message)) return message;
      const shown = objects.map((object, index) => shownOf(object, message.shown[index]?.history));
      const digest = historiesDigest(
        authentication,
        shown.map((each) => each.digest),
      );
      const told = { ...message, ...answer, shown };
      const tag = new Uint8Array(authentication.tagBytes);
      authentication.generate(to, jointReplyBytes(told.number, told.accepted, digest, told.result), tag, 0);
      return { ...told, tag };
    };
    const replica = create(
      alteredContext(context, {
        send(to, message) {
          for (const each of typeof to === 'number' ? [to] : to) context.send(each, altered(message, each));
        },
      }),
    );
    return {
      start: () => replica.start(),
      receive(from, message) {
        objects = objectsOf(message);
        replica.receive(from, message);
      },
      expire: (timer) => replica.expire(timer),
    };
  };
}

function isJointReply<Message extends { readonly type: string }>(message: Message): message is Message & JointReply {
  return message.type === 'jointReply';
}

function objectsOf(message: object): readonly string[] {
  const body = 'body' in message && typeof message.body === 'object' ? message.body : message;
  if (body === null || !('objects' in body) || !Array.isArray(body.objects)) return [];
  return body.objects.map(String);
}
