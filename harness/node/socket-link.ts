import { timingSafeEqual } from 'node:crypto';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { ParticipantId } from '../../src/kernel/identifiers.ts';
import type { NodeNumber } from './addresses.ts';
import type { SocketAddress } from './control.ts';
import { EventCounts } from './event-counts.ts';
import { ForeseenFailure } from './failure-reason.ts';
import { type Link, LinkCounter, type MessageHandler, MOST_WAITING_BYTES } from './link.ts';
import { type ConnectionCounts, SocketConnection } from './socket-connection.ts';

const LOOPBACK = '127.0.0.1';
/** A stranger that connects and says nothing is sent away after this time. */
const HELLO_TIMEOUT_MS = 5_000;
/** Connections beyond those of the deployment's own nodes. */
const MOST_STRANGERS = 32;

export interface SocketLinkOptions {
  readonly self: NodeNumber;
  readonly replicas: number;
  /** Replicas and drivers. */
  readonly nodes: number;
  readonly token: string;
  readonly onMessage: MessageHandler;
  /** Called once a turn, after the turn's messages were handled and before they are written. */
  readonly onTurn: () => void;
}

/**
 * One connection to every peer: a node connects to the replicas with smaller numbers and is connected to by the others; drivers
 * don't talk to drivers. The first frame on a connection says which node it comes from.
 */
export class SocketLink implements Link {
  readonly #options: SocketLinkOptions;
  readonly #token: Buffer;
  readonly #peers: (SocketConnection | undefined)[];
  readonly #events = new EventCounts();
  readonly #strangers = new Set<SocketConnection>();
  readonly connectionCounts: ConnectionCounts = { reads: 0, writes: 0 };
  #server: Server | undefined;
  /** Connections that frames were appended to in this turn. */
  #dirty: SocketConnection[] = [];
  #missing: number;
  #onComplete: () => void = () => {};
  #closed = false;
  readonly #flush = (): void => this.#endTurn();

  constructor(options: SocketLinkOptions) {
    this.#options = options;
    this.#token = Buffer.from(options.token);
    this.#peers = new Array<SocketConnection | undefined>(options.nodes).fill(undefined);
    const isReplica = options.self < options.replicas;
    this.#missing = isReplica ? options.nodes - 1 : options.replicas;
  }

  get counters(): ReadonlyMap<string, number> {
    return this.#events.counts;
  }

