import { existsSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Command } from 'commander';
import { availableSuites, suiteNames, whyMissing } from '../../src/crypto/suites.ts';
import type { Calibration } from '../calibration/calibrate.ts';
import { calibrationPlan } from '../calibration/plan.ts';
import { costProfile } from '../costs/cost-profile.ts';
import { suggestion } from '../suites/nearest.ts';
import { UsageError } from '../suites/problem.ts';
import { calibrating } from './calibrating.ts';
import { costTable } from './cost-table.ts';
import type { CliEnvironment } from './environment.ts';
import { ExitCode } from './exit-code.ts';
import { RunFailure } from './run-failure.ts';

const EXAMPLES = `
Measure while nothing else runs: what others take of the caches and the clock makes everything slower.
Each cost is a time, and a time for each 1,024 bytes; ± is the spread of the samples, of fitted costs the median error of the fit.

Examples:
  $ qu-bench calibrate --out mine.json                 this machine, in some half an hour
  $ qu-bench run --runtime sim --costs mine.json       what it predicts
  $ qu-bench calibrate --out quick.json --short        to see that it works; not to rely on

Exit code: 0 if the profile is written, 1 if something could not be measured, 2 if the command was not understood, 130 after Ctrl-C.`;

interface CalibrateFlags {
  readonly out: string;
  readonly name: string;
  readonly mac?: string;
  readonly protocols?: string;
  readonly short?: true;
  readonly json?: true;
}

export function calibrateCommand(environment: CliEnvironment, onDone: (code: ExitCode) => void): Command {
  return new Command('calibrate')
    .summary('measure what operations cost on this machine')
    .description(
      'Measures MACs, encoding, execution, protocol steps and transports; writes a cost profile for simulation.',
    )
    .requiredOption('--out <file>', 'where to write the profile, a new file')
    .option('--name <name>', "the profile's name", 'measured')
    .option('--mac <names>', 'MAC suites, separated by commas (default: all that run here)')
    .option('--protocols <names>', 'protocols, separated by commas (default: all)')
    .option('--short', 'less time for each, and fewer sizes')
    .option('--json', 'print one JSON document instead of the table')
    .addHelpText('after', EXAMPLES)
    .action(async (flags: CalibrateFlags) => {
      await run(flags, environment);
      onDone(ExitCode.ok);
    });
}

async function run(flags: CalibrateFlags, environment: CliEnvironment): Promise<void> {
  const { catalog, stdout, workingDirectory } = environment;
  const file = resolve(workingDirectory, flags.out);
  refuseToOverwrite(file);
  const name = costProfile.shape.name.safeParse(flags.name);
  if (!name.success) throw new UsageError(`--name: ${name.error.issues[0]?.message ?? 'not a name'}`);
  const plan = calibrationPlan({
    suites: suitesNamed(flags.mac),
    services: catalog.services.map((service) => service.name),
    protocols: chosen('--protocols', 'protocol', flags.protocols, catalog.protocols),
    short: flags.short === true,
  });
  const calibration = await calibrating({ name: name.data, plan, quiet: false }, environment);
  write(file, calibration);
  stdout.write(
    flags.json === true
      ? `${JSON.stringify({ file, ...calibration }, null, 2)}\n`
      : `${costTable(calibration)}\nwritten to ${file}\n`,
  );
}

function refuseToOverwrite(file: string): void {
  if (existsSync(file)) throw new UsageError(`--out: ${file} exists; name a new file`);
  if (!existsSync(dirname(file))) throw new UsageError(`--out: there is no directory ${dirname(file)}`);
}

function write(file: string, { profile }: Calibration): void {
  try {
    writeFileSync(file, `${JSON.stringify(profile, null, 2)}\n`, { flag: 'wx' });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new RunFailure(`can't write the profile: ${reason}`, ExitCode.failed);
  }
}

function suitesNamed(names: string | undefined): readonly string[] {
  const available = availableSuites();
  if (names === undefined) return available.map(({ name }) => name);
  const known = suiteNames.map((name) => ({ name }));
  return chosen('--mac', 'MAC suite', names, known).map(({ name }) => {
    if (available.some((suite) => suite.name === name)) return name;
    throw new UsageError(`--mac: ${name} ${whyMissing()}`);
  });
}

/** Those of the entries that a flag names; all without it. */
function chosen<Entry extends { readonly name: string }>(
  flag: string,
  kind: string,
  names: string | undefined,
  entries: readonly Entry[],
): readonly Entry[] {
  if (names === undefined) return entries;
  const known = entries.map(({ name }) => name);
  return names.split(',').map((text) => {
    const name = text.trim();
    const entry = entries.find((candidate) => candidate.name === name);
    if (entry !== undefined) return entry;
    throw new UsageError(`${flag}: unknown ${kind} '${name}'${suggestion(name, known)}; there are ${known.join(', ')}`);
  });
}
