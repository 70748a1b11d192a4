import type { Service } from '../../../src/kernel/service.ts';

/** The service, but it answers as if it had executed, and has not. */
export function forgetful(service: Service): Service {
  return {
    ...service,
    execute: (state, method, argument, others) => ({
      state,
      result: service.execute(state, method, argument, others).result,
    }),
  };
}

/** The service, but of several objects an operation changes the first only. */
export function halving(service: Service): Service {
  return {
    ...service,
    execute(state, method, argument, others) {
      const execution = service.execute(state, method, argument, others);
      return { state: execution.state, result: execution.result };
    },
  };
}
