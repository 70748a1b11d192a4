/** The part of sodium-native's binding (libsodium's C functions, out-parameters first, status returned) that the suites call. */
declare module 'sodium-native/binding' {
  const binding: {
    /** Each array as its buffer, offset and length; `keyLength` 0 for a digest without a key. */
    readonly crypto_generichash: (
      output: ArrayBufferLike,
      outputOffset: number,
      outputLength: number,
      input: ArrayBufferLike,
      inputOffset: number,
      inputLength: number,
      key: ArrayBufferLike,
      keyOffset: number,
      keyLength: number,
    ) => number;
    readonly crypto_shorthash: (output: Uint8Array, input: Uint8Array, key: Uint8Array) => number;
  };
  export default binding;
}
