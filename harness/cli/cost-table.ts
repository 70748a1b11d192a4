import type { Calibration } from '../calibration/calibrate.ts';
import type { CollectorProfile, Cost, CostProfile, StepCost } from '../costs/cost-profile.ts';
import { textBlock } from './text-block.ts';

type Entry = readonly [label: string, text: string];

/** Every cost of a profile, for people, and how well those that were fitted tell what was measured. */
export function costTable({ profile, checks }: Calibration): string {
  const blocks: (readonly [string, readonly Entry[]])[] = [
    ['FUNCTIONS', functionEntries(profile)],
    ...Object.entries(profile.steps).map(([protocol, { replica, client }]) => {
      const entries = [...stepEntries('replica', replica), ...stepEntries('client', client)];
      return [`STEPS OF ${protocol}, beside the above`, entries] as const;
    }),
    ...Object.entries(profile.transports).map(
      ([transport, costs]) => [`TRANSPORT ${transport}`, transportEntries(costs)] as const,
    ),
  ];
  if (profile.collector !== undefined)
    blocks.push(['PAUSES OF THE GARBAGE COLLECTOR', collectorEntries(profile.collector)]);
  const checked = checks.map(({ of, name, measuredUs, predictedUs }): Entry => {
    const error = (predictedUs / measuredUs - 1) * 100;
    const sign = error < 0 ? '' : '+';
    return [
      `${of}: ${name}`,
      `${numberText(measuredUs)} µs measured, ${numberText(predictedUs)} µs by the costs: ${sign}${error.toFixed(1)} %`,
    ];
  });
  if (checked.length > 0) blocks.push(['CHECKS: what each took, and what the costs above add up to', checked]);
  return blocks.map(([heading, entries]) => textBlock(heading, entries)).join('\n');
}

function functionEntries({ macs, encode, decode, execute }: CostProfile): readonly Entry[] {
  return [
    ...Object.entries(macs).flatMap(([suite, { generate, verify, digest }]): Entry[] => [
      [`${suite}: a tag made`, costText(generate)],
      [`${suite}: a tag verified`, costText(verify)],
      [`${suite}: a digest`, costText(digest)],
    ]),
    ['a message encoded', costText(encode)],
    ['a message decoded', costText(decode)],
    ...Object.entries(execute).map(([service, cost]): Entry => [`${service}: an operation executed`, costText(cost)]),
  ];
}

function stepEntries(role: string, steps: CostProfile['steps'][string]['replica']): readonly Entry[] {
  const { received, invoke, expire, send, execution } = steps;
  const entries: Entry[] = [
    ...Object.entries(received).map(([kind, cost]): Entry => [`${role}: ${kind} received`, costText(cost)]),
    [`${role}: a message made`, costText(send)],
    [`${role}: an operation handled`, costText(execution)],
    [`${role}: a timer expired`, costText(expire)],
  ];
  return role === 'client' ? [...entries, [`${role}: an operation begun`, costText(invoke)]] : entries;
}

function transportEntries(costs: CostProfile['transports'][string]): readonly Entry[] {
  const { steps, turn, jitter, wake, wakeIdleUs, interruptUs, wakeLatencyUs, read, receive, send, write } = costs;
  const us = (value: number) => `${numberText(value)} µs`;
  return [
    ['steps, over those in one process', `× ${numberText(steps)}`],
    ['a turn of the event loop', costText(turn)],
    ['sleeping and waking', costText(wake)],
    ['for each other node on the core', us(wake.usPerNeighbour)],
    ['more, where its core was idle', us(wakeIdleUs)],
    ['for who interrupts another core', us(interruptUs)],
    ['until the idle core runs it', us(wakeLatencyUs)],
    ['deviation of turns and waking', `${numberText(100 * jitter)} %`],
    ['a read', costText(read)],
    ['a message received', costText(receive)],
    ['a message sent', costText(send)],
    ['a write', costText(write)],
  ];
}

function collectorEntries(collector: CollectorProfile): readonly Entry[] {
  return (['replica', 'client'] as const).flatMap((role): readonly Entry[] => {
    const costs = collector[role];
    if (costs === undefined) return [];
    const { everyUs, pauseUs } = costs;
    return [[`${role}: a pause`, `${numberText(pauseUs)} µs, in each ${numberText(everyUs / 1_000)} ms of CPU time`]];
  });
}

function costText({ us, usPerKilobyte, spread, usPerReplica = 0 }: Cost & Partial<StepCost>): string {
  const bytes = usPerKilobyte === 0 ? '' : ` + ${numberText(usPerKilobyte)} µs/KB`;
  const size = usPerReplica === 0 ? bytes : `${bytes} + ${numberText(usPerReplica)} µs a replica`;
  const deviation = spread === undefined ? '' : ` (± ${(spread * 100).toFixed(1)} %)`;
  return `${numberText(us)} µs${size}${deviation}`;
}

function numberText(value: number): string {
  return String(Number(value.toPrecision(3)));
}
