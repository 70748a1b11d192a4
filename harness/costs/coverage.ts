import { suggestion } from '../suites/nearest.ts';
import type { CostProfile } from './cost-profile.ts';

/** In a profile: all names that have no entry of their own. */
const ALL_OTHERS = '*';

/** What a simulated run charges for. */
export interface NeededCosts {
  /** The MAC suite. */
  readonly mac: string;
  readonly transport: string;
  readonly services: readonly string[];
  readonly protocols: readonly NeededProtocol[];
}

export interface NeededProtocol {
  readonly name: string;
  readonly messageKinds: readonly string[];
}

/** The first cost that a profile lacks, in one line with what to do; undefined if nothing is missing. */
export function missingCosts(profile: CostProfile, needed: NeededCosts): string | undefined {
  for (const gap of gaps(profile, needed)) return `cost profile ${profile.name} ${gap}`;
  return undefined;
}

function* gaps(profile: CostProfile, { mac, transport, services, protocols }: NeededCosts): Generator<string> {
  const { macs, transports, execute, steps } = profile;
  if (!has(macs, mac)) {
    yield `has no costs of MAC suite ${quoted(mac, macs)}: choose one of them with --mac, or calibrate`;
  }
  if (!has(transports, transport)) {
    yield `has no costs of transport ${quoted(transport, transports)}: choose a --topology that uses one of them, or calibrate`;
  }
  for (const service of services) {
    if (!covers(execute, service)) {
      yield `has no costs of executing service ${quoted(service, execute)}: choose one of them with --service, or add '${ALL_OTHERS}'`;
    }
  }
  for (const { name, messageKinds } of protocols) {
    const roles = entryOf(steps, name);
    if (roles === undefined) {
      yield `has no costs of protocol ${quoted(name, steps)}: choose among them with --protocols, or calibrate`;
      continue;
    }
    // A kind goes to replicas or to clients, seldom to both; which, the profile knows.
    const received = { ...roles.replica.received, ...roles.client.received };
    const unknown = messageKinds.find((kind) => !covers(received, kind));
    if (unknown !== undefined) {
      const entry = has(steps, name) ? name : ALL_OTHERS;
      yield `has no costs of receiving ${name}'s message ${quoted(unknown, received)} in steps.${entry}: calibrate, or add '${ALL_OTHERS}'`;
    }
  }
}

/** A protocol's or service's own costs, or those of all that have none of their own. */
function entryOf<Entry>(costs: Readonly<Record<string, Entry>>, name: string): Entry | undefined {
  return has(costs, name) ? costs[name] : costs[ALL_OTHERS];
}

function covers(costs: Readonly<Record<string, unknown>>, name: string): boolean {
  return has(costs, name) || has(costs, ALL_OTHERS);
}

function has(costs: Readonly<Record<string, unknown>>, name: string): boolean {
  return Object.hasOwn(costs, name);
}

/** `'blakr3' (did you mean 'blake3'?); it has hmac-sha256, blake3` */
function quoted(name: string, costs: Readonly<Record<string, unknown>>): string {
  const names = Object.keys(costs);
  const there = names.length === 0 ? 'none' : names.join(', ');
  return `'${name}'${suggestion(name, names)}; it has ${there}`;
}
