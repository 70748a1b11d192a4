import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { FakeRuntime } from '../measure/testing/fake-runtime.ts';
import { columns } from '../results/columns.ts';
import { processRuntime } from '../runtimes/process/process-runtime.ts';
import { CommandLine, rowsOf } from './testing/command-line.ts';

let line = new CommandLine();
afterEach(() => {
  line.remove();
  line = new CommandLine();
});

const QUICK = ['--warmup', '0.01', '--duration', '0.05', '--cooldown', '0', '--clients', '2'];

function commandLineWith(runtime: FakeRuntime): CommandLine {
  line.remove();
  line = new CommandLine(runtime);
  return line;
}

describe('a run in simulation', () => {
  test('prints CONFIG and RESULTS, and leaves everything behind', async () => {
    const ended = await line.run([
      'run',
      '--runtime',
      'sim',
      '--protocols',
      'pbft,unreplicated',
      '--faults',
      '1,2',
      ...QUICK,
    ]);
    expect(ended.code).toBe(0);
    expect(ended.stdout).toMatch(/^CONFIG\n/);
    expect(ended.stdout).toMatch(/\nRESULTS\na table of 6 rows\n/);
    for (const said of ['closed loop', 'simulated: virtual time', 'from the invocation at a client', 'hmac-sha256']) {
      expect(ended.stdout.split(said)).toHaveLength(3);
    }
    expect(
      ended.stderr
        .trimEnd()
        .split('\n')
        .map((text) => text.slice(0, 5)),
    ).toEqual(['[1/6]', '[2/6]', '[3/6]', '[4/6]', '[5/6]', '[6/6]']);

    const directory = join(line.directory, 'results', 'latest');
    expect(readdirSync(directory).sort()).toEqual([
      'costs.json',
      'manifest.json',
      'results.csv',
      'suite.yaml',
      'topology.yaml',
    ]);
    const rows = rowsOf(directory);
    expect(Object.keys(rows[0] ?? {})).toEqual(columns.map(({ name }) => name));
    expect(rows.map((row) => [row['protocol'], row['f'], row['repeat']].join(' ')).sort()).toEqual([
      'pbft 1 1',
      'pbft 1 2',
      'pbft 2 1',
      'pbft 2 2',
      'unreplicated 0 1',
      'unreplicated 0 2',
    ]);
    expect(rows.every((row) => row['verdict'] === 'valid')).toBe(true);
    expect([...new Set(rows.map((row) => row['run_id']))]).toEqual([expect.stringMatching(/^sim-local-[0-9a-f]{8}$/)]);
    expect(parse(readFileSync(join(directory, 'suite.yaml'), 'utf8'))).toMatchObject({
      name: 'local',
      faults: [1, 2],
      clients: [2],
    });
  });

  test('is repeated by the suite that it wrote', async () => {
    const first = await line.run(['run', '--runtime', 'sim', '--protocols', 'pbft', '--out', 'a', ...QUICK]);
    const second = await line.run(['run', join(line.directory, 'a', 'suite.yaml'), '--out', 'b']);
    expect([first.code, second.code]).toEqual([0, 0]);
    expect(rowsOf(join(line.directory, 'b'))).toEqual(rowsOf(join(line.directory, 'a')));
  });

  test('with --json prints one document', async () => {
    const ended = await line.run([
      'run',
      '--runtime',
      'sim',
      '--protocols',
      'unreplicated',
      '--repeat',
      '1',
      '--json',
      ...QUICK,
    ]);
    expect(JSON.parse(ended.stdout)).toMatchObject({
      end: 'finished',
      planned: 1,
      rows: [{ protocol: 'unreplicated', verdict: 'valid' }],
      report: { rows: 1 },
      suite: { name: 'local' },
    });
  });

  test('with --quiet prints results only', async () => {
    const ended = await line.run(['run', '--runtime', 'sim', '--protocols', 'unreplicated', '--quiet', ...QUICK]);
    expect([ended.stdout.slice(0, 8), ended.stderr]).toEqual(['RESULTS\n', '']);
  });

  test('on a terminal draws a bar', async () => {
    const ended = await line.run(['run', '--runtime', 'sim', '--protocols', 'unreplicated', ...QUICK], { isTTY: true });
    expect(ended.stderr).toContain('2/2');
    expect(ended.stderr).not.toContain('[2/2]');
  });

  test('with --histories writes every operation', async () => {
    await line.run([
      'run',
      '--runtime',
      'sim',
      '--protocols',
      'unreplicated',
      '--repeat',
      '1',
      '--histories',
      '--out',
      'a',
      ...QUICK,
    ]);
    const folder = join(line.directory, 'a', 'histories');
    const lines = readdirSync(folder).flatMap((page) => readFileSync(join(folder, page), 'utf8').trimEnd().split('\n'));
    expect(lines).toHaveLength(Number(rowsOf(join(line.directory, 'a'))[0]?.['checked_operations']));
  });
});

