import {
  type CollectorCosts,
  type Cost,
  type CostProfile,
  neighboursOf,
  type StepCost,
  type StepCosts,
  type TransportCosts,
} from '../../costs/cost-profile.ts';
import { RuntimeFailure } from '../runtime.ts';

const KILOBYTE = 1_024;

/** A cost with the division by 1,024 done. */
export class Charge {
  readonly us: number;
  readonly usPerByte: number;

  constructor({ us, usPerKilobyte }: Cost) {
    this.us = us;
    this.usPerByte = usPerKilobyte / KILOBYTE;
  }

  of(bytes: number): number {
    return this.us + this.usPerByte * bytes;
  }
}

/** What the work of a node of one role costs, in µs. */
export interface NodeCharges {
  /** By message kind, decoding included; the last for what is no message of the protocol. */
  readonly received: readonly Charge[];
  readonly invokeUs: number;
  readonly expireUs: number;
  /** A message made, encoding included. */
  readonly made: Charge;
  /** An operation executed, with its handling. */
  readonly executed: Charge;
  readonly generated: Charge;
  readonly verified: Charge;
  readonly digested: Charge;
  /** Undefined where nothing is collected. */
  readonly collector: CollectorCosts | undefined;
  readonly transport: TransportCharges;
}

export interface TransportCharges {
  readonly coalesces: boolean;
  readonly multicast: boolean;
  readonly jitter: number;
  readonly turnUs: number;
  readonly wakeUs: number;
  readonly wakeIdleUs: number;
  readonly interruptUs: number;
  readonly wakeLatencyUs: number;
  readonly read: Charge;
  readonly receive: Charge;
  readonly send: Charge;
  readonly write: Charge;
}

export interface ChargedWork {
  readonly protocol: string;
  readonly service: string;
  readonly mac: string;
  readonly transport: string;
  readonly role: 'replica' | 'client';
  readonly messageKinds: readonly string[];
  /** n */
  readonly replicas: number;
  /** Nodes for each core of their machine; 1 where each has a machine for itself. */
  readonly nodesPerCore: number;
}

/** Looks up what such a node does in a profile. Throws RuntimeFailure if that has no costs of it. */
export function chargesOf(costs: CostProfile, work: ChargedWork): NodeCharges {
  const mac = found(costs, 'MAC suite', costs.macs[work.mac], work.mac);
  const steps = found(costs, 'protocol', costs.steps[work.protocol] ?? costs.steps['*'], work.protocol)[work.role];
  const execute = found(costs, 'service', costs.execute[work.service] ?? costs.execute['*'], work.service);
  const transport = found(costs, 'transport', costs.transports[work.transport], work.transport);
  // Steps were measured with all participants in one process, whose caches nobody else used.
  const factor = work.nodesPerCore > 1 ? transport.steps : 1;
  const inPlace = ({ us, usPerKilobyte }: Cost) =>
    new Charge({ us: us * factor, usPerKilobyte: usPerKilobyte * factor });
  return {
    received: receivedCosts(costs, steps, work).map(inPlace),
    invokeUs: inPlace(forAll(steps.invoke, work.replicas)).us,
    expireUs: inPlace(forAll(steps.expire, work.replicas)).us,
    made: inPlace(sum(costs.encode, steps.send)),
    executed: inPlace(sum(execute, steps.execution)),
    generated: inPlace(mac.generate),
    verified: inPlace(mac.verify),
    digested: inPlace(mac.digest),
    collector: costs.collector?.[work.role],
    transport: transportCharges(transport, work.nodesPerCore),
  };
}

function receivedCosts({ decode }: CostProfile, { received }: StepCosts, work: ChargedWork): readonly Cost[] {
  // A role receives few of the kinds: what is not named is not received in a run without faults, and costs its decoding.
  const costs = work.messageKinds.map((kind) => {
    const step = received[kind] ?? received['*'];
    return step === undefined ? decode : sum(decode, forAll(step, work.replicas));
  });
  return [...costs, decode];
}

/** With what a step costs for every replica of the deployment. */
function forAll({ us, usPerKilobyte, usPerReplica }: StepCost, replicas: number): Cost {
  return { us: us + replicas * usPerReplica, usPerKilobyte };
}

function transportCharges(costs: TransportCosts, nodesPerCore: number): TransportCharges {
  return {
    coalesces: costs.coalesces,
    multicast: costs.multicast === true,
    jitter: costs.jitter,
    turnUs: costs.turn.us,
    wakeUs: costs.wake.us + neighboursOf(nodesPerCore) * costs.wake.usPerNeighbour,
    wakeIdleUs: costs.wakeIdleUs,
    interruptUs: costs.interruptUs,
    wakeLatencyUs: costs.wakeLatencyUs,
    read: new Charge(costs.read),
    receive: new Charge(costs.receive),
    send: new Charge(costs.send),
    write: new Charge(costs.write),
  };
}

function sum(one: Cost, other: Cost): Cost {
  return { us: one.us + other.us, usPerKilobyte: one.usPerKilobyte + other.usPerKilobyte };
}

function found<Costs>(profile: CostProfile, kind: string, costs: Costs | undefined, name: string): Costs {
  if (costs !== undefined) return costs;
  throw new RuntimeFailure(`cost profile ${profile.name} has no costs of ${kind} '${name}'`);
}
