import { type DeployedProtocol, registerable } from '../../../src/kernel/erased-protocol.ts';
import type { ParticipantId } from '../../../src/kernel/identifiers.ts';
import type { Replica, ReplicaContext } from '../../../src/kernel/participant.ts';
import type { QuMessage } from '../../../src/qu/message.ts';
import { qu } from '../../../src/qu/protocol.ts';
import { JointIntruder } from './joint-intruder.ts';
import { ledger } from './ledger.ts';
import type { Counting } from './ledger-clients.ts';
import type { Simulation } from './simulation.ts';

/** Makes the last replica, in place of the protocol's own. */
export type MakeLiar = (
  create: (context: ReplicaContext<QuMessage>) => Replica<QuMessage>,
  context: ReplicaContext<QuMessage>,
  replicas: number,
) => Replica<QuMessage>;

/** Q/U's accounts in simulation, the last replica perhaps a liar, with Byzantine clients. */
export class IntrudedCluster {
  /** As correct participants are deployed. */
  readonly deployed: DeployedProtocol;
  readonly replicas: readonly Counting[];
  readonly #simulation: Simulation;
  readonly #options: Readonly<Record<string, unknown>>;

  constructor(simulation: Simulation, options: Readonly<Record<string, unknown>>, liar?: MakeLiar) {
    this.#simulation = simulation;
    this.#options = options;
    this.deployed = this.#deploy(qu);
    const lying = this.#deploy({
      ...qu,
      createReplica: (deployment, context) => {
        const create = (given: ReplicaContext<QuMessage>) => qu.createReplica(deployment, given);
        return liar === undefined ? create(context) : liar(create, context, deployment.replicas);
      },
    });
    const { replicas } = this.deployed;
    this.replicas = Array.from({ length: replicas }, (_, replica) => {
      const own = replica === replicas - 1 ? lying : this.deployed;
      return simulation.addReplica(replica, (context) => own.createReplica(context));
    });
  }

  addIntruder(id: ParticipantId): JointIntruder {
    let intruder: JointIntruder | undefined;
    const intruding = this.#deploy({
      ...qu,
      createClient: (deployment, context) => {
        intruder = new JointIntruder(deployment, context);
        return intruder;
      },
    });
    this.#simulation.addClient(id, (context) => intruding.createClient(context));
    if (intruder === undefined) throw new Error('no intruder was made');
    return intruder;
  }

  #deploy(definition: typeof qu): DeployedProtocol {
    return registerable(definition).deploy(1, ledger, this.#options);
  }
}
