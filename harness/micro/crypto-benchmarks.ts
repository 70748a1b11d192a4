import { CountedAuthentication } from '../../src/crypto/counted-authentication.ts';
import { availableSuites } from '../../src/crypto/suites.ts';
import { type MicroBenchmark, stepBenchmark } from './micro-benchmark.ts';

/** What tags are made over: a digest, a digest with a header, an update's tag input. */
const TAGGED_BYTES = [32, 47, 96];
const DIGESTED_BYTES = [32, 300, 4096];
/** Peers that an authenticator speaks to: 4b at b = 1, 2 and 5. */
const AUTHENTICATOR_PEERS = [4, 8, 20];

/** MACs, digests and authenticators under every suite of this platform. */
export function cryptoBenchmarks(): readonly MicroBenchmark[] {
  return availableSuites().flatMap((suite) => {
    const sender = new CountedAuthentication(suite, new Uint8Array(32), 0);
    const receiver = new CountedAuthentication(suite, new Uint8Array(32), 1);
    const tags = new Uint8Array(suite.tagBytes * 32);
    const group = suite.name;
    return [
      ...TAGGED_BYTES.flatMap((length) => {
        const message = new Uint8Array(length).fill(length);
        const tag = new Uint8Array(suite.tagBytes);
        sender.generate(1, message, tag, 0);
        return [
          stepBenchmark(group, `generate, ${length} B`, () => sender.generate(1, message, tags, 0)),
          stepBenchmark(group, `verify, ${length} B`, () => receiver.verify(0, message, tag, 0)),
        ];
      }),
      ...DIGESTED_BYTES.map((length) => {
        const message = new Uint8Array(length).fill(length);
        return stepBenchmark(group, `digest, ${length} B`, () => sender.digest(message));
      }),
      ...AUTHENTICATOR_PEERS.map((peers) => {
        const digest = sender.digest(tags);
        return stepBenchmark(group, `authenticator of ${peers} tags over a digest`, () => {
          for (let peer = 1; peer <= peers; peer++) sender.generate(peer, digest, tags, peer * suite.tagBytes);
        });
      }),
    ];
  });
}
