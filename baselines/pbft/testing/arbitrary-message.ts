import fc from 'fast-check';
import type { Message } from '../message.ts';

export const REPLICAS = 4;

const bytes = (minLength: number, maxLength: number) => fc.uint8Array({ minLength, maxLength });
const number = fc.oneof(fc.nat(), fc.integer({ min: 0, max: 2 ** 48 }));
const digest = bytes(32, 32);
const authenticator = bytes(1, REPLICAS * 64);
const body = bytes(0, 300);

/** Well-formed messages with arbitrary fields. */
export const arbitraryMessage: fc.Arbitrary<Message> = fc.oneof(
  fc.record({ type: fc.constantFrom('request' as const, 'query' as const), request: body, authenticator }),
  fc.record({ type: fc.constant('prePrepare' as const), view: number, sequence: number, batch: body, authenticator }),
  fc.record({
    type: fc.constantFrom('prepare' as const, 'commit' as const),
    view: number,
    sequence: number,
    digest,
    authenticator,
  }),
  fc.record({
    type: fc.constant('reply' as const),
    view: number,
    number,
    tentative: fc.boolean(),
    digested: fc.boolean(),
    result: body,
    tag: bytes(1, 64),
  }),
  fc.record({ type: fc.constant('checkpoint' as const), sequence: number, digest, authenticator }),
  fc.record({ type: fc.constantFrom('viewChange' as const, 'newView' as const), body, authenticator }),
  fc.record({
    type: fc.constant('viewChangeAck' as const),
    view: number,
    author: fc.nat({ max: REPLICAS }),
    digest,
    tag: bytes(1, 64),
  }),
  fc.record({
    type: fc.constant('status' as const),
    view: number,
    active: fc.boolean(),
    stable: number,
    executed: number,
    authenticator,
  }),
  fc.record({ type: fc.constant('rejoin' as const), incarnation: number, authenticator }),
  fc.record({
    type: fc.constant('rejoinReport' as const),
    incarnation: number,
    prepared: number,
    asked: number,
    tag: bytes(1, 64),
  }),
  fc.record({ type: fc.constant('fetchState' as const), sequence: number, authenticator }),
  fc.record({ type: fc.constant('state' as const), sequence: number, snapshot: body }),
  fc.record({ type: fc.constant('fetchBatch' as const), digest, authenticator }),
  fc.record({ type: fc.constant('batchBody' as const), batch: body, bodies: fc.array(body, { maxLength: 3 }) }),
);
