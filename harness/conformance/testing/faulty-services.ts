import type { Service } from '../../../src/kernel/service.ts';
import { counterService } from '../../../src/services/counter.ts';

const counter = counterService.create({});

/** Answers as if it had executed, and has not. */
export const forgetfulCounter: Service = {
  ...counter,
  execute: (state, method, argument) => ({ state, result: counter.execute(state, method, argument).result }),
};