  /** Resolves to the address in use. Rejects with a ForeseenFailure if it is taken or cannot be used. */
  listen(address: SocketAddress): Promise<SocketAddress> {
    return new Promise((resolve, reject) => {
      const server = createServer((socket) => this.#accept(socket));
      server.maxConnections = this.#options.nodes + MOST_STRANGERS;
      server.once('error', (error) => reject(listenFailure(address, error)));
      const listening = (): void => {
        const bound = server.address();
        const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
        resolve(address.transport === 'unix' ? address : { transport: 'tcp', port });
      };
      this.#server = server;
      if (address.transport === 'unix') server.listen(address.path, listening);
      else server.listen(address.port, LOOPBACK, listening);
    });
  }

  /** Resolves once every peer is connected, in both directions of dialling. */
  connect(addresses: readonly SocketAddress[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#onComplete = resolve;
      if (this.#missing === 0) resolve();
      for (const [replica, address] of addresses.entries()) {
        if (replica < this.#options.self) this.#dial(replica, address, reject);
      }
    });
  }

  /** Ends the connection to a node that is gone, even if its end has not been noticed yet. */
  disconnect(node: NodeNumber): void {
    this.#peers[node]?.close();
    this.#peers[node] = undefined;
    this.#missing++;
  }

  /** Connects to the node in its place; resolves once that is done. */
  reconnect(replica: NodeNumber, address: SocketAddress): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#onComplete = resolve;
      this.#dial(replica, address, reject);
    });
  }

  send(node: NodeNumber, from: ParticipantId, to: ParticipantId, payload: Uint8Array): void {
    const peer = this.#peers[node];
    if (peer === undefined) return this.#events.add(LinkCounter.unreachable);
    const waiting = peer.waitingBytes;
    if (waiting + payload.length > MOST_WAITING_BYTES) return this.#events.add(LinkCounter.congested);
    if (waiting === 0) {
      // After all sockets that were readable in this turn: a microtask would write after each one that was read, and every write
      // wakes a process, which costs as much as some tens of messages. Waiting for further turns measured no better.
      if (this.#dirty.length === 0) setImmediate(this.#flush);
      this.#dirty.push(peer);
    }
    peer.append(from, to, payload);
  }

  close(): void {
    this.#closed = true;
    this.#server?.close();
    for (const peer of this.#peers) peer?.close();
    for (const stranger of this.#strangers) stranger.close();
  }

  #endTurn(): void {
    this.#options.onTurn();
    const dirty = this.#dirty;
    this.#dirty = [];
    for (const connection of dirty) connection.flush();
  }

  #dial(replica: NodeNumber, address: SocketAddress, reject: (error: Error) => void): void {
    const socket =
      address.transport === 'unix' ? connect(address.path) : connect({ host: LOOPBACK, port: address.port });
    socket.once('error', (error) => {
      if (this.#peers[replica] === undefined) {
        reject(new ForeseenFailure(`could not connect to replica ${replica}: ${error.message}`));
      }
    });
    socket.once('connect', () => {
      const connection = this.#connection(socket, this.#options.onMessage, () => this.#lose(replica, connection));
      connection.append(this.#options.self, replica, this.#token);
      connection.flush();
      this.#join(replica, connection);
    });
  }

  #accept(socket: Socket): void {
    let from: NodeNumber | undefined;
    const timeout = setTimeout(() => this.#reject(connection), HELLO_TIMEOUT_MS);
    const { onMessage } = this.#options;
    const connection = this.#connection(
      socket,
      (sender, receiver, payload) => {
        if (from !== undefined) return onMessage(sender, receiver, payload);
        // What else stands in the chunk of a rejected connection is not read.
        if (!this.#strangers.has(connection)) return;
        if (!this.#isHello(sender, payload)) return this.#reject(connection);
        clearTimeout(timeout);
        this.#strangers.delete(connection);
        from = sender;
        this.#join(sender, connection);
      },
      () => {
        clearTimeout(timeout);
        this.#strangers.delete(connection);
        if (from !== undefined) this.#lose(from, connection);
      },
    );
    this.#strangers.add(connection);
  }

  #connection(socket: Socket, onFrame: MessageHandler, onClose: () => void): SocketConnection {
    const onMalformed = () => this.#events.add(LinkCounter.malformed);
    return new SocketConnection({ socket, counts: this.connectionCounts, onFrame, onMalformed, onClose });
  }

  /** From a node that connects to this one, is not connected yet, and knows the deployment's token. */
  #isHello(sender: NodeNumber, payload: Uint8Array): boolean {
    const { self, nodes } = this.#options;
    if (sender <= self || sender >= nodes || this.#peers[sender] !== undefined) return false;
    return payload.length === this.#token.length && timingSafeEqual(payload, this.#token);
  }

  #reject(connection: SocketConnection): void {
    this.#events.add(LinkCounter.unidentified);
    this.#strangers.delete(connection);
    connection.close();
  }

  #join(node: NodeNumber, connection: SocketConnection): void {
    if (this.#closed) return connection.close();
    this.#peers[node] = connection;
    this.#missing--;
    if (this.#missing === 0) this.#onComplete();
  }

  #lose(node: NodeNumber, connection: SocketConnection): void {
    if (this.#peers[node] === connection) this.#peers[node] = undefined;
  }
}

function listenFailure(address: SocketAddress, error: NodeJS.ErrnoException): ForeseenFailure {
  const place = address.transport === 'unix' ? `socket ${address.path}` : `port ${address.port} on ${LOOPBACK}`;
  if (error.code === 'EADDRINUSE') return new ForeseenFailure(`${place} is taken; end what uses it or choose another`);
  return new ForeseenFailure(`could not listen on ${place}: ${error.message}`);
}
