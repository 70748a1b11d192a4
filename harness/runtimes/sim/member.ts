import { noCrypto } from '../../../src/crypto/counted-authentication.ts';
import type { Replica } from '../../../src/kernel/participant.ts';
import type { Microseconds } from '../../../src/kernel/time.ts';
import type { ParticipantHost } from '../../node/participant-host.ts';
import type { NodeCharges } from './charges.ts';
import type { CountedService } from './counted-service.ts';
import type { VirtualTimers } from './virtual-timers.ts';

/** A participant that lives on a simulated node. */
export class Member {
  readonly host: ParticipantHost;
  readonly participant: Replica<Uint8Array>;
  readonly timers: VirtualTimers;
  /** What of its cryptography has been charged. */
  readonly #charged = noCrypto();

  constructor(host: ParticipantHost, participant: Replica<Uint8Array>, timers: VirtualTimers) {
    this.host = host;
    this.participant = participant;
    this.timers = timers;
  }

  /** What the cryptography and executions cost that its steps have counted and it was not yet charged for; it is charged for them now. */
  charge({ generated, verified, digested, executed }: NodeCharges, service: CountedService): Microseconds {
    const charged = this.#charged;
    const { counts } = this.host.authentication;
    const us =
      (counts.macsGenerated - charged.macsGenerated) * generated.us +
      (counts.bytesTagged - charged.bytesTagged) * generated.usPerByte +
      (counts.macsVerified - charged.macsVerified) * verified.us +
      (counts.bytesVerified - charged.bytesVerified) * verified.usPerByte +
      (counts.digests - charged.digests) * digested.us +
      (counts.bytesDigested - charged.bytesDigested) * digested.usPerByte +
      service.executions * executed.us +
      service.bytes * executed.usPerByte;
    charged.macsGenerated = counts.macsGenerated;
    charged.bytesTagged = counts.bytesTagged;
    charged.macsVerified = counts.macsVerified;
    charged.bytesVerified = counts.bytesVerified;
    charged.digests = counts.digests;
    charged.bytesDigested = counts.bytesDigested;
    service.executions = 0;
    service.bytes = 0;
    return us;
  }
}