describe('simulated measurements on several threads', () => {
  const SWEEP = ['run', '--runtime', 'sim', '--protocols', 'qu,pbft,unreplicated', '--repeat', '2', ...QUICK];
  const bytesOf = (directory: string) => readFileSync(join(line.directory, directory, 'results.csv'));

  test('give the same bytes as in one, in the same order, and others with another seed', async () => {
    const one = await line.run([...SWEEP, '--jobs', '1', '--out', 'one']);
    const two = await line.run([...SWEEP, '--jobs', '2', '--out', 'two', '--histories']);
    await line.run([...SWEEP, '--jobs', '2', '--out', 'other', '--seed', '7']);
    expect([one.code, two.code, two.stderr]).toEqual([0, 0, expect.stringContaining('[6/6]')]);
    expect(bytesOf('two')).toEqual(bytesOf('one'));
    expect(bytesOf('other')).not.toEqual(bytesOf('one'));
    expect(readdirSync(join(line.directory, 'two', 'histories'))).toHaveLength(6);
  });

  test('only what a person can mean is taken for their number', async () => {
    expect((await line.run([...SWEEP, '--jobs', '0'])).stderr).toBe(
      "qu-bench: --jobs: '0' is not a whole number above 0\n",
    );
    const real = commandLineWith(new FakeRuntime());
    expect((await real.run(['run', '--runtime', 'fake', '--jobs', '2'])).stderr).toBe(
      'qu-bench: --jobs: only simulated measurements can share the cores, and none is asked for\n',
    );
  });
});

const ONE = [
  'run',
  '--runtime',
  'fake',
  '--protocols',
  'unreplicated',
  '--clients',
  '1',
  '--repeat',
  '4',
  '--out',
  'out',
];

