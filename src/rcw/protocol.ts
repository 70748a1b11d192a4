import type { ProtocolDefinition } from '../kernel/protocol.ts';
import { RcwClient } from './client.ts';
import { rcwCodec } from './codec.ts';
import { rcwCostModel } from './cost-model.ts';
import type { RcwMessage } from './message.ts';
import { type RcwOptions, rcwOptions } from './options.ts';
import { RcwReplica } from './replica.ts';

export const rcw: ProtocolDefinition<RcwMessage, RcwOptions> = {
  name: 'rcw',
  title: 'Read/Conditional-Write',
  reference:
    'Abd-El-Malek, Ganger, Goodson, Reiter, Wylie: Correctness of the Read/Conditional-Write and Query/Update Protocols, CMU-PDL-05-107, 2005',
  leastFaults: 1,
  replicas: (faults) => 5 * faults + 1,
  quorum: (faults) => 4 * faults + 1,
  options: rcwOptions,
  execution: {
    queries: 'one round: read, and executed by the client',
    tentative: 'does not apply: clients execute what they have read and write it, 4 one-way delays',
  },
  costModel: rcwCostModel,
  codec: (deployment) => rcwCodec(deployment.replicas),
  createReplica: (deployment, context) => new RcwReplica(deployment, context),
  createClient: (deployment, context) => new RcwClient(deployment, context),
};
