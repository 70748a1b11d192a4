import type { ClientId } from '../../../src/kernel/identifiers.ts';
import type { ClientContext } from '../../../src/kernel/participant.ts';
import type { QuMessage, Reply } from '../../../src/qu/message.ts';
import { QuPlan } from '../../../src/qu/qu-client.ts';
import { newestObjectCandidate, timestampOf } from '../../../src/qu/replica-history.ts';
import { INITIAL_TIMESTAMP, operationDigestOf, type Timestamp } from '../../../src/qu/timestamp.ts';
import { withApplied } from '../../../src/qu/version.ts';
import type { RcwMessage } from '../../../src/rcw/message.ts';
import { ReadThenWrite } from '../../../src/rcw/read-then-write.ts';
import { decodeValue, encodeValue, initialValue, type Value, valueDigest } from '../../../src/rcw/value.ts';
import { counterService, counterValue } from '../../../src/services/counter.ts';
import { copyOf } from '../../../src/wire/bytes.ts';
import { writeUint53 } from '../../../src/wire/integers.ts';
import { encodeRequest } from '../../../src/wire/request.ts';
import type { Dialect } from './byzantine-object-client.ts';

const NO_BYTES = new Uint8Array(0);
const service = counterService.create({});

const FETCH = { method: 'fetch', argument: NO_BYTES };
const INCREMENT = { method: 'increment', argument: NO_BYTES };
const OPERATIONS = [INCREMENT, FETCH, { method: 'increment', argument: new Uint8Array(1) }];

/** Requests to execute something. */
export function quDialect({ self, authentication }: ClientContext<QuMessage>, object: string): Dialect<QuMessage> {
  const planOf = (number: number, operation = INCREMENT) =>
    new QuPlan(
      operation === FETCH ? 'query' : 'update',
      encodeRequest(self, number, { object, ...operation }),
      authentication,
      [object],
    );
  return {
    look: planOf(0, FETCH),
    update: (requestNumber, operation) => planOf(requestNumber, OPERATIONS[operation]),
    see() {},
  };
}

/** Values whose versions it remembers. */
const KEPT_VALUES = 32;
const NO_VALUE = Uint8Array.of(0x91, 1);

/**
 * Values to write: one more than the version that it is conditioned on, the same, or the same with a table by which the next operations
 * of all others are done already, so that they would never happen. Of a version that it does not know it writes what is no value.
 */
export function rcwDialect(context: ClientContext<RcwMessage>, object: string): Dialect<RcwMessage> {
  const { self, authentication } = context;
  const initial = keyOf(INITIAL_TIMESTAMP);
  /** By digest, which the timestamps of copies have, too. */
  const known = new Map<string, Uint8Array>([[initial, initialValue(service, object).bytes]]);
  const remember = (key: string, value: Uint8Array) => {
    known.set(key, value);
    for (const oldest of known.keys()) if (oldest !== initial && known.size > KEPT_VALUES) known.delete(oldest);
  };
  return {
    look: new ReadThenWrite({ object, ...FETCH }, 0, service, context),
    update(requestNumber, operation, conditionedOn) {
      const bytes = known.get(keyOf(conditionedOn));
      const before = bytes === undefined ? undefined : decodeValue(bytes);
      const value = before === undefined ? NO_VALUE : valueAfter(before, self, requestNumber, operation);
      const updateDigest = valueDigest(authentication, new TextEncoder().encode(object), value);
      if (before !== undefined) remember(hex(updateDigest), value);
      return {
        updateDigest,
        updateRequest(common) {
          const body = { ...common, object, value };
          return (entries, tag) => ({ type: 'write', body, entries, tag });
        },
      };
    },
    see({ accepted, result, history }: Reply) {
      const newest = newestObjectCandidate(history);
      if (!accepted || newest === undefined || decodeValue(result) === undefined) return;
      remember(keyOf(timestampOf(newest)), copyOf(result));
    },
  };
}

function valueAfter({ state, applied }: Value, client: ClientId, number: number, operation: number): Uint8Array {
  const counted = copyOf(state);
  if (operation === 0) writeUint53(counted, 0, (counterValue(state) ?? 0) + 1);
  const table =
    operation < 2 ? applied : applied.map((entry) => ({ ...entry, number: entry.number + 1, result: counted }));
  return encodeValue({ state: counted, applied: withApplied(table, { client, number, result: counted }) });
}

function keyOf(timestamp: Timestamp): string {
  return hex(operationDigestOf(timestamp));
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
