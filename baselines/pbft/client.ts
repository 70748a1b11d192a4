import { Counter, ignored } from '../../src/kernel/counters.ts';
import { isReplica, type ParticipantId } from '../../src/kernel/identifiers.ts';
import type { Operation } from '../../src/kernel/operation.ts';
import type { Client, ClientContext } from '../../src/kernel/participant.ts';
import type { Deployment } from '../../src/kernel/protocol.ts';
import { encodeRequest } from '../../src/wire/request.ts';
import { replyInput, requestInput, WHOLE_RESULT_BYTES } from './authenticator.ts';
import { equalBytes } from './digest.ts';
import { type Message, primaryOf, type Reply, type Request, type View } from './message.ts';
import type { Options } from './options.ts';

const RETRANSMIT = 0;
const MOST_DOUBLINGS = 6;

/** What one replica answered, authenticated: the result, or its digest where the result is large. */
interface Answer {
  readonly essence: Uint8Array;
  readonly large: boolean;
}

/** §4.1: sends to the primary, accepts a result that f+1 replicas agree on, asks all replicas when that takes too long. */
export class PbftClient implements Client<Message> {
  readonly #context: ClientContext<Message>;
  readonly #faults: number;
  readonly #replicas: readonly ParticipantId[];
  readonly #retransmitUs: number;
  #number = 0;
  #outstanding: Request | undefined;
  #answers: (Answer | undefined)[];
  /** A large result that came whole, with its digest. */
  #whole: { readonly digest: Uint8Array; readonly result: Uint8Array } | undefined;
  /** The view in which each replica answered last. */
  readonly #views: View[];
  #view: View = 0;
  #sentUs = 0;
  #doublings = 0;
  #timerSet = false;

  constructor(deployment: Deployment<Options>, context: ClientContext<Message>) {
    this.#context = context;
    this.#faults = deployment.faults;
    this.#replicas = Array.from({ length: deployment.replicas }, (_, replica) => replica);
    this.#retransmitUs = deployment.options.retransmitUs;
    this.#answers = new Array<Answer | undefined>(deployment.replicas).fill(undefined);
    this.#views = new Array<View>(deployment.replicas).fill(0);
  }

  start(): void {}

  invoke(operation: Operation): void {
    if (this.#outstanding !== undefined) throw new Error('a client carries out one operation at a time');
    const { authentication, self } = this.#context;
    const request = encodeRequest(self, ++this.#number, operation);
    const input = requestInput(authentication, request);
    const authenticator = new Uint8Array(this.#replicas.length * authentication.tagBytes);
    for (const replica of this.#replicas) {
      authentication.generate(replica, input, authenticator, replica * authentication.tagBytes);
    }
    this.#outstanding = { type: 'request', request, authenticator };
    this.#answers.fill(undefined);
    this.#whole = undefined;
    this.#doublings = 0;
    this.#context.send(primaryOf(this.#view, this.#replicas.length), this.#outstanding);
    this.#sentUs = this.#context.now();
    this.#setTimer(this.#retransmitUs);
  }

  receive(from: ParticipantId, message: Message): void {
    if (message.type !== 'reply' || !isReplica(from, this.#replicas.length)) return this.#ignore('unexpected');
    if (this.#outstanding === undefined || message.number !== this.#number) return this.#ignore('late');
    const { authentication } = this.#context;
    const large = message.digested || message.result.length > WHOLE_RESULT_BYTES;
    const comesWhole = large && !message.digested;
    if (message.digested && message.result.length !== authentication.digestBytes) return this.#ignore('malformed');
    if (this.#answers[from] !== undefined && !(comesWhole && this.#whole === undefined))
      return this.#ignore('duplicate');
    const essence = comesWhole ? authentication.digest(message.result) : message.result;
    const input = replyInput(message.view, message.number, large, essence);
    if (!authentication.verify(from, input, message.tag, 0)) return this.#ignore('authentication');
    this.#noteView(from, message);
    const answer: Answer = { essence: comesWhole ? essence : new Uint8Array(essence), large };
    this.#answers[from] = answer;
    if (comesWhole) this.#whole = { digest: essence, result: new Uint8Array(message.result) };
    this.#tryComplete(answer);
  }

  /** The timer is set for the first operation and from then on moved when it expires, not with every operation. */
  expire(): void {
    this.#timerSet = false;
    if (this.#outstanding === undefined) return;
    const patienceUs = this.#retransmitUs * 2 ** this.#doublings;
    const waitedUs = this.#context.now() - this.#sentUs;
    // Whole microseconds: a rest that is lost in the clock's rounding would expire at once, again and again.
    if (waitedUs < patienceUs) return this.#setTimer(Math.ceil(patienceUs - waitedUs));
    this.#context.count(Counter.retries);
    this.#doublings = Math.min(this.#doublings + 1, MOST_DOUBLINGS);
    this.#sentUs = this.#context.now();
    this.#context.send(this.#replicas, this.#outstanding);
    this.#setTimer(this.#retransmitUs * 2 ** this.#doublings);
  }

  #tryComplete(answer: Answer): void {
    let matching = 0;
    for (const other of this.#answers) {
      if (other !== undefined && other.large === answer.large && equalBytes(other.essence, answer.essence)) matching++;
    }
    if (matching <= this.#faults) return;
    let result = answer.essence;
    if (answer.large) {
      if (this.#whole === undefined || !equalBytes(this.#whole.digest, answer.essence)) return;
      result = this.#whole.result;
    }
    this.#outstanding = undefined;
    this.#context.complete(result);
  }

  /** The view that f+1 replicas have reached, so that a correct one has, says whom to ask next. */
  #noteView(from: ParticipantId, { view }: Reply): void {
    if (this.#views[from] === view) return;
    this.#views[from] = view;
    const descending = [...this.#views].sort((a, b) => b - a);
    this.#view = descending[this.#faults] ?? this.#view;
  }

  #setTimer(delayUs: number): void {
    if (this.#timerSet) return;
    this.#timerSet = true;
    this.#context.setTimer(RETRANSMIT, delayUs);
  }

  #ignore(reason: string): void {
    this.#context.count(ignored(reason));
  }
}
