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
    const errorResult = (message: string) => new TextEncoder().encode(`null: ${message}`);
    const noSuchMethod = errorResult('no such method');
    const tooManyObjects = errorResult('works on one object');
    const empty = new Uint8Array(0);
    const methods = new Map<string, MethodKind>([
      ['update', 'update'],
      ['query', 'query'],
    ]);
    return {
      name: 'null',
      methods,
      initialState: () => empty,
      execute(state, method, _argument, others = []) {
        if (!methods.has(method)) return { state, result: noSuchMethod };
        return { state, result: others.length === 0 ? result : tooManyObjects };
      },
      operations: (object) => ({ next: (kind) => ({ object, method: kind, argument }) }),
    };
  },
};
