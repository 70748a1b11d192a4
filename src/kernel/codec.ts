/** How a protocol's messages become bytes. */
export interface MessageCodec<Message> {
  /** Names of the message kinds, each at the index that is the first field of its messages; for costs and traces. */
  readonly kinds: readonly string[];
  encode(message: Message): Uint8Array;
  /**
   * The message, checked in every field, or undefined if the bytes are not one. Never throws. Byte fields are views of `bytes`:
   * a participant copies what it keeps beyond the step.
   */
  decode(bytes: Uint8Array): Message | undefined;
}
