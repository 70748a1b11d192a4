import { z } from 'zod';
import { protocolNamed } from '../../baselines/registry.ts';
import { hmacSha256 } from '../../src/crypto/hmac-sha256.ts';
import type { MacSuite } from '../../src/crypto/mac-suite.ts';
import { modelledAs } from '../../src/crypto/modelled.ts';
import { macSuite } from '../../src/crypto/suites.ts';
import { serviceDefinition } from '../../src/services/services.ts';
import type { Cost, MacCosts } from '../costs/cost-profile.ts';
import { measureExecution } from './execution-costs.ts';
import { measureMacs } from './mac-costs.ts';
import { type MessageCosts, measureMessages } from './message-costs.ts';
import type { StepConfiguration } from './step-configurations.ts';
import { StepDeployment } from './step-deployment.ts';
import type { StepRun } from './step-record.ts';
import { measureWaking, type WakingCosts } from './waking-costs.ts';

/** One thing to be measured in a process of its own, whose compiled code has seen nothing else. */
export type Task =
  | {
      readonly part: 'macs' /** Undefined: what stands in for cryptography where steps are measured. */;
      readonly suite: string | undefined;
      readonly timeMs: number;
    }
  | { readonly part: 'messages'; readonly timeMs: number }
  | { readonly part: 'waking'; readonly timeMs: number }
  | { readonly part: 'execution'; readonly service: string; readonly timeMs: number }
  | {
      readonly part: 'steps';
      readonly protocol: string;
      readonly configuration: StepConfiguration;
      readonly warmUpMs: number;
      readonly timeMs: number;
      /** A real MAC suite, to check sums of costs against; none: cryptography is left out. */
      readonly suite?: string;
    };

export interface TaskResults {
  readonly macs: MacCosts;
  readonly messages: MessageCosts;
  readonly waking: WakingCosts;
  readonly execution: Cost;
  readonly steps: StepRun;
}

type TaskResult = {
  [Part in Task['part']]: { readonly part: Part; readonly value: TaskResults[Part] };
}[Task['part']];

export async function perform(task: Task): Promise<TaskResult> {
  switch (task.part) {
    case 'macs': {
      return { part: 'macs', value: await measureMacs(suiteNamed(task.suite), task.timeMs) };
    }
    case 'messages':
      return { part: 'messages', value: await measureMessages(task.timeMs) };
    case 'waking':
      return { part: 'waking', value: await measureWaking(task.timeMs) };
    case 'execution':
      return { part: 'execution', value: await measureExecution(serviceDefinition(task.service), task.timeMs) };
    case 'steps':
      return { part: 'steps', value: measureSteps(task) };
  }
}

function suiteNamed(name: string | undefined): MacSuite {
  return name === undefined ? modelledAs(hmacSha256) : macSuite(name);
}

function measureSteps({ protocol, configuration, warmUpMs, timeMs, suite }: Extract<Task, { part: 'steps' }>): StepRun {
  const { faults, clients, queryShare, service, serviceOptions, protocolOptions } = configuration;
  const definition = serviceDefinition(service);
  const deployment = new StepDeployment({
    protocol: protocolNamed(protocol),
    protocolOptions,
    faults,
    service: definition.create(definition.options.parse(serviceOptions)),
    suite: suiteNamed(suite),
    clients,
    queryShare,
  });
  deployment.run(warmUpMs);
  const run = deployment.run(timeMs);
  deployment.close();
  return run;
}

const envelope = z.looseObject({ part: z.enum(['macs', 'messages', 'waking', 'execution', 'steps']) });

/** Parent and child are one program, of one build; this only keeps out what others send over the same channel. */
export function isTask(value: unknown): value is Task {
  return envelope.safeParse(value).success;
}

export function isResultOf<T extends Task>(
  value: unknown,
  { part }: T,
): value is { readonly value: TaskResults[T['part']] } {
  const parsed = envelope.safeParse(value);
  return parsed.success && parsed.data.part === part && 'value' in parsed.data;
}
