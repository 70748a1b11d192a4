import type { ParticipantId } from '../kernel/identifiers.ts';
import type { Operation } from '../kernel/operation.ts';
import type { ClientContext } from '../kernel/participant.ts';
import type { Deployment } from '../kernel/protocol.ts';
import { ObjectClient } from '../qu/client.ts';
import type { OperationPlan } from '../qu/operation-plan.ts';
import type { RcwMessage } from './message.ts';
import type { RcwOptions } from './options.ts';
import { ReadThenWrite } from './read-then-write.ts';
import { ValueCache } from './value-cache.ts';

/** A Read/Conditional-Write client: it reads objects, executes its operations itself, and writes the values that they make. */
export class RcwClient extends ObjectClient<RcwMessage> {
  /** Where updates may begin with the write. */
  readonly #values: ValueCache | undefined;

  constructor(deployment: Deployment<RcwOptions>, context: ClientContext<RcwMessage>) {
    super('rcw', deployment, context);
    const { writeFromCache, cachedObjects } = deployment.options;
    this.#values = writeFromCache ? new ValueCache(cachedObjects) : undefined;
  }

  receive(from: ParticipantId, message: RcwMessage): void {
    if (message.type === 'reply' || message.type === 'jointReply') this.receiveReply(from, message);
    else this.ignore('unexpected');
  }

  protected planFor(operation: Operation, number: number): OperationPlan<RcwMessage> {
    return new ReadThenWrite(operation, number, this.deployment.service, this.context, this.#values);
  }
}
