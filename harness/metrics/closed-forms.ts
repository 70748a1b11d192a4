import type { CostModel, CostParameters } from '../../src/kernel/protocol.ts';
import type { LoadSpec } from '../runtimes/runtime.ts';

/** What the protocol's cost model says of a run; undefined where it does not apply. */
export interface ClosedForms {
  readonly messages: number | undefined;
  readonly messagesPerHandled: number | undefined;
  readonly macsPerHandled: number | undefined;
  readonly macsPublished: number | undefined;
}

/** The forms hold for updates of private objects, nothing else. */
export function closedForms(model: CostModel, load: LoadSpec, parameters: CostParameters): ClosedForms {
  if (load.queryShare !== 0 || load.objects !== 'private') {
    return { messages: undefined, messagesPerHandled: undefined, macsPerHandled: undefined, macsPublished: undefined };
  }
  return {
    messages: model.messagesInAll(parameters),
    messagesPerHandled: model.messagesAtBusiestReplica(parameters),
    macsPerHandled: model.macsAtBusiestReplica(parameters),
    macsPublished: model.published.macsAtBusiestReplica(parameters),
  };
}