describe('a run that does not come out well', () => {
  const verdicts = () => rowsOf(join(line.directory, 'out')).map((row) => row['verdict']);
  const errorLines = (stderr: string) => stderr.split('\n').filter((text) => text.startsWith('qu-bench: '));

  test('goes on after a replica died, keeps all rows, and says so once', async () => {
    const runtime = new FakeRuntime({ failAt: 'advance', failsFor: (launch) => launch === 2 });
    const ended = await commandLineWith(runtime).run(ONE);
    expect(ended.code).toBe(1);
    expect(verdicts()).toEqual(['valid', 'invalid', 'valid', 'valid']);
    expect(errorLines(ended.stderr)).toEqual([
      expect.stringMatching(
        /^qu-bench: 1 of 4 measurements not valid, the first: unreplicated f = 0, 1 clients, repeat 2: replica 0 died/,
      ),
    ]);
    expect(ended.stdout).toContain('RESULTS\na table of 4 rows');
  });

  test('gives up when nodes never come up', async () => {
    const ended = await commandLineWith(new FakeRuntime({ failAt: 'launch' })).run(ONE);
    expect(ended.code).toBe(1);
    expect(verdicts()).toEqual(['invalid', 'invalid', 'invalid']);
    expect(errorLines(ended.stderr)).toEqual([
      expect.stringMatching(/^qu-bench: gave up after 3 failures in a row: 3 of 3 measurements not valid/),
    ]);
  });

  test('with broken safety is a failure', async () => {
    const history = new FakeRuntime({
      history: (operations) => operations.map((operation) => ({ ...operation, value: 1 })),
    });
    const ended = await commandLineWith(history).run(ONE);
    expect(ended.code).toBe(1);
    expect(ended.stdout).toContain('4 rows, 4 not valid');
    expect(errorLines(ended.stderr)[0]).toContain('safety broken: object-0: value 1 was returned twice');
  });

  test('warns of a driver that may be the limit, and is valid', async () => {
    const ended = await commandLineWith(new FakeRuntime({ driverShare: 0.95 })).run(ONE);
    expect(ended.code).toBe(0);
    expect(ended.stderr).toContain('valid: warning: a client driver used 95 % of a core');
    expect(rowsOf(join(line.directory, 'out'))[0]?.['verdict_reason']).toContain('use more drivers');
  });

  test('warns of requests that timed out, and is valid', async () => {
    const ended = await commandLineWith(new FakeRuntime({ retries: 0.25 })).run(ONE);
    expect(ended.code).toBe(0);
    expect(ended.stderr).toContain('valid: warning: requests timed out, 0.25 sent again per operation');
    expect(rowsOf(join(line.directory, 'out'))[0]?.['verdict_reason']).toContain('overload or loss');
  });

  test('that is interrupted closes the deployment, keeps what is finished and reports on it', async () => {
    let launches = 0;
    const runtime = new FakeRuntime({
      failsFor: (launch) => {
        launches = launch;
        return false;
      },
      onAdvance: () => {
        if (launches === 3) line.interrupt.abort();
      },
    });
    const ended = await commandLineWith(runtime).run(ONE);
    expect(ended.code).toBe(130);
    expect(verdicts()).toEqual(['valid', 'valid']);
    expect(runtime.calls.at(-1)).toBe('close');
    expect(ended.stdout).toContain('RESULTS\na table of 2 rows');
    expect(errorLines(ended.stderr)).toEqual([
      `qu-bench: interrupted: 2 of 4 measurements are finished and kept in ${join(line.directory, 'out')}`,
    ]);
  });

  test('because a port is taken is told in one line', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const address = taken.address();
    const firstPort = typeof address === 'object' ? (address?.port ?? 0) : 0;
    line.remove();
    line = new CommandLine(processRuntime({ name: 'fake', transport: 'tcp', firstPort }));
    const ended = await line.run([...ONE, '--repeat', '1', '--drivers', '1']);
    taken.close();
    expect(ended.code).toBe(1);
    expect(errorLines(ended.stderr)).toEqual([
      expect.stringMatching(/^qu-bench: 1 of 1 measurements not valid, .* replica 0 failed: port \d+ .* is taken/),
    ]);
    expect(verdicts()).toEqual(['invalid']);
  });

  test('for a reason of the program’s own shows a stack trace only when asked', async () => {
    const failure = new TypeError('x is not a function');
    const failing = () =>
      commandLineWith(new FakeRuntime({ failAt: 'sample', failure, failsFor: (launch) => launch === 2 }));
    const ended = await failing().run(ONE);
    expect(ended.code).toBe(1);
    expect(errorLines(ended.stderr)).toEqual([
      'qu-bench: x is not a function (unforeseen; QU_BENCH_DEBUG=1 shows where)',
    ]);
    expect(ended.stderr).not.toContain('    at ');
    expect(verdicts()).toEqual(['valid']);
    expect((await failing().run(ONE, { debug: true })).stderr).toContain('    at ');
  });
});

