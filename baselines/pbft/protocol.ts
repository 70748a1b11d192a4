import type { ProtocolDefinition } from '../../src/kernel/protocol.ts';
import { PbftClient } from './client.ts';
import { messageCodec } from './codec.ts';
import { costModel } from './cost-model.ts';
import { Execution } from './execution.ts';
import type { Message } from './message.ts';
import { type Options, options } from './options.ts';
import { PbftReplica } from './replica.ts';

export const pbft: ProtocolDefinition<Message, Options> = {
  name: 'pbft',
  title: 'Practical Byzantine Fault Tolerance',
  reference: 'Castro & Liskov, OSDI 1999; TOCS 20(4), 2002',
  leastFaults: 1,
  replicas: (faults) => 3 * faults + 1,
  quorum: (faults) => 2 * faults + 1,
  options,
  execution: {
    queries: 'one round to all replicas, 2f+1 equal answers; ordered if they disagree, or with readOnly off',
    tentative: 'when prepared: 4 one-way delays; with tentative off 5',
  },
  costModel,
  codec: ({ replicas }) => messageCodec(replicas),
  createReplica: (deployment, context) => new PbftReplica(deployment, context, new Execution(deployment.service)),
  createClient: (deployment, context) => new PbftClient(deployment, context),
};
