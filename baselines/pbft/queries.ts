import { Counter } from '../../src/kernel/counters.ts';
import { type ClientId, isClient, type ParticipantId } from '../../src/kernel/identifiers.ts';
import { type ClientRequest, decodeRequest } from '../../src/wire/request.ts';
import { requestInput } from './authenticator.ts';
import type { Query } from './message.ts';
import type { ReplicaState } from './state.ts';

/**
 * Queries that are not ordered [OSDI §5.1]: answered at once from the state that this replica has committed.
 *
 * A client may have been told of an update by 2f+1 replicas that executed it tentatively. Whoever of them is asked next must not answer from
 * a state without it. So a query waits while a batch is tentative; and, after a view was left and such a batch undone, until the new view
 * has begun and all that its NEW-VIEW chose is executed again: whatever a client was told of is among that.
 */
export class Queries {
  readonly #state: ReplicaState;
  /** The latest query of each client that waits: as many as there are clients with keys, at most. */
  readonly #held = new Map<ClientId, ClientRequest>();

  constructor(state: ReplicaState) {
    this.#state = state;
  }

  onQuery(from: ParticipantId, message: Query): void {
    const { authenticator, context, execution } = this.#state;
    const decoded = decodeRequest(message.request);
    if (decoded === undefined || message.authenticator.length !== authenticator.bytes) {
      return this.#state.ignore('malformed');
    }
    const { client, operation } = decoded;
    if (!isClient(client) || from !== client || !execution.isQuery(operation)) return this.#state.ignore('unexpected');
    const input = requestInput(context.authentication, message.request);
    if (!authenticator.verify(client, input, message.authenticator)) return this.#state.ignore('authentication');
    if (this.#mayAnswer) this.#answer(decoded);
    else this.#hold(message);
  }

  get #mayAnswer(): boolean {
    const { execution, active, chosenUpTo } = this.#state;
    return execution.isSettled && active && execution.executed >= chosenUpTo;
  }

  /** What is kept is a copy: the message lies in the buffer that it came in. */
  #hold({ request }: Query): void {
    const decoded = decodeRequest(new Uint8Array(request));
    if (decoded === undefined || decoded.number <= (this.#held.get(decoded.client)?.number ?? 0)) return;
    this.#state.context.count('pbft.heldQueries');
    this.#held.set(decoded.client, decoded);
  }

  /** To be called when a batch has committed, and its successor is not tentative yet, and when a view begins. */
  answerHeld(): void {
    if (this.#held.size === 0 || !this.#mayAnswer) return;
    for (const query of this.#held.values()) this.#answer(query);
    this.#held.clear();
  }

  #answer({ client, number, operation }: ClientRequest): void {
    const { context, execution } = this.#state;
    const result = execution.query(operation);
    context.count(Counter.handled);
    context.count('pbft.queries');
    this.#state.reply({ client, number, tentative: false, result, whole: false });
  }
}
