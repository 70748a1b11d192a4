/** The part of sodium-native (libsodium's C functions, out-parameters first) that the suites call. */
declare module 'sodium-native' {
  const sodium: {
    readonly crypto_generichash: (output: Uint8Array, input: Uint8Array, key?: Uint8Array) => void;
    readonly crypto_shorthash: (output: Uint8Array, input: Uint8Array, key: Uint8Array) => void;
  };
  export default sodium;
}
