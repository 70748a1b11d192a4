import { z } from 'zod';
import type { MethodKind } from '../kernel/operation.ts';
import type { ServiceDefinition } from '../kernel/service.ts';
import { Limit } from '../wire/limits.ts';

const options = z.strictObject({
  requestBytes: z.int().min(0).max(Limit.argumentBytes).default(0).describe('bytes of argument a request carries'),
  replyBytes: z.int().min(0).max(Limit.resultBytes).default(0).describe('bytes of result a reply carries'),
});

/** Does nothing, with arguments and results of chosen sizes: the a/b micro-benchmark of the PBFT papers (0/0, 4/0, 0/4 KB). */
export const nullService: ServiceDefinition = {
  name: 'null',
  summary: 'no operation, with arguments and results of chosen sizes',
  options,
  create(input) {
    const { requestBytes, replyBytes } = options.parse(input);
    const argument = new Uint8Array(requestBytes);
    const result = new Uint8Array(replyBytes);
    const errorResult = new TextEncoder().encode('null: no such method, or a second object where none belongs');
    const empty = new Uint8Array(0);
    const methods = new Map<string, MethodKind>([
      ['update', 'update'],
      ['query', 'query'],
    ]);
    return {
      name: 'null',
      methods,
      initialState: () => empty,
      execute(state, method, _argument, others) {
        const alone = others === undefined || others.length === 0;
        return { state, result: alone && methods.has(method) ? result : errorResult };
      },
      operations: (object) => ({ next: (kind) => ({ object, method: kind, argument }) }),
    };
  },
};
