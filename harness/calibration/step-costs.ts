import type { Cost, MacCosts, StepCosts } from '../costs/cost-profile.ts';
import { fitCosts, type Observation, predicted } from './fit.ts';
import { fourDigits, measuredCost } from './measured-cost.ts';
import type { MessageCosts } from './message-costs.ts';
import { EXPIRE, INVOKE, type StepRecord, type StepRun } from './step-record.ts';

/** Costs that are measured on their own and not those of a protocol's steps. */
export interface KnownCosts extends MessageCosts {
  readonly execute: Cost;
  /** Of the suite that was used in place of cryptography. */
  readonly macs: MacCosts;
}

/** The steps of a deployment under one configuration. */
export interface MeasuredRun {
  readonly name: string;
  readonly run: StepRun;
  readonly known: KnownCosts;
}

/** How well the costs that were fitted tell what a configuration takes. */
export interface RunCheck {
  readonly name: string;
  /** µs of CPU time per operation, all participants together, without cryptography. */
  readonly measuredUs: number;
  readonly predictedUs: number;
}

export interface FittedSteps {
  readonly costs: { readonly replica: StepCosts; readonly client: StepCosts };
  readonly checks: readonly RunCheck[];
}

/**
 * What the steps of a protocol cost beside what is known. Alike steps of a configuration are one observation; its weight is that of its
 * share of the configuration's time, and its error counts in relation to its time.
 *
 * The time is total and not median: what a step leaves to the collector is part of its cost. What is known is subtracted first; it may be
 * more than what was measured, where a protocol encodes or decodes more cheaply than messages in general (a request to several replicas is
 * packed once): then the other amounts of the same step make up for it, as they always come together.
 */
export function fitSteps(runs: readonly MeasuredRun[]): FittedSteps {
  const replica = fitRole('replica', runs);
  const client = fitRole('client', runs);
  const checks = runs.map(({ name, run, known }) => {
    const per = 1 / Math.max(1, run.operations);
    const sum = (of: (record: StepRecord) => number) =>
      run.records.reduce((total, record) => total + of(record), 0) * per;
    return {
      name,
      measuredUs: sum(({ us }) => us) - sum((record) => cryptographyUs(record, known.macs)),
      predictedUs: sum((record) => {
        const costs = record.role === 'replica' ? replica : client;
        return knownUs(record, known) - cryptographyUs(record, known.macs) + predicted(costs, amountsOf(record));
      }),
    };
  });
  return {
    costs: { replica: stepCosts(replica, checks), client: stepCosts(client, checks) },
    checks: checks.map(({ name, measuredUs, predictedUs }) => ({
      name,
      measuredUs: fourDigits(measuredUs),
      predictedUs: fourDigits(predictedUs),
    })),
  };
}

function fitRole(role: StepRecord['role'], runs: readonly MeasuredRun[]): ReadonlyMap<string, number> {
  return fitCosts(
    runs.flatMap(({ run, known }) => {
      const records = run.records.filter((record) => record.role === role);
      const totalUs = records.reduce((sum, { us }) => sum + us, 0);
      return records
        .filter(({ us }) => us > 0)
        .map(
          (record): Observation => ({
            amounts: amountsOf(record),
            measured: record.us - knownUs(record, known),
            tolerance: Math.sqrt(record.us * totalUs),
          }),
        );
    }),
  );
}

const each = (trigger: string) => `${trigger} each`;
const perKilobyte = (trigger: string) => `${trigger} KB`;
const SEND = 'send';
const EXECUTION = 'execution';

function amountsOf({ trigger, steps, receivedBytes, sends, executions }: StepRecord): ReadonlyMap<string, number> {
  return new Map([
    [each(trigger), steps],
    [perKilobyte(trigger), receivedBytes / 1024],
    [SEND, sends],
    [EXECUTION, executions],
  ]);
}

function knownUs(record: StepRecord, known: KnownCosts): number {
  const isMessage = record.trigger !== INVOKE && record.trigger !== EXPIRE;
  return (
    (isMessage ? of(known.decode, record.steps, record.receivedBytes) : 0) +
    of(known.encode, record.sends, record.sentBytes) +
    of(known.execute, record.executions, record.executedBytes) +
    cryptographyUs(record, known.macs)
  );
}

function cryptographyUs(record: StepRecord, { generate, verify, digest }: MacCosts): number {
  return (
    of(generate, record.macsGenerated, record.generatedBytes) +
    of(verify, record.macsVerified, record.verifiedBytes) +
    of(digest, record.digests, record.digestedBytes)
  );
}

function of({ us, usPerKilobyte }: Cost, times: number, bytes: number): number {
  return us * times + (usPerKilobyte * bytes) / 1024;
}

/** A role's costs for a profile; the spread is the fit's median relative error over configurations. */
function stepCosts(costs: ReadonlyMap<string, number>, checks: readonly RunCheck[]): StepCosts {
  const errors = checks
    .map(({ measuredUs, predictedUs }) => Math.abs(predictedUs / measuredUs - 1))
    .sort((a, b) => a - b);
  const spread = errors[Math.floor(errors.length / 2)] ?? 0;
  const cost = (us: number | undefined, usPerKilobyte = 0) => measuredCost(us ?? 0, usPerKilobyte, spread);
  const kinds = [...costs.keys()]
    .filter((name) => name.endsWith(each('')) && name !== each(INVOKE) && name !== each(EXPIRE))
    .map((name) => name.slice(0, -each('').length));
  const received = kinds.map((kind) => [kind, cost(costs.get(each(kind)), costs.get(perKilobyte(kind)))] as const);
  const invoke = cost(costs.get(each(INVOKE)));
  return {
    received: Object.fromEntries(received),
    invoke,
    expire: costs.has(each(EXPIRE)) ? cost(costs.get(each(EXPIRE))) : invoke,
    send: cost(costs.get(SEND)),
    execution: cost(costs.get(EXECUTION)),
  };
}
