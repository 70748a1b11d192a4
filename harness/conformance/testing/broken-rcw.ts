import type { ClientContext } from '../../../src/kernel/participant.ts';
import type { Deployment } from '../../../src/kernel/protocol.ts';
import type { OperationPlan } from '../../../src/qu/operation-plan.ts';
import { operationDigestOf } from '../../../src/qu/timestamp.ts';
import { RcwClient } from '../../../src/rcw/client.ts';
import type { RcwMessage } from '../../../src/rcw/message.ts';
import type { RcwOptions } from '../../../src/rcw/options.ts';
import { RcwReplica } from '../../../src/rcw/replica.ts';
import { decodeValue, encodeValue, type StoredValue } from '../../../src/rcw/value.ts';

type Perform = RcwReplica['perform'];

/** Takes whatever table a client writes. */
export class TableBlindReplica extends RcwReplica {
  protected override versionAfter(_before: StoredValue, update: StoredValue): StoredValue {
    return update;
  }
}

/** Takes a write's word for its value's digest. */
export class DigestBlindReplica extends RcwReplica {
  #claimed: Uint8Array = new Uint8Array(0);

  protected override perform(operation: Parameters<Perform>[0]): void {
    this.#claimed = operationDigestOf(operation.message.body.timestamp);
    super.perform(operation);
  }

  protected override updateDigest(): Uint8Array {
    return this.#claimed;
  }
}

/** Does not look whether its update is in the value that it reads. */
export class ForgetfulRcwClient extends RcwClient {
  readonly #context: ClientContext<RcwMessage>;

  constructor(deployment: Deployment<RcwOptions>, context: ClientContext<RcwMessage>) {
    super(deployment, context);
    this.#context = context;
  }

  protected override planFor(...operation: Parameters<RcwClient['planFor']>): OperationPlan<RcwMessage> {
    const plan = super.planFor(...operation);
    const onRead = plan.onRead.bind(plan);
    plan.onRead = (answer, read) => onRead(this.#withoutOwn(answer), read);
    return plan;
  }

  #withoutOwn(bytes: Uint8Array): Uint8Array {
    const value = decodeValue(bytes);
    if (value === undefined) return bytes;
    const applied = value.applied.filter(({ client }) => client !== this.#context.self);
    return encodeValue({ state: value.state, applied });
  }
}
