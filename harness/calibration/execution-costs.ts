import type { ServiceDefinition } from '../../src/kernel/service.ts';
import type { Cost } from '../costs/cost-profile.ts';
import { stepBenchmark } from '../micro/micro-benchmark.ts';
import { randomStream } from '../node/random.ts';
import { measureCost, type SizedBenchmark } from './measured-cost.ts';

/** Where a service has an option of this name, operations of several sizes tell what a kilobyte costs. */
const SIZE_OPTIONS = ['valueBytes', 'replyBytes'];
const SIZES = [16, 1024, 8192];
const OBJECTS = 64;
const PREPARED_OPERATIONS = 4_096;

/** Operations that the service itself makes up, updates and queries in turns, each on its object's state as the last update left it. */
export function measureExecution(definition: ServiceDefinition, timeMs: number): Promise<Cost> {
  const defaults = Object(definition.options.parse({}));
  const option = SIZE_OPTIONS.find((name) => name in defaults);
  const variants = option === undefined ? [{}] : SIZES.map((size) => ({ [option]: size }));
  return measureCost(
    variants.map((variant) => executions(definition, variant)),
    timeMs,
  );
}

function executions(definition: ServiceDefinition, options: Readonly<Record<string, number>>): SizedBenchmark {
  const service = definition.create(definition.options.parse(options));
  const sources = Array.from({ length: OBJECTS }, (_, index) =>
    service.operations(`object-${index}`, randomStream(1, index)),
  );
  const states = new Map<string, Uint8Array>();
  const stateOf = (object: string) => states.get(object) ?? service.initialState(object);
  let bytes = 0;
  // Made beforehand, as clients make them and not replicas, and heard of once, for sources that go by it.
  const operations = Array.from({ length: PREPARED_OPERATIONS }, (_, index) => {
    const source = sources[index % OBJECTS];
    const operation = source?.next(index % 4 < 2 ? 'update' : 'query');
    if (source === undefined || operation === undefined) throw new Error('no operation');
    const { object, method, argument, others } = operation;
    const before = { state: stateOf(object), others: others?.map(stateOf) };
    const execution = service.execute(before.state, method, argument, before.others);
    source.heard?.(operation, execution.result);
    states.set(object, execution.state);
    for (const [other, state] of execution.others?.entries() ?? []) states.set(others?.[other] ?? '', state);
    bytes += argument.length + execution.result.length;
    return { method, argument, before };
  });
  let next = 0;
  const step = () => {
    const operation = operations[next];
    next = (next + 1) % operations.length;
    return (
      operation &&
      service.execute(operation.before.state, operation.method, operation.argument, operation.before.others)
    );
  };
  return {
    bytes: bytes / operations.length,
    benchmark: stepBenchmark(definition.name, `execute ${JSON.stringify(options)}`, step),
  };
}
