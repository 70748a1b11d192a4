import type { Cost, MacCosts, StepCost, StepCosts } from '../costs/cost-profile.ts';
import { sumOf } from '../metrics/sum-of.ts';
import { fitCosts, type Observation, predicted } from './fit.ts';
import { fourDigits, measuredCost } from './measured-cost.ts';
import type { MessageCosts } from './message-costs.ts';
import { medianErrorOf, type RunCheck } from './run-check.ts';
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

/** What a configuration took with a MAC suite that computes, against all costs added up: those of its steps and those of the suite. */
export function checkWithCryptography({ name, run, known }: MeasuredRun, costs: FittedSteps['costs']): RunCheck {
  const withSuite = (record: StepRecord) => {
    const steps = costs[record.role];
    const { trigger } = record;
    const step = trigger === INVOKE ? steps.invoke : trigger === EXPIRE ? steps.expire : steps.received[trigger];
    const own = step === undefined ? 0 : of(step, record.steps, record.receivedBytes);
    const replicas = (step?.usPerReplica ?? 0) * run.replicas * record.steps;
    const made = of(steps.send, record.sends, record.sentBytes) + of(steps.execution, record.executions, 0);
    return knownUs(record, known) + own + replicas + made;
  };
  const per = 1 / Math.max(1, run.operations);
  return {
    name,
    measuredUs: fourDigits(sumOf(run.records, ({ us }) => us) * per),
    predictedUs: fourDigits(sumOf(run.records, withSuite) * per),
  };
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
    const sum = (of: (record: StepRecord) => number) => sumOf(run.records, of) * per;
    return {
      name,
      measuredUs: sum(({ us }) => us) - sum((record) => cryptographyUs(record, known.macs)),
      predictedUs: sum((record) => {
        const costs = record.role === 'replica' ? replica : client;
        return (
          knownUs(record, known) -
          cryptographyUs(record, known.macs) +
          predicted(costs, amountsOf(record, run.replicas))
        );
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
  const observations = runs.flatMap(({ run, known }) => {
    const records = run.records.filter((record) => record.role === role);
    const totalUs = sumOf(records, ({ us }) => us);
    return records
      .filter(({ us }) => us > 0)
      .map(
        (record): Observation => ({
          amounts: amountsOf(record, run.replicas),
          measured: record.us - knownUs(record, known),
          tolerance: Math.sqrt(record.us * totalUs),
        }),
      );
  });
  return fitCosts([...observations, ...reluctance(observations)]);
}

/** An error of a slope's whole part in the time counts this much less than one of the time itself. */
const RELUCTANCE = 0.1;

/**
 * What was only measured at one size tells no slope apart from a constant: then the time is the step's, and not that of bytes or replicas,
 * as an observation says that slopes are nothing, which has little weight.
 */
function reluctance(observations: readonly Observation[]): readonly Observation[] {
  const happened = observations.flatMap(({ amounts }) => [...amounts].filter(([, amount]) => amount > 0));
  const slopes = new Set(happened.map(([name]) => name).filter(isSlope));
  return [...slopes].map((name) => {
    const used = observations.filter(({ amounts }) => (amounts.get(name) ?? 0) > 0);
    const amount = sumOf(used, ({ amounts }) => amounts.get(name) ?? 0);
    return {
      amounts: new Map([[name, amount]]),
      measured: 0,
      tolerance: sumOf(used, ({ tolerance }) => tolerance) / RELUCTANCE,
    };
  });
}

const each = (trigger: string) => `${trigger} each`;
const perKilobyte = (trigger: string) => `${trigger} KB`;
const perReplica = (trigger: string) => `${trigger} replicas`;
const isSlope = (name: string) => name.endsWith(perKilobyte('')) || name.endsWith(perReplica(''));
const SEND = 'send';
const SENT = perKilobyte(SEND);
const EXECUTION = 'execution';

function amountsOf(
  { trigger, steps, receivedBytes, sends, sentBytes, executions }: StepRecord,
  replicas: number,
): ReadonlyMap<string, number> {
  return new Map([
    [each(trigger), steps],
    [perKilobyte(trigger), receivedBytes / 1024],
    [perReplica(trigger), steps * replicas],
    [SEND, sends],
    [SENT, sentBytes / 1024],
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
    of(generate, record.macsGenerated, record.bytesTagged) +
    of(verify, record.macsVerified, record.bytesVerified) +
    of(digest, record.digests, record.bytesDigested)
  );
}

function of({ us, usPerKilobyte }: Cost, times: number, bytes: number): number {
  return us * times + (usPerKilobyte * bytes) / 1024;
}

/** A role's costs for a profile; the spread is the fit's median relative error over configurations. */
function stepCosts(costs: ReadonlyMap<string, number>, checks: readonly RunCheck[]): StepCosts {
  const spread = medianErrorOf(checks);
  const cost = (name: string) => measuredCost(costs.get(name) ?? 0, costs.get(perKilobyte(name)) ?? 0, spread);
  const step = (trigger: string): StepCost => {
    const ofStep = measuredCost(costs.get(each(trigger)) ?? 0, costs.get(perKilobyte(trigger)) ?? 0, spread);
    return { ...ofStep, usPerReplica: fourDigits(costs.get(perReplica(trigger)) ?? 0) };
  };
  const kinds = [...costs.keys()]
    .filter((name) => name.endsWith(each('')) && name !== each(INVOKE) && name !== each(EXPIRE))
    .map((name) => name.slice(0, -each('').length));
  const received = kinds.map((kind) => [kind, step(kind)] as const);
  const invoke = step(INVOKE);
  return {
    // What did not occur under this load is of repair and recovery: it costs its decoding and its cryptography.
    received: { ...Object.fromEntries(received), '*': { us: 0, usPerKilobyte: 0, usPerReplica: 0 } },
    invoke,
    expire: costs.has(each(EXPIRE)) ? step(EXPIRE) : invoke,
    send: cost(SEND),
    execution: cost(EXECUTION),
  };
}
