import { CountedAuthentication } from '../../src/crypto/counted-authentication.ts';
import type { MacSuite } from '../../src/crypto/mac-suite.ts';
import type { MacCosts } from '../costs/cost-profile.ts';
import { stepBenchmark } from '../micro/micro-benchmark.ts';
import { measureCost } from './measured-cost.ts';

const SIZES = [32, 256, 1024, 8192];
/** Peers whose keys take turns, as in a run: replicas at f = 5 of Q/U. */
const PEERS = 26;
const STEPS = PEERS * 4;

/** Tags made and checked, and digests, through the counted authentication that participants use. */
export async function measureMacs(suite: MacSuite, timeMs: number): Promise<MacCosts> {
  const self = new CountedAuthentication(suite, new Uint8Array(32), 0);
  const tags = new Uint8Array(suite.tagBytes * PEERS);
  const messages = SIZES.map((bytes) => Uint8Array.from({ length: bytes }, (_, index) => index * 7));
  const each = (name: string, step: (message: Uint8Array, peer: number) => unknown) =>
    measureCost(
      messages.map((message) => {
        let peer = 0;
        const next = () => {
          peer = (peer + 1) % PEERS;
          return step(message, peer);
        };
        return { bytes: message.length, benchmark: stepBenchmark(suite.name, name, next, STEPS) };
      }),
      timeMs,
    );
  return {
    generate: await each('generate', (message, peer) => self.generate(peer, message, tags, peer * suite.tagBytes)),
    verify: await measureVerify(suite, messages, each),
    digest: await each('digest', (message) => self.digest(message)),
  };
}

function measureVerify(
  suite: MacSuite,
  messages: readonly Uint8Array[],
  each: (name: string, step: (message: Uint8Array, peer: number) => unknown) => Promise<MacCosts['verify']>,
): Promise<MacCosts['verify']> {
  const receiver = new CountedAuthentication(suite, new Uint8Array(32), PEERS);
  const tagsOf = new Map(
    messages.map((message) => {
      const tags = new Uint8Array(suite.tagBytes * PEERS);
      for (let peer = 0; peer < PEERS; peer++) {
        new CountedAuthentication(suite, new Uint8Array(32), peer).generate(
          PEERS,
          message,
          tags,
          peer * suite.tagBytes,
        );
      }
      return [message, tags];
    }),
  );
  return each('verify', (message, peer) => {
    const valid = receiver.verify(peer, message, tagsOf.get(message) ?? message, peer * suite.tagBytes);
    if (!valid) throw new Error(`${suite.name}: a tag of its own making is not valid`);
    return valid;
  });
}
