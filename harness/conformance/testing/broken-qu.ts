import { QuReplica } from '../../../src/qu/qu-replica.ts';

type Versions = QuReplica['versionAfter'];

/** Does not look whether it has carried out an operation before: executes it once more under every new timestamp. */
export class TableBlindQuReplica extends QuReplica {
  protected override versionAfter(...given: Parameters<Versions>): ReturnType<Versions> {
    const [before, ...rest] = given;
    return super.versionAfter({ ...before, applied: [] }, ...rest);
  }
}
