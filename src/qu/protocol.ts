import type { ProtocolDefinition } from '../kernel/protocol.ts';
import { quCodec } from './codec.ts';
import { quCostModel } from './cost-model.ts';
import type { QuMessage } from './message.ts';
import { type QuOptions, quOptions } from './options.ts';
import { QuClient } from './qu-client.ts';
import { QuReplica } from './qu-replica.ts';

export const qu: ProtocolDefinition<QuMessage, QuOptions> = {
  name: 'qu',
  title: 'Query/Update',
  reference:
    'Abd-El-Malek, Ganger, Goodson, Reiter, Wylie: Fault-Scalable Byzantine Fault-Tolerant Services, SOSP 2005',
  leastFaults: 1,
  replicas: (faults) => 5 * faults + 1,
  quorum: (faults) => 4 * faults + 1,
  options: quOptions,
  execution: {
    queries: 'one optimistic round, more only under contention or faults',
    tentative: 'does not apply: no agreement to await, 2 one-way delays',
  },
  costModel: quCostModel,
  codec: (deployment) => quCodec(deployment.replicas),
  createReplica: (deployment, context) => new QuReplica(deployment, context),
  createClient: (deployment, context) => new QuClient(deployment, context),
};
