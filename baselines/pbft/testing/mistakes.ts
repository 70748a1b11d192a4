import {
  type Adversity,
  amnesia,
  equivocation,
  fewAsk,
  fewPrepare,
  type Harm,
  halfAuthenticated,
  repeatedBatch,
  strangeState,
  twoProposals,
} from './adversity.ts';

/** A mistake in one rule, which mutations.test.ts plants by its name, and the adversity that the rule is there for. */
export interface Mistake {
  readonly name: string;
  readonly adversity: Adversity;
  readonly breaks: Harm['breaks'];
  /** Seeds of which one must find it. */
  readonly mostSeeds: number;
}

export const mistakes: readonly Mistake[] = [
  { name: 'prepared forgotten at a view change', adversity: fewAsk, breaks: 'progress', mostSeeds: 10 },
  { name: 'prepared with 2f − 1', adversity: twoProposals, breaks: 'progress', mostSeeds: 5 },
  { name: 'committed with 2f', adversity: fewPrepare, breaks: 'history', mostSeeds: 10 },
  { name: 'new view with 2f', adversity: fewAsk, breaks: 'history', mostSeeds: 10 },
  { name: 'S without acks', adversity: halfAuthenticated, breaks: 'progress', mostSeeds: 10 },
  { name: 'no claim by others’ word', adversity: equivocation, breaks: 'progress', mostSeeds: 10 },
  { name: 'no reply cache', adversity: repeatedBatch, breaks: 'history', mostSeeds: 5 },
  { name: 'checkpoint of f others', adversity: strangeState, breaks: 'history', mostSeeds: 20 },
  { name: 'restarted, votes at once', adversity: amnesia, breaks: 'history', mostSeeds: 5 },
];
