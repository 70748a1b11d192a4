import { Counter, ignored } from '../../src/kernel/counters.ts';
import { isReplica, type ParticipantId } from '../../src/kernel/identifiers.ts';
import type { Operation } from '../../src/kernel/operation.ts';
import type { Client, ClientContext } from '../../src/kernel/participant.ts';
import type { Deployment } from '../../src/kernel/protocol.ts';
import { isQuery } from '../../src/kernel/service.ts';
import { chunkedZeros } from '../../src/wire/chunked-bytes.ts';
import { encodeRequest } from '../../src/wire/request.ts';
import { type Answer, Answers, type AnswersNeeded } from './answers.ts';
import { replyInput, requestInput, WHOLE_RESULT_BYTES } from './authenticator.ts';
import { type Message, primaryOf, type Query, type Reply, type Request, type View } from './message.ts';
import type { Options } from './options.ts';

const RETRANSMIT = 0;
const MOST_DOUBLINGS = 6;

/** The operation under way, and how it is being asked for. */
interface Outstanding {
  readonly operation: Operation;
  readonly message: Request | Query;
  readonly needed: AnswersNeeded;
}

/**
 * [OSDI §4.1, §5.1] An update goes to the primary, and to all replicas when that takes too long. Its result is what f+1 replicas say
 * that have committed it, or 2f+1 that have executed it tentatively. A query goes to all replicas, which execute it at once; its result is
 * what 2f+1 say. If they disagree, or do not answer in time, it is ordered like an update, under a number of its own, so that late answers to the one
 * never count for the other.
 *
 * Why queries are linearizable: an update that was completed before, and the 2f+1 answers to the query, have a correct replica in common, and
 * that one answers on a state with the update in it. For this, with `readOnly`, updates wait for 2f+1 answers in any case, those of the second
 * kind too. The papers' library was content with f+1 there; of the f+1 a single one may be correct, and then 2f+1 replicas exist that have not
 * heard of the update. A result, once read, is held by f+1 correct replicas, one of which every later query hears. Compared are results, not
 * states: it takes an object that never returns to an earlier value, as the services here have it, for the last sentence to hold.
 */
export class PbftClient implements Client<Message> {
  readonly #context: ClientContext<Message>;
  readonly #deployment: Deployment<Options>;
  readonly #replicas: readonly ParticipantId[];
  readonly #retransmitUs: number;
  readonly #forOrdered: AnswersNeeded;
  readonly #forQuery: AnswersNeeded;
  readonly #answers: Answers;
  #number = 0;
  #outstanding: Outstanding | undefined;
  /** The view in which each replica answered last. */
  readonly #views: View[];
  #view: View = 0;
  #sentUs = 0;
  #doublings = 0;
  #timerSet = false;

  constructor(deployment: Deployment<Options>, context: ClientContext<Message>) {
    const { faults, quorum, replicas, options } = deployment;
    this.#context = context;
    this.#deployment = deployment;
    this.#replicas = Array.from({ length: replicas }, (_, replica) => replica);
    this.#retransmitUs = options.retransmitUs;
    this.#forOrdered = { tentative: quorum, committed: options.readOnly ? quorum : faults + 1 };
    this.#forQuery = { tentative: quorum, committed: quorum };
    this.#answers = new Answers(replicas);
    this.#views = new Array<View>(replicas).fill(0);
  }

  start(): void {}

  invoke(operation: Operation): void {
    if (this.#outstanding !== undefined) throw new Error('a client carries out one operation at a time');
    const { options, service } = this.#deployment;
    if (options.readOnly && isQuery(service, operation)) this.#ask(operation);
    else this.#order(operation);
  }

  #ask(operation: Operation): void {
    const message = this.#authenticated('query', operation);
    this.#begin({ operation, message, needed: this.#forQuery }, this.#replicas);
  }

  #order(operation: Operation): void {
    const message = this.#authenticated('request', operation);
    // Separate request transmission (Castro's thesis §5.1.5): the primary then need not send a large request on to every backup.
    const separate = message.request.length > this.#deployment.options.separateRequestBytes;
    const to = separate ? this.#replicas : primaryOf(this.#view, this.#replicas.length);
    this.#begin({ operation, message, needed: this.#forOrdered }, to);
  }

  #authenticated(type: 'request' | 'query', operation: Operation): Request | Query {
    const { authentication, self } = this.#context;
    const request = encodeRequest(self, ++this.#number, operation);
    const input = requestInput(authentication, request);
    const authenticator = chunkedZeros(this.#replicas.length * authentication.tagBytes);
    for (const replica of this.#replicas) {
      authentication.generate(replica, input, authenticator, replica * authentication.tagBytes);
    }
    return { type, request, authenticator };
  }

  #begin(outstanding: Outstanding, to: ParticipantId | readonly ParticipantId[]): void {
    this.#outstanding = outstanding;
    this.#answers.clear();
    this.#doublings = 0;
    this.#context.send(to, outstanding.message);
    this.#sentUs = this.#context.now();
    this.#setTimer(this.#retransmitUs);
  }

  receive(from: ParticipantId, message: Message): void {
    if (message.type !== 'reply' || !isReplica(from, this.#replicas.length)) return this.#ignore('unexpected');
    if (this.#outstanding === undefined || message.number !== this.#number) return this.#ignore('late');
    const { authentication } = this.#context;
    const { view, tentative, digested, result } = message;
    const large = digested || result.length > WHOLE_RESULT_BYTES;
    const comesWhole = large && !digested;
    if (digested && result.length !== authentication.digestBytes) return this.#ignore('malformed');
    if (!this.#answers.needs(from, view, tentative, comesWhole)) return this.#ignore('duplicate');
    const essence = comesWhole ? authentication.digest(result) : result;
    if (!authentication.verify(from, replyInput(message, large, essence), message.tag, 0)) {
      return this.#ignore('authentication');
    }
    this.#noteView(from, message);
    const answer: Answer = {
      view,
      tentative,
      essence: comesWhole ? essence : this.#answers.kept(essence),
      large,
      whole: comesWhole ? new Uint8Array(result) : undefined,
    };
    this.#answers.put(from, answer);
    this.#conclude(answer, this.#outstanding);
  }

  #conclude(answer: Answer, { operation, message, needed }: Outstanding): void {
    const result = this.#answers.resultWith(answer, needed);
    if (result !== undefined) {
      this.#outstanding = undefined;
      this.#context.complete(result);
    } else if (message.type === 'query' && !this.#answers.canAgree(needed.committed)) {
      this.#orderQuery(operation);
    }
  }

  #orderQuery(operation: Operation): void {
    this.#context.count('pbft.orderedQueries');
    this.#order(operation);
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
    const { operation, message } = this.#outstanding;
    if (message.type === 'query') return this.#orderQuery(operation);
    this.#doublings = Math.min(this.#doublings + 1, MOST_DOUBLINGS);
    this.#sentUs = this.#context.now();
    this.#context.send(this.#replicas, message);
    this.#setTimer(this.#retransmitUs * 2 ** this.#doublings);
  }

  /** The view that f+1 replicas have reached, so that a correct one has, says whom to ask next. */
  #noteView(from: ParticipantId, { view }: Reply): void {
    if (this.#views[from] === view) return;
    this.#views[from] = view;
    const descending = [...this.#views].sort((a, b) => b - a);
    this.#view = descending[this.#deployment.faults] ?? this.#view;
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