describe('what is not understood is one line, exit code 2, and nothing is run', () => {
  test.each<readonly [string, string]>([
    [
      'run --protocols pbtf',
      "--protocols: unknown protocol 'pbtf' (did you mean 'pbft'?); there are qu, pbft, unreplicated",
    ],
    ['run lokal', "unknown suite 'lokal' (did you mean 'local'?); there are contention, fault-scalability, local, "],
    ['run no.yaml', 'there is no suite file no.yaml'],
    ['run --faults 0', '--faults: 0 is outside the range of faults, 1 to 50'],
    ['run --faults 3..1', '--faults: the range 3..1 runs backwards'],
    ['run --faults one', "--faults: 'one' is neither a whole number nor a range such as 1..3"],
    ['run --runtime cloud', "--runtime: unknown runtime 'cloud'; there are sim"],
    [
      'run --service cuonter',
      "--service: unknown service 'cuonter' (did you mean 'counter'?); there are counter, kv, nfs, null",
    ],
    [
      'run --service null --service-set bytes=1',
      "--service-set bytes: service null has no option 'bytes'; it has requestBytes, replyBytes",
    ],
    ['run --service-set bytes', "--service-set: 'bytes' is not of the form <key=value>"],
    ['run --mac md5', "--mac: unknown MAC suite 'md5'; there are hmac-sha256, blake3, blake2b, siphash-2-4"],
    [
      'run --protocols pbft --set pbft.batchLimt=1',
      "--set pbft.batchLimt: pbft has no option 'batchLimt' (did you mean 'batchLimit'?)",
    ],
    ['run --protocols pbft --set pbft.batchLimit=many', '--set pbft.batchLimit: expected number, received string'],
    [
      'run --protocols unreplicated --set pbft.window=1',
      '--set pbft: pbft is not among the protocols of this run: unreplicated',
    ],
    ['run --set window=1', "--set: 'window=1' is not of the form <protocol.option=value>"],
    ['run --repeat 1.5', '--repeat: must be a whole number'],
    ['run --repeat some', "--repeat: 'some' is not a number"],
    ['run --duration 0', '--duration: Too small: expected number to be >=0.001'],
    ['run --queries 1.5', '--queries: Too big: expected number to be <=1'],
    ['run --clients 0', '--clients: 0 is outside the range of clients, 1 to 10000'],
    ['run --objects both', '--objects: Invalid option: expected one of "private"|"shared"'],
    ['run --short', '--short: suite local has no short form'],
    [
      'run --out /proc/qu-bench',
      "can't write results to /proc/qu-bench: no directory can be made there; name another directory with --out",
    ],
    ['run --colour', "unknown option '--colour'"],
    ['run --fault 1', "unknown option '--fault' (Did you mean --faults?)"],
    ['report', "missing required argument 'directory'"],
    ['list things', "command-argument value 'things' is invalid for argument 'kind'."],
    ['rnu', "unknown command 'rnu' (Did you mean run?)"],
  ])('%s', async (command, message) => {
    const ended = await line.run(
      command
        .split(' ')
        .concat(/^run( -|$)/.test(command) && !command.includes('--runtime') ? ['--runtime', 'sim'] : []),
    );
    expect(ended.stderr).toMatch(/^qu-bench: [^\n]*\n$/);
    expect(ended.stderr).toContain(message);
    expect([ended.code, ended.stdout]).toEqual([2, '']);
    expect(existsSync(join(line.directory, 'results'))).toBe(false);
  });

  test('a directory that exists', async () => {
    const ended = await line.run(['run', '--runtime', 'sim', '--protocols', 'unreplicated', '--out', '.', ...QUICK]);
    expect([ended.code, ended.stderr]).toEqual([
      2,
      `qu-bench: --out: ${line.directory} exists; name a new directory\n`,
    ]);
  });

  test('a suite file with a wrong key', async () => {
    const file = join(line.directory, 'mine.yaml');
    writeFileSync(file, 'name: mine\ntitle: Mine\nsummary: x\nfaluts: 1\n');
    const ended = await line.run(['run', file]);
    expect([ended.code, ended.stderr]).toEqual([
      2,
      `qu-bench: ${file}:4: faluts: unknown key 'faluts' (did you mean 'faults'?)\n`,
    ]);
  });
});
