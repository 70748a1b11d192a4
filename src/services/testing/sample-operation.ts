import type { MethodKind, Operation } from '../../kernel/operation.ts';
import type { Service } from '../../kernel/service.ts';

/** The first operation of that kind that a session of the load would send. */
export function sampleOperation(service: Service, kind: MethodKind, object: string): Operation {
  return service.operations(object, () => 0.5).next(kind);
}
