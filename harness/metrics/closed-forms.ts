import type { CostModel, CostParameters, OperationCosts } from '../../src/kernel/protocol.ts';
import type { LoadSpec } from '../runtimes/runtime.ts';

/** What the protocol's cost model says of a run; undefined where it does not apply. */
export interface ClosedForms {
  readonly messages: number | undefined;
  readonly messagesPerHandled: number | undefined;
  readonly macsPerHandled: number | undefined;
  readonly macsPublished: number | undefined;
}

/** The forms hold for private objects only; with queries in the load only where the protocol has forms for them. The published one is for updates. */
export function closedForms(model: CostModel, load: LoadSpec, parameters: CostParameters): ClosedForms {
  const { queryShare } = load;
  const query = queryShare === 0 ? model : model.query;
  if (query === undefined || load.objects !== 'private') {
    return { messages: undefined, messagesPerHandled: undefined, macsPerHandled: undefined, macsPublished: undefined };
  }
  const mixed = (form: keyof OperationCosts) => {
    const update = queryShare === 1 ? 0 : model[form](parameters);
    const other = queryShare === 0 ? 0 : query[form](parameters);
    return update === undefined || other === undefined ? undefined : (1 - queryShare) * update + queryShare * other;
  };
  return {
    messages: mixed('messagesInAll'),
    messagesPerHandled: mixed('messagesAtBusiestReplica'),
    macsPerHandled: mixed('macsAtBusiestReplica'),
    macsPublished: queryShare === 0 ? model.published.macsAtBusiestReplica(parameters) : undefined,
  };
}
