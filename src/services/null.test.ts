import { expect, test } from 'vitest';
import { Limit } from '../wire/limits.ts';
import { nullService } from './null.ts';
import { sampleOperation } from './testing/sample-operation.ts';

test.each([
  [{}, 0, 0],
  [{ requestBytes: 4096 }, 4096, 0],
  [{ replyBytes: 4096 }, 0, 4096],
  [{ requestBytes: Limit.argumentBytes, replyBytes: Limit.resultBytes }, Limit.argumentBytes, Limit.resultBytes],
])('options %j: arguments and results of that size', (options, requestBytes, replyBytes) => {
  const service = nullService.create(options);
  for (const kind of ['update', 'query'] as const) {
    const { method, argument } = sampleOperation(service, kind, 'a');
    expect(argument.length).toBe(requestBytes);
    expect(service.execute(service.initialState('a'), method, argument).result.length).toBe(replyBytes);
  }
});

test.each([{ requestBytes: -1 }, { requestBytes: 0.5 }, { replyBytes: Limit.resultBytes + 1 }, { replyBytes: '1' }])(
  'options %j are refused',
  (options) => expect(() => nullService.create(options)).toThrow(),
);
