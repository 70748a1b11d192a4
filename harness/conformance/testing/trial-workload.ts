import type { MethodKind, Operation } from '../../../src/kernel/operation.ts';
import type { Service } from '../../../src/kernel/service.ts';
import { counterService } from '../../../src/services/counter.ts';
import { kvService } from '../../../src/services/kv.ts';
import { sampleOperation } from '../../../src/services/testing/sample-operation.ts';
import type { RandomStream } from '../../node/random.ts';
import type { Schedule, TransferPlan } from './schedule.ts';

/** What the clients of a trial ask for; clients are numbered from 0. */
export interface TrialWorkload {
  readonly service: Service;
  /** All that the clients work on, to be read in the end. */
  readonly objects: readonly string[];
  next(client: number): Operation;
  heard(client: number, operation: Operation, result: Uint8Array): void;
  readOf(object: string): Operation;
  /** An update of what all clients share. */
  strangersUpdate(): Operation;
}

/** What the replicas and clients of a trial are deployed on. */
export function serviceOf({ transfers }: Pick<Schedule, 'transfers'>): Service {
  return transfers === undefined ? counterService.create({}) : transferService(transfers);
}

/** `random` decides what is asked for. */
export function workloadOf(schedule: Schedule, random: RandomStream): TrialWorkload {
  const { transfers } = schedule;
  return transfers === undefined ? countersOf(schedule, random) : keysOf(schedule, transfers, random);
}

/** One counter that all share, and one for each client. */
function countersOf(schedule: Schedule, random: RandomStream): TrialWorkload {
  const service = serviceOf(schedule);
  const nameOf = (object: number) => `counter-${object}`;
  return {
    service,
    objects: Array.from({ length: 1 + schedule.clients.length }, (_, object) => nameOf(object)),
    next(client) {
      const shared = random() < schedule.sharedShare;
      return sampleOperation(service, drawnKind(schedule, random), nameOf(shared ? 0 : 1 + client));
    },
    heard: () => {},
    readOf: (object) => sampleOperation(service, 'query', object),
    strangersUpdate: () => sampleOperation(service, 'update', nameOf(0)),
  };
}

const SET = 'key';

/** A few keys that all share. */
function keysOf(schedule: Schedule, transfers: TransferPlan, random: RandomStream): TrialWorkload {
  const service = transferService(transfers);
  const sources = schedule.clients.map(() => service.operations(SET, random));
  const sourceOf = (client: number) => {
    const source = sources[client];
    if (source === undefined) throw new Error(`there is no client ${client}`);
    return source;
  };
  return {
    service,
    objects: Array.from({ length: transfers.keys }, (_, key) => `${SET}/${key}`),
    next: (client) => sourceOf(client).next(drawnKind(schedule, random)),
    heard: (client, operation, result) => sourceOf(client).heard?.(operation, result),
    readOf: (object) => ({ object, method: 'get', argument: new Uint8Array(0) }),
    strangersUpdate: () => sampleOperation(service, 'update', SET),
  };
}

/** What updates are no transfers are swaps and puts by halves. */
function transferService({ keys, share }: TransferPlan): Service {
  return kvService.create({ keys, transferShare: share, swapShare: (1 - share) / 2, valueBytes: 16 });
}

function drawnKind({ queryShare }: Schedule, random: RandomStream): MethodKind {
  return random() < queryShare ? 'query' : 'update';
}
