import { describe, expect, test } from 'vitest';
import { FIRST_CLIENT } from '../../src/kernel/identifiers.ts';
import { counterValue } from '../../src/services/counter.ts';
import { Execution } from './execution.ts';
import type { Message } from './message.ts';
import { loneBackup, PRIMARY, prePrepare, query, service, update, vote } from './testing/lone-replica.ts';
import { ViewChanger } from './view-changer.ts';

const READER = FIRST_CLIENT + 1;

/** The replies among what was sent since the last call: number, value, and whether it is tentative. */
function replies(sent: Message[]) {
  return sent.splice(0).flatMap((message) => {
    if (message.type !== 'reply') return [];
    return [{ number: message.number, value: counterValue(message.result), tentative: message.tentative }];
  });
}

/** A backup whose batch of one increment is prepared, and not committed. */
function withPrepared(options = {}, execute?: Parameters<typeof loneBackup>[1]) {
  const backup = loneBackup(options, execute);
  const proposal = prePrepare(1, 1);
  backup.agreement.onPrePrepare(PRIMARY, proposal);
  backup.agreement.onPrepare(2, vote(2, 'prepare', proposal));
  const commit = () => {
    for (const from of [2, 3]) backup.agreement.onCommit(from, vote(from, 'commit', proposal));
  };
  return { ...backup, commit };
}

describe('tentative execution', () => {
  test('answers once when prepared, and says so', () => {
    const { sent, commit } = withPrepared();
    expect(replies(sent)).toEqual([{ number: 1, value: 1, tentative: true }]);
    commit();
    expect(replies(sent)).toEqual([]);
  });

  test('off: answers when committed', () => {
    const { sent, commit } = withPrepared({ tentative: false });
    expect(replies(sent)).toEqual([]);
    commit();
    expect(replies(sent)).toEqual([{ number: 1, value: 1, tentative: false }]);
  });

  test('waits for all lower sequence numbers to commit', () => {
    const { sent, agreement, commit } = withPrepared();
    const second = prePrepare(2, 1, READER);
    agreement.onPrePrepare(PRIMARY, second);
    agreement.onPrepare(2, vote(2, 'prepare', second));
    expect(replies(sent)).toEqual([{ number: 1, value: 1, tentative: true }]);
    commit();
    expect(replies(sent)).toEqual([{ number: 1, value: 2, tentative: true }]);
  });

  test('is undone without a trace, and the same request is executed again', () => {
    const { state } = withPrepared();
    const untouched = new Execution(service).snapshot();
    expect(state.clients.find(FIRST_CLIENT)?.executed).toBe(1);
    state.undoTentative();
    expect(state.clients.find(FIRST_CLIENT)?.executed).toBe(0);
    expect(state.execution.snapshot()).toEqual(untouched);
    expect(state.execution.executed).toBe(0);
  });

  test('is undone when the view is left', () => {
    const { state, agreement, checkpointing } = withPrepared();
    new ViewChanger(state, agreement, checkpointing).start(1);
    expect(state.execution.isTentative).toBe(false);
    expect(state.clients.find(FIRST_CLIENT)?.executed).toBe(0);
  });

  test('happens in a view only', () => {
    const { sent, state, agreement } = withPrepared();
    replies(sent);
    state.undoTentative();
    state.active = false;
    agreement.advance();
    expect(replies(sent)).toEqual([]);
  });
});

/** Whether a query that comes while a batch is tentative is answered, and what is answered in the end. */
function readsWhileTentative(execute?: Parameters<typeof loneBackup>[1]) {
  const { sent, queries, commit } = withPrepared({}, execute);
  replies(sent);
  queries.onQuery(READER, query(READER, 1));
  const early = replies(sent);
  commit();
  return { early, late: replies(sent) };
}

describe('queries', () => {
  test('are answered at once from committed state', () => {
    const { sent, queries } = loneBackup();
    queries.onQuery(READER, query(READER, 1));
    expect(replies(sent)).toEqual([{ number: 1, value: 0, tentative: false }]);
  });

  test('wait while a batch is tentative, and are answered before the next one is', () => {
    expect(readsWhileTentative()).toEqual({ early: [], late: [{ number: 1, value: 1, tentative: false }] });
  });

  test('see tentative state if they do not wait (planted mistake)', () => {
    class AlwaysSettled extends Execution {
      override get isSettled(): boolean {
        return true;
      }
    }
    const { early } = readsWhileTentative((given) => new AlwaysSettled(given));
    expect(early).toEqual([{ number: 1, value: 1, tentative: false }]);
  });

  test('wait from the end of a view until what the next one chose is executed', () => {
    const { sent, state, queries, agreement } = withPrepared();
    replies(sent);
    state.undoTentative();
    state.active = false;
    queries.onQuery(READER, query(READER, 1));
    agreement.advance();
    expect(replies(sent)).toEqual([]);
    state.active = true;
    state.chosenUpTo = 1;
    state.log.find(1)?.resetBallot();
    agreement.advance();
    expect(replies(sent)).toEqual([]);
    state.chosenUpTo = 0;
    agreement.advance();
    expect(replies(sent)).toEqual([{ number: 1, value: 0, tentative: false }]);
  });

  test('of a client that asks anew the latest is answered', () => {
    const { sent, queries, commit } = withPrepared();
    replies(sent);
    for (const number of [2, 3, 1]) queries.onQuery(READER, query(READER, number));
    commit();
    expect(replies(sent)).toEqual([{ number: 3, value: 1, tentative: false }]);
  });

  test('are dropped if they are updates, or not the sender’s', () => {
    const { sent, queries } = loneBackup();
    const { request, authenticator } = query(READER, 1);
    queries.onQuery(FIRST_CLIENT, { type: 'query', request, authenticator });
    queries.onQuery(READER, { type: 'query', request, authenticator: authenticator.map((byte) => byte ^ 1) });
    queries.onQuery(READER, { ...update(READER, 1), type: 'query' });
    expect(sent).toEqual([]);
  });
});
