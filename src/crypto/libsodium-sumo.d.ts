/** The part of libsodium's WebAssembly build that the suites call: C functions over one heap, in which pointers are offsets. */
declare module 'libsodium-sumo' {
  interface Libsodium {
    /** The heap. Another array after an allocation that made the heap larger. */
    readonly HEAPU8: Uint8Array<ArrayBuffer>;
    /** 0 if there is no room. */
    readonly _malloc: (bytes: number) => number;
    readonly _free: (pointer: number) => void;
    /** BLAKE2b; a length of 64 bits is two numbers, `keyLength` 0 is a digest without a key. 0 if it succeeded. */
    readonly _crypto_generichash: (
      output: number,
      outputLength: number,
      input: number,
      inputLengthLow: number,
      inputLengthHigh: number,
      key: number,
      keyLength: number,
    ) => number;
    /** SipHash-2-4: 8 bytes of output, 16 of key. 0 if it succeeded. */
    readonly _crypto_shorthash: (
      output: number,
      input: number,
      inputLengthLow: number,
      inputLengthHigh: number,
      key: number,
    ) => number;
  }
  export default function instantiate(): Promise<Libsodium>;
}
