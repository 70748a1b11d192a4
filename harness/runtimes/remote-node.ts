import { nodeName } from '../node/addresses.ts';
import type { ControlAnswer, ControlRequest, NodeMessage, RequestEnvelope } from '../node/control.ts';
import { type NodeRole, RuntimeFailure } from './runtime.ts';

/** How a runtime reaches one of its nodes. */
export interface NodeChannel {
  post(envelope: RequestEnvelope): void;
  /** Ends the node at once, whatever it does. */
  kill(): void;
  /** Resolves when the node is gone. */
  readonly gone: Promise<void>;
}

interface Pending {
  resolve(answer: ControlAnswer): void;
  reject(failure: RuntimeFailure): void;
}

type Answer<Type extends ControlAnswer['type']> = Extract<ControlAnswer, { readonly type: Type }>;

/** A node as its parent sees it: asks, awaits answers, and learns when the node ends unasked. */
export class RemoteNode {
  readonly role: NodeRole;
  readonly name: string;
  readonly #channel: NodeChannel;
  readonly #onFailure: (failure: RuntimeFailure) => void;
  readonly #pending = new Map<number, Pending>();
  #nextId = 0;
  #failure: RuntimeFailure | undefined;
  #retired = false;

  /** `onFailure` is called at most once, when the node has failed or died. */
  constructor(role: NodeRole, channel: NodeChannel, onFailure: (failure: RuntimeFailure) => void) {
    this.role = role;
    this.name = nodeName(role);
    this.#channel = channel;
    this.#onFailure = onFailure;
  }

  get gone(): Promise<void> {
    return this.#channel.gone;
  }

  /** Rejects with a RuntimeFailure if the node ends before it has answered. */
  async ask<Type extends ControlAnswer['type']>(request: ControlRequest, type: Type): Promise<Answer<Type>> {
    const answer = await new Promise<ControlAnswer>((resolve, reject) => {
      if (this.#failure !== undefined) return reject(this.#failure);
      const id = this.#nextId++;
      this.#pending.set(id, { resolve, reject });
      this.#channel.post({ id, request });
    });
    if (isAnswer(answer, type)) return answer;
    throw new RuntimeFailure(`${this.name} answered '${request.type}' with '${answer.type}'; is the build up to date?`);
  }

  /** To be called by the runtime for everything that the node says. */
  heard(message: NodeMessage): void {
    if (message.type === 'failed') return this.failed(message.reason);
    const pending = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    pending?.resolve(message.answer);
  }

  /** To be called by the runtime when the node has ended; the first reason counts. */
  failed(reason: string): void {
    if (this.#failure !== undefined) return;
    this.#failure = new RuntimeFailure(`${this.name} failed: ${reason}`);
    for (const { reject } of this.#pending.values()) reject(this.#failure);
    this.#pending.clear();
    if (!this.#retired) this.#onFailure(this.#failure);
  }

  kill(): void {
    this.#channel.kill();
  }

  /** Kills the node on purpose: nobody is told of a failure. Resolves when it is gone. */
  async retire(): Promise<void> {
    this.#retired = true;
    this.kill();
    await this.gone;
  }
}

function isAnswer<Type extends ControlAnswer['type']>(answer: ControlAnswer, type: Type): answer is Answer<Type> {
  return answer.type === type;
}
