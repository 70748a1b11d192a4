import type { Protocol } from '../../../src/kernel/erased-protocol.ts';
import type { ReplicaId } from '../../../src/kernel/identifiers.ts';
import type { Client, ClientContext, Replica, ReplicaContext } from '../../../src/kernel/participant.ts';
import type { Service } from '../../../src/kernel/service.ts';
import { forgetful } from './faulty-services.ts';
import type { Schedule } from './schedule.ts';
import { serviceOf } from './trial-workload.ts';

/** Who plays in a trial. The honest cast is what a protocol's definition makes; broken ones prove that the trial would tell. */
export interface Cast {
  readonly replicas: number;
  createReplica(replica: ReplicaId, context: ReplicaContext<Uint8Array>): Replica<Uint8Array>;
  createClient(context: ClientContext<Uint8Array>): Client<Uint8Array>;
}

/** Every replica and the clients deployed on their own, as separate machines would be; the schedule's liars on a service that lies. */
export function castOf(protocol: Protocol, schedule: Schedule): Cast {
  const deploy = (service: Service) => protocol.deploy(schedule.faults, service, schedule.options);
  const forClients = deploy(serviceOf(schedule));
  return {
    replicas: forClients.replicas,
    createReplica(replica, context) {
      const service = serviceOf(schedule);
      return deploy(schedule.liars.includes(replica) ? forgetful(service) : service).createReplica(context);
    },
    createClient: (context) => forClients.createClient(context),
  };
}
