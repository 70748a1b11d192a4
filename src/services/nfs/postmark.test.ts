import { describe, expect, test } from 'vitest';
import type { MethodKind } from '../../kernel/operation.ts';
import type { OperationSource } from '../../kernel/service.ts';
import { StateMachine } from '../state-machine.ts';
import { randomFrom } from '../testing/random-from.ts';
import { nfsService } from './nfs.ts';
import { decodeNfsResult } from './result.ts';
import { NfsStatus } from './status.ts';

const OPTIONS = { files: 20, directories: 4 };

interface Heard {
  readonly method: string;
  readonly objects: readonly string[];
  readonly status: number;
}

/** Sessions on one service, a step each in turn. */
function played(
  options: Readonly<Record<string, unknown>>,
  roots: readonly string[],
  rounds: number,
  queryShare: number,
) {
  const service = nfsService.create({ ...OPTIONS, ...options });
  const machine = new StateMachine(service);
  const random = randomFrom(7);
  const sources = roots.map((root, index) => service.operations(root, randomFrom(100 + index)));
  const heard: Heard[] = [];
  const step = (source: OperationSource, kind: MethodKind) => {
    const operation = source.next(kind);
    if (service.methods.get(operation.method) !== kind) throw new Error(`${operation.method} is no ${kind}`);
    const result = machine.execute(operation);
    source.heard?.(operation, result);
    const { object, others = [], method } = operation;
    heard.push({ method, objects: [object, ...others], status: decodeNfsResult(result)?.status ?? Number.NaN });
  };
  for (let round = 0; round < rounds; round++) {
    for (const source of sources) step(source, random() < queryShare ? 'query' : 'update');
  }
  return heard;
}

const shareOf = (heard: readonly Heard[], ...methods: string[]) =>
  heard.filter(({ method }) => methods.includes(method)).length / heard.length;

describe('a session on a tree of its own', () => {
  test('makes directories and files, then is never refused anything', () => {
    const heard = played({}, ['r'], 5_000, 0.4);
    expect(heard.filter(({ status }) => status !== NfsStatus.NFS3_OK)).toEqual([]);
    const updates = heard.filter(({ method }) => !['getattr', 'lookup', 'readdir'].includes(method));
    expect(updates.slice(0, 4).map(({ method }) => method)).toEqual(['mkdir', 'mkdir', 'mkdir', 'mkdir']);
    expect(updates.slice(4, 24).map(({ method }) => method)).toEqual(new Array(20).fill('create'));
  });

  test('does what PostMark does, in its shares', () => {
    const transactions = played({}, ['r'], 10_000, 0.4).slice(200);
    const updates = transactions.filter(({ method }) => method !== 'lookup' && method !== 'getattr');
    expect(shareOf(transactions, 'lookup')).toBeCloseTo(0.2, 1);
    expect(shareOf(transactions, 'getattr')).toBeCloseTo(0.2, 1);
    expect(shareOf(updates, 'setattr')).toBeCloseTo(1 / 3, 1);
    expect(shareOf(updates, 'create')).toBeCloseTo(1 / 3, 1);
    expect(shareOf(updates, 'remove')).toBeCloseTo(1 / 3, 1);
  });

  test('uses few objects, however long it goes on', () => {
    const objects = new Set(played({}, ['r'], 10_000, 0).flatMap(({ objects: named }) => named));
    expect(objects.size).toBeLessThanOrEqual(1 + 4 + 2 * 20 + 1);
  });

  test('renames by the share of renames, with three objects or two', () => {
    const heard = played({ appendShare: 0, renameShare: 1 }, ['r'], 2_000, 0).slice(24);
    expect(shareOf(heard, 'rename')).toBe(1);
    expect(heard.every(({ status }) => status === NfsStatus.NFS3_OK)).toBe(true);
    expect(new Set(heard.map(({ objects }) => objects.length))).toEqual(new Set([2, 3]));
  });

  test('queries alone ask for the root', () => {
    expect(new Set(played({}, ['r'], 20, 1).map(({ method, objects }) => `${method} ${objects.join()}`))).toEqual(
      new Set(['getattr r']),
    );
  });

  test('works on with all names taken, or none', () => {
    expect(shareOf(played({ createShare: 1, appendShare: 0 }, ['r'], 2_000, 0).slice(50), 'create')).toBeCloseTo(
      0.5,
      1,
    );
    expect(shareOf(played({ createShare: 0, appendShare: 0 }, ['r'], 2_000, 0).slice(50), 'create')).toBeCloseTo(
      0.5,
      1,
    );
  });
});

test('sessions on one tree are refused now and then, learn from it, and keep working', () => {
  const heard = played({ renameShare: 0.2 }, ['r', 'r', 'r', 'r'], 5_000, 0.4);
  const expected: number[] = [
    NfsStatus.NFS3_OK,
    NfsStatus.NFS3ERR_NOENT,
    NfsStatus.NFS3ERR_EXIST,
    NfsStatus.NFS3ERR_STALE,
    NfsStatus.ENTRY_CHANGED,
  ];
  expect(new Set(heard.map(({ status }) => status))).toEqual(new Set(expected));
  const late = heard.slice(heard.length / 2);
  expect(late.filter(({ status }) => status === NfsStatus.NFS3_OK).length / late.length).toBeGreaterThan(0.3);
  for (const method of ['setattr', 'create', 'remove', 'rename', 'lookup', 'getattr']) {
    expect(late.some((each) => each.method === method && each.status === NfsStatus.NFS3_OK)).toBe(true);
  }
});

test('options that would overfill directories are refused', () => {
  expect(nfsService.options.safeParse({ files: 101, directories: 1 }).success).toBe(false);
  expect(nfsService.options.safeParse({ files: 100, directories: 1 }).success).toBe(true);
});
